"""Templates from the first wording to the customers who were told something wrong."""

from __future__ import annotations

import pytest

from app.domain.checks import Check, Guidelines
from app.domain.departments import CARE, PR
from app.domain.errors import BadInput, NotFound
from app.domain.ids import CaseId
from app.domain.replies import Draft
from app.domain.templates import TemplateUse, used_in
from app.services.guidance import Guiding
from app.services.templates import Templates, Wording
from tests.services.desk import Desk
from tests.store.building import rows, said


@pytest.fixture
def templates(desk: Desk) -> Templates:
    desk.take(said("1", "marta", "It leaks."), said("2", "otto", "Mine too.", at=60))
    return Templates(desk.workspace, desk.directory)


def cases(desk: Desk) -> list[CaseId]:
    wanted = "SELECT id FROM case_state ORDER BY last_key"
    return [CaseId(row[0]) for row in rows(desk.workspace, wanted)]


def test_each_wording_is_a_version_that_stays(templates: Templates) -> None:
    first = templates.save(Wording("Leaks", "Turn it off, {customer}.")).result()
    second = templates.save(
        Wording("Leaks", "Leave it on, {customer}.", CARE, "en"), template=first.id, corrects=1
    ).result()
    assert (second.number, second.department, second.language) == (2, CARE, "en")
    (only,) = templates.all().result()
    assert [(one.version.number, one.version.wrong) for one in only.versions] == [
        (1, True), (2, False),
    ]  # fmt: skip
    templates.retire(first.id).result()
    assert templates.all().result()[0].retired
    with pytest.raises(NotFound):
        templates.find("leaks").result()


@pytest.mark.parametrize(
    ("wording", "match"),
    [(Wording(" ", "Hi"), "no name"), (Wording("A", " "), "empty"), (Wording("A", "{x}"), "{x}")],
)
def test_what_cannot_be_used_is_not_kept(
    templates: Templates, wording: Wording, match: str
) -> None:
    with pytest.raises(BadInput, match=match):
        templates.save(wording).result()
    assert templates.all().result() == ()


def test_the_reply_remembers_its_wording_and_the_correction_finds_the_customers(
    desk: Desk, templates: Templates
) -> None:
    first = templates.save(Wording("Leaks", "Turn it off, {customer}.")).result()
    marta, otto = cases(desk)
    sent = desk.replies.reply(marta, Draft("Off with it", template=first.use)).result()
    assert sent.template == TemplateUse(first.id, 1)
    # Nobody remembers what this one began with; its words do.
    taken = desk.replies.reply(otto, Draft("Turn it off, Otto.\nInes")).result()
    assert taken.template == first.use
    assert templates.told_wrong(first.id).result() == ()
    templates.save(Wording("Leaks", "Leave it on, {customer}."), template=first.id,
                   corrects=1).result()  # fmt: skip
    told = templates.told_wrong(first.id).result()
    assert {(one.name, one.case) for one in told} == {("Marta", marta), ("Otto", otto)}
    assert templates.all().result()[0].told == 2
    desk.replies.undo_send(taken.id).result()
    assert [one.case for one in templates.told_wrong(first.id).result()] == [marta]


def test_writing_to_them_is_a_draft_and_the_right_words_settle_it(
    desk: Desk, templates: Templates
) -> None:
    first = templates.save(Wording("Leaks", "Turn it off, {customer}.")).result()
    case = cases(desk)[0]
    desk.replies.reply(case, Draft("Turn it off, Marta.")).result()
    templates.save(
        Wording("Leaks", "Leave it on, {customer}: {product}"), template=first.id, corrects=1
    ).result()
    filled = templates.draft_correction(first.id, case).result()
    assert filled.text.startswith("Leave it on, Marta: ")
    assert desk.replies.draft(case).result().text == filled.text
    assert rows(desk.workspace, "SELECT count(*) FROM outbox") == [(1,)]
    desk.replies.reply(case, Draft(filled.text)).result()
    assert templates.told_wrong(first.id).result() == ()


def test_words_between_the_places_tell_a_template(templates: Templates) -> None:
    one = templates.save(Wording("A", "Hello {customer}.\n\nIt is {product}.")).result()
    two = templates.save(Wording("B", "Hello {customer}.")).result()
    assert used_in("Hello Marta.\nIt is fixed.", [one, two]) == one
    assert used_in("Hello Marta. And so on", [one, two]) == two
    assert used_in("Good day Marta.", [one, two]) is None


def test_what_stands_beside_a_reply_is_read_at_once(desk: Desk, templates: Templates) -> None:
    german = templates.save(Wording("Z", "Moin {customer}", PR, "de")).result()
    ours = templates.save(Wording("Ours", "Hello", CARE)).result()
    guidelines = {CARE: Guidelines(forbidden=("cheap",), playbook="Leaks\nAsk for the serial.")}
    desk.directory.settle(guidelines=guidelines).result()
    guiding = Guiding(desk.workspace, desk.directory, templates, desk.clock)
    beside = guiding.beside(cases(desk)[0]).result()
    assert beside.templates == (ours, german)
    assert beside.values["customer"] == "Marta"
    assert beside.guidelines == guidelines[CARE]
    assert beside.first_reply
    assert beside.hold is not None
    assert (beside.share.posts, beside.goal) == (0, 0.2)


def test_only_what_the_department_blocks_holds_a_reply_back(
    desk: Desk, templates: Templates
) -> None:
    del templates
    case = cases(desk)[0]
    rules = Guidelines(forbidden=("cheap",))
    desk.directory.settle(guidelines={CARE: rules}).result()
    assert desk.replies.reply(case, Draft("It is cheap.")).result()
    strict = Guidelines(forbidden=("cheap",), blocking=frozenset({Check.FORBIDDEN}))
    desk.directory.settle(guidelines={CARE: strict}).result()
    with pytest.raises(BadInput, match="“cheap”"):
        desk.replies.reply(case, Draft("It is cheap.")).result()
