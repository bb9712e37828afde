"""Templates in the file of settings: out and in again they are the same, and only changes count."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.departments import CARE, SEEDED, Department
from app.domain.errors import BadInput
from app.domain.ids import AgentId, DepartmentId
from app.domain.setup import Setup
from app.services.settings_file import SettingsFile, text_of
from app.services.settings_templates import KeptTemplate, templates_read
from app.services.settings_text import Names
from app.services.templates import Templates, Wording
from tests.services.desk import Desk

INES = AgentId("0190aaaa-0000-7000-8000-000000000001")
NAMES = Names(frozenset(one.id for one in SEEDED), {}, {INES: "Ines Duarte"})
words = st.text("abÅß’é日 \"\\\n\t#'", min_size=1, max_size=12).map(str.strip).filter(bool)
entries = st.builds(
    KeptTemplate,
    st.integers(1, 2**63 - 1).map(str),
    words.map(lambda name: " ".join(name.split())),
    words,
    st.none() | st.sampled_from([one.id for one in SEEDED]),
    st.sampled_from(["", "de", "pt-BR"]),
    st.none() | st.just(INES),
    st.booleans(),
    st.booleans(),
)
several = st.lists(entries, max_size=4, unique_by=lambda one: one.id).map(
    lambda found: tuple(sorted(found, key=lambda one: int(one.id)))
)


@given(several)
def test_what_is_written_and_read_again_is_the_same(told: tuple[KeptTemplate, ...]) -> None:
    document = tomllib.loads(text_of(Setup(), NAMES, told))
    assert templates_read(document["templates"], NAMES, ()) == told


@pytest.fixture
def file(desk: Desk) -> SettingsFile:
    return SettingsFile(desk.workspace, desk.directory)


@pytest.fixture
def templates(desk: Desk) -> Templates:
    made = Templates(desk.workspace, desk.directory)
    made.save(Wording("Leaks", "Turn it off, {customer}.", CARE, "en")).result()
    made.save(Wording("Roasts", "Our roasts are here.", promotional=True)).result()
    return made


def test_an_import_decides_what_differs_alone(file: SettingsFile, templates: Templates) -> None:
    text = file.export().result()
    assert file.plan(text).result().templates is None
    plan = file.plan(text.replace("Turn it off", "Leave it on")).result()
    assert [str(one) for one in plan.changes if one.is_change] == [
        "templates: 2 templates, 1 changed"
    ]
    file.take(plan).result()
    leaks, roasts = templates.all().result()
    assert [one.version.text for one in leaks.versions] == [
        "Turn it off, {customer}.", "Leave it on, {customer}.",
    ]  # fmt: skip
    assert len(roasts.versions) == 1
    assert file.plan(file.export().result()).result().templates is None


def test_one_that_is_gone_is_retired_and_comes_back(
    file: SettingsFile, templates: Templates
) -> None:
    text = file.export().result()
    file.take(file.plan("templates = []").result()).result()
    assert [one.retired for one in templates.all().result()] == [True, True]
    assert file.plan("templates = []").result().templates is None
    assert file.export().result().count("retired = true") == 2
    file.take(file.plan(text).result()).result()
    assert [one.retired for one in templates.all().result()] == [False, False]
    assert file.export().result() == text


def test_one_written_by_hand_is_known_by_its_name(file: SettingsFile, templates: Templates) -> None:
    both = (
        '[[templates]]\nname = "Leaks"\ntext = "Call us."\n'
        '[[templates]]\nname = "Hello"\ntext = "Hello, {customer}."\n'
    )
    plan = file.plan(both).result()
    assert str(plan.changes[0]) == "templates: 2 templates, 1 new, 1 changed, 1 gone"
    file.take(plan).result()
    found = {one.now.name: (len(one.versions), one.retired) for one in templates.all().result()}
    assert found == {"Leaks": (2, False), "Hello": (1, False), "Roasts": (1, True)}
    assert file.plan(both).result().templates is None


def test_one_of_a_department_that_is_no_more_goes_out_and_in_as_everybody_s(
    file: SettingsFile, templates: Templates, desk: Desk
) -> None:
    film = Department(DepartmentId("film"), "Film", "Film", "marketing", "wishes", "films")
    desk.directory.settle(departments=(*SEEDED, film)).result()
    templates.save(Wording("Films", "See our film.", film.id)).result()
    desk.directory.settle(departments=SEEDED).result()
    text = file.export().result()
    assert 'department = "film"' not in text
    plan = file.plan(text).result()
    assert not plan.is_change
    assert file.plan(text.replace("See our", "Watch our")).result().is_change
    with pytest.raises(BadInput, match="“film” at templates"):
        file.plan(text.replace('name = "Films"', 'name = "Films"\ndepartment = "film"')).result()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[templates]]\nname = "A"\ntext = "Hi {who}"', "“{who}”. It stands at templates"),
        ('[[templates]]\nname = "A"\ntext = " "', "empty. It stands at templates"),
        ('[[templates]]\nname = "A"', "no “text” at templates"),
        ('[[templates]]\nname = "A"\ntext = "a"\ndepartment = "hr"', "“hr” at templates"),
        ('[[templates]]\nname = "A"\ntext = "a"\n' * 2, "more than once"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(file: SettingsFile, text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        file.plan(text).result()
    assert sentence in caught.value.message


def test_a_number_that_no_template_can_have_is_refused(file: SettingsFile) -> None:
    entry = '[[templates]]\nid = "{}"\nname = "A"\ntext = "Hello"\n'
    for number in (str(2**63), "1" + "0" * 5_000):
        with pytest.raises(BadInput, match=r"no number of a template. It stands at templates\[0\]"):
            file.plan(entry.format(number)).result()
    told = file.plan(entry.format("007")).result().templates
    assert told is not None
    assert [one.id for one in told] == ["7"]
