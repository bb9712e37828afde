"""``timeline`` as the window narrows it, and ``journey``."""

from __future__ import annotations

from typing import Any

from app.domain.ids import interaction_uid
from tests.cli.conftest import Seamline
from tests.store.building import ACCOUNT


def records(seamline: Seamline, *words: str) -> list[str]:
    """Messages by their native ids, decisions by what they are."""
    found = seamline.json("timeline", "@kwame", *words)
    return [str(item.get("native_id") or item["type"]) for item in found]


def test_only_a_side_or_what_is_internal(seamline: Seamline) -> None:
    seamline.ok("customer", "link", "@aino", "@kwame")
    assert records(seamline, "--side", "marketing") == ["5"]
    assert records(seamline, "--side", "service") == ["1", "2", "3", "6"]
    internal = records(seamline, "--internal")
    assert "case_opened" in internal
    assert "5" not in internal
    both = ["--side", "marketing", "--side", "service", "--internal"]
    assert records(seamline, *both) == records(seamline)
    either = records(seamline, "--side", "marketing", "--internal")
    assert sorted(either) == sorted(["5", *internal])


def test_only_a_channel_or_a_case(seamline: Seamline) -> None:
    assert records(seamline, "--channel", "mastodon", "--side", "service") == ["1", "2", "3", "6"]
    assert records(seamline, "--channel", "bluesky", "--side", "service") == []
    case = seamline.ref("Kwame")
    assert {"1", "2", "3"} <= set(records(seamline, "--case", case))
    assert "1" not in records(seamline, "--case", seamline.ref("Mira"))
    shown = seamline.ok("timeline", "@kwame", "--channel", "bluesky", "--side", "service")
    assert shown == "Nothing of the kind was said with this customer.\n"


def test_only_a_stretch_of_time(seamline: Seamline) -> None:
    days = ["--since", "2026-11-19", "--until", "2026-11-19", "--side", "service"]
    assert records(seamline, *days) == ["1", "2", "3", "6"]
    assert records(seamline, "--until", "2026-11-18") == []
    assert records(seamline, "--since", "2026-11-20", "--side", "service") == []
    times = [item["at"] for item in seamline.json("timeline", "@kwame", "--side", "service")]
    found = seamline.json(
        "timeline", "@kwame", "--side", "service", "--since", times[1], "--until", times[2]
    )
    assert [item["native_id"] for item in found] == ["2"]


def test_a_time_that_is_none_or_ends_before_it_begins(seamline: Seamline) -> None:
    assert "soon" in seamline.fails(1, "timeline", "@kwame", "--since", "soon")
    words = ["--since", "2026-11-19", "--until", "2026-11-18"]
    assert "not after" in seamline.fails(2, "timeline", "@kwame", *words)


def test_what_is_drafted_along_and_kept_is_told(seamline: Seamline) -> None:
    case = seamline.ref("Kwame")
    seamline.ok("ask", "help", case, "How do we say it?", "--of", "it")
    seamline.ok("draft", case, "It is on its way.")
    seamline.ok("comment", case, "Say which day.")
    seamline.ok("reply", case, "--text", "All good again.", "--when-closed")
    lines = seamline.ok("timeline", "@kwame")
    assert (
        "drafted (not used yet)\n       It is on its way.\n       – Ines Duarte: Say which" in lines
    )
    assert "⇢ Ines Duarte: reply, leaves when the case is closed\n       All good again." in lines
    items: list[dict[str, Any]] = seamline.json("timeline", "@kwame")
    (draft,) = [item["draft"] for item in items if item.get("draft")]
    assert (draft["fate"], draft["comments"][0]["text"]) == ("open", "Say which day.")
    assert [item["type"] for item in items if item.get("waits")] == ["reply_postponed"]


def test_a_journey_has_two_lanes_and_marks_recovery(seamline: Seamline) -> None:
    seamline.ok("customer", "link", "@aino", "@kwame")
    seamline.ok("mood", str(interaction_uid(ACCOUNT, "1")), "angry")
    seamline.ok("mood", str(interaction_uid(ACCOUNT, "3")), "glad")
    told = seamline.json("journey", "@kwame")
    assert [station["stop"] for station in told["case"]][:1] == ["opened"]
    assert "replied" in [station["stop"] for station in told["case"]]
    assert [station["stop"] for station in told["sale"]][:1] == ["liked"]
    assert told["recovery"]["anger_lasted_ms"] == 120_000
    shown = seamline.ok("journey", "@kwame", "--case", seamline.ref("Kwame"))
    assert shown.startswith("Case\n  ● opened")
    assert "\n  Anger turned to thanks after 2 min, " in shown
    assert "\nSale\n  ◆ liked" in shown


def test_whose_journey_has_not_begun(seamline: Seamline) -> None:
    assert seamline.ok("journey", "@stranger") == "Neither a case nor a sale has begun.\n"
    assert seamline.json("journey", "@stranger") == {"case": [], "sale": [], "recovery": None}
