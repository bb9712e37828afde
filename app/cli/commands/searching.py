"""``search``: over everything, newest first."""

from __future__ import annotations

from app.cli import shapes
from app.cli.commands.adding import Add
from app.cli.session import Session, WrongUse, wait
from app.cli.text import moment, plural
from app.domain.bounds import CHANNEL, DEPARTMENT, SIDE, SINCE, UNBOUND, Bounds, choices
from app.domain.views import SearchResults, SearchScope

_CALLED = {SINCE: "day"}


def add_to(add: Add) -> None:
    parser = add("search", run_search, "search customers, cases and messages")
    parser.add_argument("query", nargs="+", metavar="QUERY")
    parser.add_argument(
        "--in", dest="scope", choices=[scope.value for scope in SearchScope], default="everything"
    )
    parser.add_argument("--limit", type=int, default=50, metavar="N")
    parser.add_argument("--since", metavar="DAY", help="today, Monday, 2026-11-02, 2026-11 …")
    parser.add_argument("--channel", action="append", metavar="C")
    parser.add_argument("--department", action="append", metavar="D")
    parser.add_argument("--side", metavar="service|marketing")


def run_search(session: Session) -> None:
    query = " ".join(session.args.query).strip()
    if not query or session.args.limit < 1:
        raise WrongUse(
            "There is nothing to search for.", hint="Name a word, and a --limit above 0."
        )
    scope = SearchScope(session.args.scope)
    find = session.services.search.find
    bounds = _bounds(session)
    results = wait(find(query, scope=scope, limit=session.args.limit, bounds=bounds))
    session.give(shapes.search_results(results))
    rows = _rows(session, results)
    total = results.total_interactions
    session.show_table(
        rows,
        ("WHAT", "WHO", "CHANNEL", "WHEN", "TEXT"),
        f"No match in {plural(total, 'interaction')}. Try fewer words.",
    )
    if rows:
        count = f"{results.messages_count:,}{'+' if results.messages_more else ''}"
        found = f"{count} messages, {plural(len(results.cases), 'case')}"
        found += f" and {plural(len(results.customers), 'customer')}"
        session.say(f"{found} in {plural(total, 'interaction')}, {results.elapsed_ms:.0f} ms")


def _bounds(session: Session) -> Bounds:
    """What the options narrow the search by, read as the palette reads it."""
    args = session.args
    asked = [(SINCE, args.since), (SIDE, args.side)]
    asked += [(CHANNEL, name) for name in args.channel or ()]
    asked += [(DEPARTMENT, name) for name in args.department or ()]
    bounds = UNBOUND
    for word, value in asked:
        if value is None:
            continue
        found = choices(word, value, bounds, session.services.directory.departments())
        exact = [one for one in found if one.named(value) == len(value)]
        if len(exact or found) != 1:
            raise WrongUse(
                f"“{value}” is no {_CALLED.get(word, word)} to search by.",
                hint="Days are today, yesterday, Monday to Sunday, or a date, a month or a year."
                if word == SINCE
                else f"Name one {word}, or as much of its name as no other has.",
            )
        bounds = (exact or found)[0].bounds
    return bounds


def _rows(session: Session, results: SearchResults) -> list[tuple[str, ...]]:
    now = session.now_ms
    rows: list[tuple[str, ...]] = [
        ("customer", hit.name, hit.channel.label, moment(hit.last_ms, now), hit.handle)
        for hit in results.customers
    ]
    rows += [
        (f"#{hit.ref}", hit.name, hit.channel.label, moment(hit.at_ms, now), hit.title)
        for hit in results.cases
    ]
    rows += [
        (hit.kind.name.lower(), hit.name, hit.channel.label, moment(hit.at_ms, now), hit.snippet)
        for hit in results.messages
    ]
    return rows
