"""Settings and rules from the command line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Seamline

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"
RULES = """
[[routing]]
name = "Deliveries"
when = { phrases = ["my duo"] }
then = { department = "pr" }

[[routing]]
name = "Lost"
when = { phrases = ["order lost"] }
then = { noise = true }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "settings.toml"
    place.write_text(RULES, encoding="utf-8")
    return place


def test_the_settings_go_out_and_come_in_again(seamline: Seamline, tmp_path: Path) -> None:
    place = tmp_path / "out.toml"
    assert seamline.ok("settings", "export", str(place)) == f"The settings are in {place}.\n"
    assert len(tomllib.loads(place.read_text(encoding="utf-8"))["departments"]) == 6
    assert seamline.ok("settings", "export").strip() == place.read_text(encoding="utf-8").strip()
    assert seamline.ok("settings", "import", str(place)).endswith("Nothing changes.\n")


def test_an_import_can_be_looked_at_first(seamline: Seamline, file: Path) -> None:
    told = seamline.ok("settings", "import", str(file), "--dry-run")
    assert told.splitlines()[0] == "routing: 2 rules, 2 new"
    assert "Deliveries" not in seamline.ok("settings", "export")
    assert seamline.json("settings", "import", str(file)) == {
        "taken": True,
        "changes": [
            {"part": "routing", "entries": 2, "new": 2, "changed": 0, "gone": 0, "moved": False}
        ],
    }
    assert "Deliveries" in seamline.ok("settings", "export")


def test_templates_alone_are_taken_in_as_well(seamline: Seamline, tmp_path: Path) -> None:
    place = tmp_path / "templates.toml"
    place.write_text('[[templates]]\nname = "Hello"\ntext = "Hello."\n', encoding="utf-8")
    assert seamline.ok("settings", "import", str(place)) == "templates: 1 template, 1 new\n"
    assert "Hello" in seamline.ok("template")
    assert seamline.ok("settings", "import", str(place)).endswith("Nothing changes.\n")


def test_a_bad_file_is_told_in_a_sentence_and_changes_nothing(
    seamline: Seamline, file: Path
) -> None:
    file.write_text(RULES + '[goals]\nnoise = "high"\n', encoding="utf-8")
    assert "a number at goals.noise" in seamline.fails(1, "settings", "import", str(file))
    assert "Deliveries" not in seamline.ok("settings", "export")
    missing = seamline.fails(1, "settings", "import", str(file.with_name("none.toml")))
    assert "none.toml cannot be read: No such file" in missing


def test_rules_of_a_file_are_tried_without_being_taken(seamline: Seamline, file: Path) -> None:
    told = seamline.ok("rules", "dry-run", str(file), "--days", "36500").splitlines()
    assert told[0] == ("In the last 36500 days would have moved 1 of 2, taken out as noise 1.")
    assert re.split(r"\s{2,}", told[2]) == ["1", "1", "0", "0", "Deliveries"]
    assert "Care → PR" in "\n".join(told)
    answer = seamline.json("rules", "dry-run", "--days", "36500")
    assert (answer["looked_at"], answer["moved"], answer["rules"]) == (2, 0, [])


def test_the_example_of_the_document_is_one(seamline: Seamline, tmp_path: Path) -> None:
    block = re.search(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    place = tmp_path / "example.toml"
    place.write_text(block.group(1), encoding="utf-8")
    told = seamline.ok("settings", "import", str(place)).splitlines()
    assert "routing: 2 rules, 2 new" in told
