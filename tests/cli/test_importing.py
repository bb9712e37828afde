"""``seamline import``: what came, what was left out and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Seamline

_LINE = json.dumps(
    {
        "brand": "HaldenCare",
        "session": "1",
        "messages": [
            {
                "id": "1",
                "role": "client",
                "author": "nadia",
                "created_at": "2019-05-06T09:00:00Z",
                "text": "@HaldenCare it leaks",
            },
            {"id": "2", "role": "agent", "author": "HaldenCare", "text": "@nadia Which one?"},
        ],
    }
)


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    file = tmp_path / "talks.jsonl"
    file.write_text(f"{_LINE}\nno line\n", encoding="utf-8")
    return file


def test_conversations_come_in_and_bad_lines_are_told(seamline: Seamline, talks: Path) -> None:
    assert seamline.ok("import", "conversations", str(talks), "--cases").splitlines() == [
        "Line 2: it is not JSON.",
        "1 conversation: 2 new messages.",
        "1 line was left out.",
        "1 time was guessed from the messages around.",
        "1 case is closed: the brand had the last word.",
    ]
    assert "it leaks" in seamline.ok("timeline", "@nadia")


def test_the_same_again_is_told_as_known(seamline: Seamline, talks: Path) -> None:
    seamline.ok("import", "conversations", str(talks))
    again = seamline.json("import", "conversations", str(talks))
    assert (again["read"], again["new"], again["known"]) == (1, 0, 2)
    assert again["bad"] == [{"line": 2, "words": "it is not JSON."}]


def test_a_file_of_which_nothing_can_be_read_fails(seamline: Seamline, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("a,b\n")
    words = seamline.fails(1, "import", "conversations", str(file))
    assert words.startswith("Nothing was imported: 1 line could not be read. Line 1: ")
    assert "cannot be read: No such file" in seamline.fails(
        1, "import", "conversations", str(tmp_path / "none")
    )


def test_campaigns_come_in_for_those_who_are_known(seamline: Seamline, tmp_path: Path) -> None:
    file = tmp_path / "spring.csv"
    file.write_text(
        "customer,campaign,touch,time,brief,codes\n"
        "@kwame,Spring,sent,2026-03-02,Ends Friday,HUILA15\n"
        "@who,Spring,sent,2026-03-02\n"
    )
    assert seamline.ok("import", "marketing", str(file)).splitlines() == [
        "Line 3: no customer has this handle.",
        "1 line: 1 new touch.",
        "1 line was left out.",
    ]
    shown = seamline.ok("customer", "show", "@kwame")
    assert "  Campaign Spring: sent 2 Mar" in shown
    assert "    Ends Friday\n    Coupons: HUILA15\n" in shown
    (told,) = seamline.json("customer", "show", "@kwame")["campaigns"]
    assert (told["name"], told["codes"], told["sent"][:10]) == ("Spring", ["HUILA15"], "2026-03-02")
    file.write_text("customer,touch\n")
    assert "no column “campaign” and no “time”" in seamline.fails(
        1, "import", "marketing", str(file)
    )
