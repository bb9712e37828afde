"""Reading lists: gaps, overlaps, late entries, odd servers, threads, history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.connectors.base import Page
from app.connectors.channels.mastodon import Mastodon
from app.connectors.channels.mastodon.windows import Window
from app.domain.errors import RateLimited, Unreachable
from app.domain.interactions import Direction
from tests.connectors.mastodon_wire import (
    BRAND,
    LENA,
    START,
    TOM,
    Json,
    Server,
    every,
    notification,
    page_of,
    pulled,
    status,
    use,
)

LIST = "/api/v1/notifications"


def ids(pages: list[Page]) -> set[str]:
    return {fact.native_id for page in pages for fact in page.facts}


def list_server(entries: list[Json], *, most: int = 40, **routes: Any) -> Server:
    """Serves these notifications page by page; the list may be changed meanwhile."""
    return Server({LIST: lambda request: page_of(entries, request, most), **routes})


def test_a_quiet_pull_is_one_request_without_bounds() -> None:
    entries = [notification(number) for number in range(100, 160)]
    server = list_server(entries)
    (first,) = pulled(server)
    (second,) = pulled(server, cursor=first.cursor)
    assert len(server.asked(LIST)) == 2
    assert all(set(one.url.params) == {"limit"} for one in server.asked(LIST))
    assert ids([second]) == ids([first])
    assert second.cursor == first.cursor


@pytest.mark.parametrize("most", [40, 80])
def test_a_gap_is_read_upwards_and_each_page_is_progress(most: int) -> None:
    entries = [notification(number) for number in range(100, 130)]
    server = list_server(entries, most=most)
    (first,) = pulled(server)
    entries += [notification(number) for number in range(130, 430)]
    pages = pulled(server, cursor=first.cursor)
    assert ids([first, *pages]) == {str(number) for number in range(100, 430)}
    tops = [window.ids[0] for page in pages if (window := Window.parse(page.cursor))]
    assert tops == sorted(tops)
    assert tops[-1] == "429"
    # Stopped after its second page, a pull goes on from there.
    rest = pulled(server, cursor=pages[1].cursor)
    assert ids([first, *pages[:2], *rest]) == {str(number) for number in range(100, 430)}


def test_entries_that_appear_late_below_the_newest_are_not_missed() -> None:
    entries = [notification(number) for number in range(100, 200) if number % 7]
    server = list_server(entries)
    (first,) = pulled(server)
    late = [number for number in range(172, 200) if number % 7 == 0]
    entries += [notification(number) for number in late]
    pages = pulled(server, cursor=first.cursor)
    assert {str(number) for number in late} <= ids(pages)


def test_a_server_that_ignores_min_id_is_read_downwards() -> None:
    entries = [notification(number) for number in range(100, 130)]

    def answer(request: httpx.Request) -> list[Json]:
        plain = httpx.Request("GET", request.url.copy_remove_param("min_id"))
        return page_of(entries, plain)

    server = Server({LIST: answer})
    (first,) = pulled(server)
    entries += [notification(number) for number in range(130, 330)]
    pages = pulled(server, cursor=first.cursor)
    assert ids([first, *pages]) == {str(number) for number in range(100, 330)}
    assert [page.cursor is None for page in pages[:-1]] == [True] * (len(pages) - 1)
    window = Window.parse(pages[-1].cursor)
    assert window is not None
    assert window.ids[0] == "329"


def test_what_comes_after_an_empty_beginning_is_read_to_its_end() -> None:
    entries: list[Json] = []
    server = list_server(entries)
    (first,) = pulled(server)
    assert first.facts == ()
    entries += [notification(number) for number in range(100, 250)]
    pages = pulled(server, cursor=first.cursor)
    assert ids(pages) == {str(number) for number in range(100, 250)}


def test_ulids_are_paged_as_they_sort() -> None:
    names = [f"01J9{number:022d}" for number in range(150)]
    entries = [
        notification(name, status=status(f"S{name}"), created_at=START.isoformat())
        for name in names[:50]
    ]
    server = list_server(entries)
    (first,) = pulled(server)
    entries += [
        notification(name, status=status(f"S{name}"), created_at=START.isoformat())
        for name in names[50:]
    ]
    pages = pulled(server, cursor=first.cursor)
    assert {f"S{name}" for name in names[50:]} <= ids(pages)


def test_an_edit_shows_in_the_overlap() -> None:
    entries = [notification(100)]
    server = list_server(entries)
    (first,) = pulled(server)
    entries[0]["status"] = status(100, text="edited", edited_at="2026-11-19T09:00:00Z")
    (second,) = pulled(server, cursor=first.cursor)
    assert second.facts[0].text == "edited"
    assert second.facts[0].edited_at is not None


def thread_server(count: int) -> Server:
    """``count`` answers by Lena to one announcement of ours, which itself answered nothing."""
    answers = [
        status(number, in_reply_to_id="10", in_reply_to_account_id="1")
        for number in range(100, 100 + count)
    ]
    return Server(
        {
            LIST: [notification(int(one["id"]), status=one) for one in reversed(answers)],
            **{
                f"/api/v1/statuses/{one['id']}/context": {
                    "ancestors": [status(10, BRAND, "News")],
                    "descendants": [],
                }
                for one in answers
            },
        }
    )


def contexts(server: Server) -> list[str]:
    return [one.url.path for one in server.requests if one.url.path.endswith("/context")]


def test_a_thread_is_asked_for_once_however_many_speak_in_it() -> None:
    server = thread_server(30)
    (page,) = pulled(server)
    assert len(contexts(server)) == 1
    assert {fact.root for fact in page.facts} == {"10"}
    assert "10" in ids([page])


def test_a_thread_known_from_an_earlier_pull_is_not_asked_for_again() -> None:
    server = thread_server(3)
    (first,) = pulled(server)
    asked = len(contexts(server))
    pulled(server, cursor=first.cursor)
    assert len(contexts(server)) == asked


def test_a_mention_that_nobody_answered_needs_no_thread() -> None:
    server = Server({LIST: [notification(100)]})
    (page,) = pulled(server)
    assert contexts(server) == []
    assert page.facts[0].root == "100"


def test_what_followed_a_mention_comes_with_it() -> None:
    mention = status(100, replies_count=1)
    after = status(101, TOM, "same here", in_reply_to_id="100", mentions=[])
    server = Server(
        {
            LIST: [notification(100, status=mention)],
            "/api/v1/statuses/100/context": {"ancestors": [], "descendants": [after]},
        }
    )
    (page,) = pulled(server)
    found = {fact.native_id: fact for fact in page.facts}
    assert found["101"].direction is Direction.AROUND
    assert found["101"].root == "100"


def test_a_thread_whose_beginning_was_deleted_leaves_its_root_to_the_store() -> None:
    orphan = status(99, TOM, "as I said", in_reply_to_id="50", mentions=[])
    mention = status(100, in_reply_to_id="99", in_reply_to_account_id="8")
    server = Server(
        {
            LIST: [notification(100, status=mention)],
            "/api/v1/statuses/100/context": {"ancestors": [orphan], "descendants": []},
        }
    )
    (page,) = pulled(server)
    assert {fact.native_id: fact.root for fact in page.facts} == {"99": None, "100": None}


@pytest.mark.parametrize(
    "trouble", [httpx.Response(500), httpx.Response(404), httpx.ReadTimeout("slow")]
)
def test_a_thread_that_cannot_be_had_does_not_hold_its_mention_back(
    trouble: httpx.Response | Exception,
) -> None:
    mention = status(100, in_reply_to_id="99", in_reply_to_account_id="8")
    server = Server(
        {LIST: [notification(100, status=mention)], "/api/v1/statuses/100/context": trouble}
    )
    (page,) = pulled(server)
    assert ids([page]) == {"100"}


def test_without_a_connection_a_thread_is_not_given_up() -> None:
    mention = status(100, in_reply_to_id="99", in_reply_to_account_id="8")
    server = Server(
        {
            LIST: [notification(100, status=mention)],
            "/api/v1/statuses/100/context": httpx.ConnectError("no route"),
        }
    )
    with pytest.raises(Unreachable):
        pulled(server)


def test_a_rest_asked_for_in_the_middle_of_threads_is_taken() -> None:
    mention = status(100, in_reply_to_id="99", in_reply_to_account_id="8")
    server = Server(
        {
            LIST: [notification(100, status=mention)],
            "/api/v1/statuses/100/context": httpx.Response(429, json={"error": "Too many"}),
        }
    )
    with pytest.raises(RateLimited):
        pulled(server)


def test_answers_of_ours_fetch_what_they_answer_many_at_a_time() -> None:
    questions = {str(number): status(number) for number in range(100, 125)}
    answers = [
        status(
            number + 100,
            BRAND,
            "Yes",
            in_reply_to_id=str(number),
            in_reply_to_account_id="7",
        )
        for number in range(100, 125)
    ]
    server = Server(
        {
            "/api/v1/accounts/1/statuses": answers,
            "/api/v1/statuses": lambda request: [
                questions[one] for one in request.url.params.get_list("id[]")
            ],
        }
    )
    (page,) = pulled(server, "own_posts")
    assert len(server.asked("/api/v1/statuses")) == 2
    assert contexts(server) == []
    assert set(questions) <= ids([page])
    assert all(fact.party for fact in page.facts)


def history(server: Server, hours: float, cursor: str | None = None) -> list[Page]:
    async def scenario(connector: Mastodon) -> list[Page]:
        since = START + timedelta(hours=hours)
        return await every(connector.history("notifications", since=since, cursor=cursor))

    return use(server, scenario)


def test_history_goes_back_to_its_day_and_tells_how_far_it_is() -> None:
    # Entry n happened n seconds after the start: since 0.05 h = 180 s.
    entries = [notification(number) for number in range(100, 400)]
    pages = history(list_server(entries), 0.05)
    assert ids(pages) == {str(number) for number in range(180, 400)}
    reached = [page.progress for page in pages if page.progress]
    assert len(reached) == len(pages)
    assert reached == sorted(reached, reverse=True)
    assert reached[-1] == START + timedelta(seconds=180)


def test_history_goes_on_where_it_stopped() -> None:
    entries = [notification(number) for number in range(100, 400)]
    pages = history(list_server(entries), 0)
    rest = history(list_server(entries), 0, cursor=pages[2].cursor)
    assert ids(pages[:3]) | ids(rest) == {str(number) for number in range(100, 400)}
    assert not ids(pages[:3]) & ids(rest)


def test_a_later_history_further_back_leaves_no_hole() -> None:
    entries = [notification(number) for number in range(100, 400)]
    recent = history(list_server(entries), 0.05)
    cursor = next(page.cursor for page in reversed(recent) if page.cursor)
    again = history(list_server(entries), 0.05, cursor=cursor)
    assert ids(again) == set()
    assert [page.cursor for page in again] == [None]
    older = history(list_server(entries), 0, cursor=cursor)
    assert ids(recent) | ids(older) == {str(number) for number in range(100, 400)}


def test_history_ends_on_an_empty_page_whatever_link_says() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        rows = page_of([notification(number) for number in range(100, 180)], request)
        link = '<https://shop.example/api/v1/notifications?max_id=1>; rel="next"'
        return httpx.Response(200, json=rows, headers={"link": link})

    server = Server({LIST: answer})
    assert len(ids(history(server, -1))) == 80
    assert [one.url.params.get("max_id") for one in server.asked(LIST)] == [None, "140", "100"]


def test_history_survives_a_server_that_ignores_max_id() -> None:
    server = Server({LIST: [notification(number) for number in range(100, 140)]})
    assert len(ids(history(server, -1))) == 40
    assert len(server.asked(LIST)) == 2


def listened(server: Server, query: str, cursor: str | None = None) -> list[Page]:
    return use(server, lambda connector: every(connector.listen(query, cursor=cursor)))


def test_a_tag_and_words_are_listened_to() -> None:
    tagged = [
        status(3, LENA, "lovely #shop", mentions=[]),
        status(2, BRAND, "our #shop"),
        status(1, TOM, "at the #shop with @brand"),
    ]
    server = Server(
        {
            "/api/v1/timelines/tag/shöp": tagged,
            "/api/v2/search": {"accounts": [], "statuses": tagged, "hashtags": []},
        }
    )
    for query in ("#shöp", "lovely shop"):
        pages = listened(server, query)
        (fact,) = [fact for page in pages for fact in page.facts]
        assert fact.native_id == "3"
        assert fact.found
        assert fact.direction is Direction.INBOUND
        assert fact.party == fact.author
        assert ids(listened(server, query, pages[-1].cursor)) <= {"3"}
