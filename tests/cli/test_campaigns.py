"""``campaign``: what service should know of campaigns."""

from __future__ import annotations

from tests.cli.conftest import Seamline


def test_a_campaign_is_written_changed_and_taken_back(seamline: Seamline) -> None:
    assert seamline.ok("campaign") == "There are no campaigns yet.\n"
    save = ("campaign", "save", "Winter")
    kept = seamline.json(*save, "--brief", "-", "--starts", "2026-11-02", stdin="Full price.\n")
    assert kept == {
        "name": "Winter",
        "brief": "Full price.",
        "codes": [],
        "starts": "2026-11-02",
        "ends": None,
        "written": True,
        "came_in": False,
    }
    again = seamline.json(*save, "--codes", "W1 W2", "--starts", "", "--ends", "2026-12-01")
    assert (again["brief"], again["codes"], again["starts"]) == ("Full price.", ["W1", "W2"], None)
    assert seamline.ok("campaign", "list") == (
        "Winter  (2026-12-01)\n  Full price.\n  Coupons: W1, W2\n"
    )
    seamline.ok("campaign", "forget", "Winter")
    assert seamline.json("campaign") == []


def test_what_is_wrong_is_told_in_a_sentence(seamline: Seamline) -> None:
    assert "no day" in seamline.fails(2, "campaign", "save", "Winter", "--ends", "soon")
    assert "Nobody wrote" in seamline.fails(1, "campaign", "forget", "Winter")
