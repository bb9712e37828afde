"""What departments ask of each other, from the command line."""

from __future__ import annotations

from app.container import opened
from app.domain.departments import IT, LEADERSHIP, MARKETING
from tests.cli.conftest import Seamline


def sit(seamline: Seamline, name: str, department: str) -> None:
    with opened(seamline.folder) as container:
        directory = container.services.directory
        directory.set_me(name, directory.find_department(department).id).result()


def test_help_is_asked_drafted_and_commented(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    asked = seamline.json("ask", "help", ref, "How do we put it?", "--of", "marketing")
    assert (asked["ask"], asked["ref"], asked["department"]) == ("help", ref, MARKETING)
    assert "Marketing, a draft: How do we put it? (waiting)" in seamline.ok("requests")
    sit(seamline, "Mo Lind", "marketing")
    assert seamline.ok("draft", asked["opened_ref"], "Sorry.") == f"Drafted for #{ref}.\n"
    assert seamline.ok("requests") == "Nothing waits for an answer.\n"
    sit(seamline, "Ines Duarte", "pr")
    seamline.ok("comment", ref, "Shorter.")
    (told,) = seamline.json("requests", ref)
    assert [draft["comments"] for draft in told["drafts"]] == [["Shorter."]]
    assert told["open"] is True
    lines = seamline.ok("timeline", "@kwame")
    assert "drafted (another one was asked for)\n       Sorry.\n" in lines


def test_the_latest_draft_is_commented_whoever_was_asked_first(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    first = seamline.json("ask", "help", ref, "How do we put it?", "--of", "marketing")
    second = seamline.json("ask", "help", ref, "What is it?", "--of", "it")
    sit(seamline, "Jonas Weber", "it")
    seamline.ok("draft", second["opened_ref"], "The seal.")
    sit(seamline, "Mo Lind", "marketing")
    seamline.ok("draft", first["opened_ref"], "Sorry.")
    sit(seamline, "Ines Duarte", "pr")
    seamline.ok("comment", ref, "Shorter.")
    told = {draft["text"]: draft["comments"] for one in seamline.json("requests", ref)
            for draft in one["drafts"]}  # fmt: skip
    assert told == {"The seal.": [], "Sorry.": ["Shorter."]}


def test_a_reply_is_approved_or_declined(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    sentence = seamline.fails(1, "approve", ref)
    assert sentence.startswith(f"Nobody waits for approval on #{ref}.")
    assert "was asked: #" in seamline.ok("ask", "approval", ref, "We pay.", "--of", "leadership")
    sit(seamline, "Lea Ko", "leadership")
    seamline.ok("decline", ref, "--reason", "Too much")
    assert "(declined: Too much)" in seamline.ok("requests", ref)
    sit(seamline, "Ines Duarte", "pr")
    asked = seamline.json("ask", "approval", ref, "We pay half.", "--of", "leadership")
    assert asked["department"] == LEADERSHIP
    sit(seamline, "Lea Ko", "leadership")
    sent = seamline.json("approve", asked["opened_ref"], "--text", "We pay a half.")
    assert (sent["state"], sent["text"]) == ("queued", "We pay a half.")


def test_access_is_given_and_a_tool_declined(seamline: Seamline) -> None:
    ref = seamline.ref("Kwame")
    access = seamline.json("ask", "access", ref, "The warehouse")
    tool = seamline.json("ask", "tool", ref, "A scanner", "--of", "it")
    assert (access["ask"], tool["ask"], access["department"]) == ("access", "tool", IT)
    sit(seamline, "Jonas Weber", "it")
    seamline.ok("grant", access["opened_ref"], "--text", "Until Friday")
    seamline.ok("decline", tool["opened_ref"], "--reason", "None is left")
    told = seamline.ok("requests", ref)
    assert "IT, access: The warehouse (given: Until Friday)" in told
    assert "IT, a tool: A scanner (declined: None is left)" in told
    lines = seamline.ok("timeline", "@kwame")
    for words in (
        "asked for access or a tool: The warehouse",
        "gave what was asked: Until Friday",
        "declined what was asked: None is left",
    ):
        assert words in lines


def test_content_is_given(seamline: Seamline) -> None:
    ref = seamline.ref("Mira")
    seamline.ok("ask", "content", ref, "A film on returns", "--of", "marketing")
    sit(seamline, "Mo Lind", "marketing")
    assert seamline("content", ref).status == 2
    seamline.ok("content", ref, "--link", "https://halden.example/returns")
    assert "(https://halden.example/returns)" in seamline.ok("requests", ref)
    assert "gave the content: https://halden.example/returns" in seamline.ok("timeline", "@mira")
