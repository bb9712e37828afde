"""The mood of messages: read, corrected, undone, and marked where anger turned to thanks."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput, NotFound
from app.domain.ids import CustomerId, InteractionUid, interaction_uid
from app.domain.mood import Feeling, Lexicon, Mood
from app.domain.phrases import plain
from app.domain.views import EventItem, InteractionItem
from app.services.mood import LISTS, Moods, judged, read_list
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, answered, identity, said

LANGUAGES = ("de", "en", "es", "fr", "sv")
HOUR_S = 3_600


def uid(native_id: str) -> InteractionUid:
    return interaction_uid(ACCOUNT, native_id)


def item(desk: Desk, native_id: str) -> InteractionItem:
    page = desk.timelines.page(CustomerId(identity("ada"))).result()
    (found,) = [
        one for one in page.items if isinstance(one, InteractionItem) and one.native_id == native_id
    ]
    return found


def feeling(desk: Desk, native_id: str) -> Feeling:
    found = item(desk, native_id).feeling
    assert found is not None
    return found


@pytest.fixture
def moods(desk: Desk) -> Moods:
    return Moods(desk.workspace, desk.directory)


def lists() -> list[Lexicon]:
    return [read_list(path) for path in sorted(LISTS.glob("*.toml"))]


def test_every_list_can_be_looked_up() -> None:
    assert tuple(each.language for each in lists()) == LANGUAGES
    for lexicon in lists():
        assert len(lexicon.weights) > 100
        assert all(-3 <= weight <= 3 and weight for weight in lexicon.weights.values())
        words = {plain(word) for word in lexicon.weights}
        assert len(words) == len(lexicon.weights), "no word twice"
        assert not any(" " in word for word in words), "a word is looked up by itself"
        assert lexicon.thanks
        assert lexicon.common


@pytest.mark.parametrize(
    ("language", "angry", "glad"),
    [
        ("en", "This is the worst service, I am furious", "Perfect, thank you so much"),
        ("de", "Unverschämt, ich warte seit Wochen und bin stinksauer", "Vielen Dank, perfekt"),
        ("sv", "Urusel service, jag är så besviken", "Tack, det är jättebra"),
        ("fr", "C’est scandaleux, je suis vraiment déçue", "Merci beaucoup, c’est parfait"),
        ("es", "Pésimo servicio, una vergüenza", "Muchas gracias, funciona perfecto"),
    ],
)
def test_each_list_tells_anger_from_thanks(language: str, angry: str, glad: str) -> None:
    for text, mood in ((angry, Mood.ANGRY), (glad, Mood.GLAD)):
        found = judged(text, language)
        assert found is not None
        assert found.mood is mood
        assert found.reasons


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Ich warte seit drei Wochen und das ist unverschämt", Mood.ANGRY),
        ("Jag har väntat och det är inte bra, urusel service från er", Mood.ANGRY),
        ("Merda, questo servizio è terribile e non funziona", None),
        ("Wat een slechte dienst, ik wacht al weken op mijn bestelling", None),
        ("terrible", None),
    ],
)
def test_without_a_language_only_a_clear_claim_is_heard(text: str, mood: Mood | None) -> None:
    found = judged(text, "")
    assert (found and found.mood) == mood


def test_no_list_is_asked_about_another_language() -> None:
    assert judged("terrible, furious", "ja") is None


def test_a_timeline_tells_the_mood_of_what_the_customer_wrote(desk: Desk) -> None:
    desk.take(
        said("1", "ada", "It leaks. This is ridiculous.", language="en"),
        answered("2", "1", "That is terrible, sorry.", at=60, language="en"),
    )
    assert feeling(desk, "1") == Feeling(Mood.ANGRY, ("ridiculous",))
    assert item(desk, "2").feeling is None, "what we write has no mood here"


def test_thanks_after_anger_are_marked_once_a_case(desk: Desk) -> None:
    desk.take(
        said("1", "ada", "It leaks. This is ridiculous.", language="en"),
        said("2", "ada", "And nobody answers, awful!!", at=HOUR_S, in_reply_to="1", language="en"),
        said("3", "ada", "Perfect, thanks!", at=2 * HOUR_S, in_reply_to="1", language="en"),
        said("4", "ada", "Thanks again.", at=3 * HOUR_S, in_reply_to="1", language="en"),
    )
    assert feeling(desk, "3").lasted_ms == 2 * HOUR_S * 1000
    assert feeling(desk, "4").mood is Mood.GLAD
    assert feeling(desk, "4").lasted_ms is None


def test_anger_of_an_earlier_page_still_counts(desk: Desk) -> None:
    desk.take(
        said("1", "ada", "It leaks. This is ridiculous.", language="en"),
        said("2", "ada", "Perfect, thanks!", at=60, in_reply_to="1", language="en"),
    )
    page = desk.timelines.page(CustomerId(identity("ada")), limit=1).result()
    (newest,) = [one for one in page.items if isinstance(one, InteractionItem)]
    assert newest.feeling is not None
    assert newest.feeling.lasted_ms == 60_000


def test_a_mood_is_corrected_and_undone(desk: Desk, moods: Moods) -> None:
    desk.take(said("1", "ada", "Great, it leaks again. Fantastic.", language="en"))
    assert feeling(desk, "1").mood is Mood.GLAD
    event = moods.correct(uid("1"), Mood.ANGRY).result()
    assert feeling(desk, "1") == Feeling(Mood.ANGRY, corrected=True)
    assert moods.of(uid("1")).result().feeling == Feeling(Mood.ANGRY, corrected=True)
    page = desk.timelines.page(CustomerId(identity("ada"))).result()
    assert event.id in [one.event.id for one in page.items if isinstance(one, EventItem)]
    desk.cases.undo_event(event.id).result()
    assert feeling(desk, "1").mood is Mood.GLAD


def test_a_correction_can_be_taken_back_to_the_words(desk: Desk, moods: Moods) -> None:
    desk.take(said("1", "ada", "Where is it?", language="ja"))
    assert item(desk, "1").feeling is None
    moods.correct(uid("1"), Mood.NEUTRAL).result()
    assert feeling(desk, "1").corrected
    moods.correct(uid("1"), None).result()
    assert item(desk, "1").feeling is None


def test_what_cannot_be_corrected(desk: Desk, moods: Moods) -> None:
    desk.take(said("1", "ada", "Hi."), answered("2", "1", "Hello."))
    with pytest.raises(BadInput, match="what its words say already"):
        moods.correct(uid("1"), None).result()
    with pytest.raises(BadInput, match="Only what a customer wrote"):
        moods.correct(uid("2"), Mood.GLAD).result()
    with pytest.raises(NotFound):
        moods.correct(uid("404"), Mood.GLAD).result()
