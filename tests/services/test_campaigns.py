"""What marketing writes of its campaigns: it holds before what came in, and out and in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.campaigns import Campaign
from app.domain.errors import BadInput, NotFound
from app.domain.events import EventType
from app.domain.ids import rules_subject
from app.services.campaigns import Campaigns, KnownCampaign
from app.services.guidance import Guiding
from app.services.importing import Importing
from app.services.settings_file import SettingsFile
from app.services.templates import Templates
from app.store import ledger
from app.store.events import events_of
from tests.services.desk import Desk
from tests.store.building import said

SPRING = Campaign("Spring", "Ends Friday", ("A1",), date(2019, 3, 2), date(2019, 3, 2))


@pytest.fixture
def campaigns(desk: Desk) -> Campaigns:
    """“Spring” came in, with a touch of Kwame’s."""
    desk.take(said("1", "kwame", "Where is my Duo?"))
    _market(desk, "@kwame,Spring,sent,2019-03-02,Ends Friday,A1")
    return Campaigns(desk.workspace, desk.directory)


def _market(desk: Desk, line: str) -> None:
    told = [b"customer,campaign,touch,time,brief,codes\n", f"{line}\n".encode()]
    list(Importing(desk.workspace, desk.directory).marketing(told))


def _brief(desk: Desk, of: str = "Spring") -> tuple[str, tuple[str, ...]]:
    """What whoever answers Kwame reads."""
    customer = desk.customers.resolve("@kwame").result()
    (view,) = (one for one in desk.customers.card(customer).result().campaigns if one.name == of)
    return view.brief, view.codes


def test_what_is_written_of_an_imported_campaign_holds_instead(
    desk: Desk, campaigns: Campaigns
) -> None:
    assert campaigns.all().result() == (KnownCampaign(SPRING, written=False, came_in=True),)
    better = replace(SPRING, brief=" Ended Friday. ", codes=("B2", "B2", " "), ends=None)
    campaigns.save(better, was="Spring").result()
    (known,) = campaigns.all().result()
    assert (known.written, known.came_in, known.now.brief) == (True, True, "Ended Friday.")
    assert _brief(desk) == ("Ended Friday.", ("B2",))
    _market(desk, "@kwame,Spring,bought,2019-03-09,Still on,C3")
    assert _brief(desk) == ("Ended Friday.", ("B2",))
    campaigns.forget("Spring").result()
    assert _brief(desk) == ("Still on", ("A1", "C3"))
    with pytest.raises(NotFound, match="“Spring”"):
        campaigns.forget("Spring").result()


def test_one_that_is_named_oddly_is_not_doubled(desk: Desk, campaigns: Campaigns) -> None:
    _market(desk, "@kwame,Late  Spring  2,sent,2019-04-02,Ends Friday,A1")
    late, _ = campaigns.all().result()
    assert late.now.name == "Late  Spring  2"
    campaigns.save(replace(late.now, brief="Over"), was=late.now.name).result()
    assert [one.now.brief for one in campaigns.all().result()] == ["Over", "Ends Friday"]
    assert _brief(desk, of="Late  Spring  2") == ("Over", ("A1",))


def test_the_guard_knows_the_coupons_that_are_written(desk: Desk, campaigns: Campaigns) -> None:
    templates = Templates(desk.workspace, desk.directory)
    guiding = Guiding(desk.workspace, desk.directory, templates, desk.clock)
    case = desk.only_case()
    assert guiding.beside(case).result().codes == ("A1",)
    campaigns.save(replace(SPRING, codes=("B2",))).result()
    campaigns.save(Campaign("Winter", codes=("W3",))).result()
    assert guiding.beside(case).result().codes == ("B2", "W3")


def test_one_that_is_written_can_be_called_otherwise(campaigns: Campaigns) -> None:
    campaigns.save(Campaign("Wintr", starts=date(2020, 1, 1))).result()
    campaigns.save(Campaign("Winter", starts=date(2020, 1, 1)), was="Wintr").result()
    assert [one.now.name for one in campaigns.all().result()] == ["Winter", "Spring"]
    campaigns.save(Campaign("Summer")).result()
    with pytest.raises(BadInput, match="“Summer” already"):
        campaigns.save(Campaign("Summer"), was="Winter").result()


@pytest.mark.parametrize(
    ("campaign", "sentence"),
    [
        (Campaign(" "), "no name"),
        (Campaign("A" * 301), "too long a name"),
        (Campaign("A", "b" * 2_001), "too long to be read"),
        (Campaign("A", codes=("ONE TWO",)), "“ONE TWO” of “A” is no coupon"),
        (Campaign("A", starts=date(2026, 2, 2), ends=date(2026, 2, 1)), "ends before it starts"),
    ],
)
def test_what_is_wrong_is_told(campaigns: Campaigns, campaign: Campaign, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        campaigns.save(campaign)


def test_they_go_out_and_in_with_the_settings(desk: Desk, campaigns: Campaigns) -> None:
    file = SettingsFile(desk.workspace, desk.directory)
    campaigns.save(replace(SPRING, ends=date(2019, 4, 1))).result()
    text = file.export().result()
    campaigns.forget("Spring").result()
    plan = file.plan(text).result()
    assert [str(one) for one in plan.changes if one.is_change] == ["campaigns: 1 campaign, 1 new"]
    file.take(plan).result()
    assert file.export().result() == text
    with pytest.raises(BadInput, match=r"starts\. It stands at campaigns\[0\]"):
        file.plan(text.replace("2019-04-01", "2019-03-01")).result()


def test_what_is_written_is_a_decision_that_is_undone(desk: Desk, campaigns: Campaigns) -> None:
    campaigns.save(replace(SPRING, brief="Over")).result()
    subject = rules_subject("campaigns")
    (decided,) = desk.workspace.read(lambda conn: events_of(conn, [subject])).result()[subject]
    me = desk.directory.me().id
    undone = {"event": decided.id}
    desk.workspace.write(
        lambda tx: ledger.decide(tx, me, EventType.UNDONE, subject, undone)
    ).result()
    desk.directory.reload()
    assert _brief(desk) == ("Ends Friday", ("A1",))
