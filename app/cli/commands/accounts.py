"""``account`` and ``listen``: which accounts are connected, and what is listened for."""

from __future__ import annotations

import sys
import webbrowser

from app.cli import shapes
from app.cli.commands.adding import Group
from app.cli.session import Session, Wanted, WrongUse, read_secret, wait
from app.cli.text import moment
from app.domain.views import AccountView

_BLUESKY = "https://bsky.social"


def add_to(group: Group) -> None:
    account = group("account", "the accounts that are connected", run_list)
    connect = account("add", run_add, "connect an account")
    connect.add_argument("channel", choices=["mastodon", "bluesky"])
    connect.add_argument("--server", metavar="URL", help=f"for Bluesky, {_BLUESKY} if not given")
    connect.add_argument("--handle", metavar="H", help="Bluesky: you.bsky.social")
    connect.add_argument(
        "--token-stdin",
        action="store_true",
        help="Mastodon: read an access token from standard input instead of opening the browser",
    )
    connect.add_argument(
        "--app-password-stdin",
        action="store_true",
        help="Bluesky: read the app password from standard input",
    )
    connect.add_argument("--owner", metavar="DEPARTMENT", help="who answers what comes in here")
    account("list", run_list, "list them (also without a command)")
    remove = account("remove", run_remove, "disconnect one; what was pulled stays")
    remove.add_argument("account", metavar="ACCOUNT", help="its handle or id")
    owner = account("owner", run_owner, "choose the department that answers for it")
    owner.add_argument("account", metavar="ACCOUNT")
    owner.add_argument("department", metavar="DEPARTMENT")

    listen = group("listen", "searches whose finds enter a reach-out queue", run_listen_list)
    listen("list", run_listen_list, "list them (also without a command)")
    new = listen("add", run_listen_add, "search for words or a #hashtag from now on")
    new.add_argument("account", metavar="ACCOUNT", help="the account that searches")
    new.add_argument("query", metavar="QUERY")
    new.add_argument("--department", metavar="D", help="whose queue; the account’s owner’s if not")
    stop = listen("remove", run_listen_remove, "stop one")
    stop.add_argument("id", type=int, metavar="ID")


def run_add(session: Session) -> None:
    args = session.args
    _check(session)
    session.open(Wanted.OWN)  # the first account makes the workspace
    owner = session.services.directory.find_department(args.owner) if args.owner else None
    connect = _connect_mastodon if args.channel == "mastodon" else _connect_bluesky
    account = connect(session)
    if owner is not None:
        wait(session.services.accounts.set_owner(account.account, owner.id))
        account = next(
            view
            for view in wait(session.services.accounts.list())
            if view.account == account.account
        )
    session.give(shapes.account(account))
    session.say(f"{account.handle} is connected. “seamline sync” pulls what was said.")


def _check(session: Session) -> None:
    """Refuse what cannot be meant, before anything is made or asked."""
    args = session.args
    if args.channel == "mastodon":
        if not args.server:
            hint = "Name your server: --server https://mastodon.example"
            raise WrongUse("Mastodon needs --server.", hint=hint)
        if args.handle or args.app_password_stdin:
            raise WrongUse("--handle and --app-password-stdin are for Bluesky.")
    else:
        if args.token_stdin:
            raise WrongUse("--token-stdin is for Mastodon.", hint="Use --app-password-stdin.")
        if not args.handle or not args.app_password_stdin:
            raise WrongUse(
                "Bluesky needs --handle and --app-password-stdin.",
                hint="An app password is made in the settings of Bluesky.",
            )


def _connect_mastodon(session: Session) -> AccountView:
    server, accounts = session.args.server, session.services.accounts
    if session.args.token_stdin:
        return wait(accounts.connect_mastodon_token(server, read_secret("access token")))
    return wait(accounts.connect_mastodon_oauth(server, _open_browser))


def _connect_bluesky(session: Session) -> AccountView:
    args = session.args
    password = read_secret("app password")
    connect = session.services.accounts.connect_bluesky
    return wait(connect(args.server or _BLUESKY, args.handle, password))


def _open_browser(url: str) -> None:
    """Also prints the address: the browser may be on another machine, or not be found."""
    print(f"Sign in with your browser:\n{url}", file=sys.stderr, flush=True)
    webbrowser.open(url)


def run_list(session: Session) -> None:
    accounts = wait(session.services.accounts.list())
    session.give([shapes.account(account) for account in accounts])
    session.show_table(
        [
            (
                account.handle,
                account.channel.label,
                session.services.directory.department(account.owner).short,
                account.state.replace("-", " "),
                moment(account.synced_ms, session.now_ms) if account.synced_ms else "never",
                account.message or account.server,
            )
            for account in accounts
        ],
        ("ACCOUNT", "CHANNEL", "OWNER", "STATE", "SYNCED", ""),
        "No account is connected. “seamline account add --help” says how.",
    )


def run_remove(session: Session) -> None:
    account = wait(session.services.accounts.resolve(session.args.account))
    wait(session.services.accounts.remove(account))
    session.give({"account": str(account), "removed": True})
    session.say(f"{session.args.account} is disconnected; what was pulled stays.")


def run_owner(session: Session) -> None:
    department = session.services.directory.find_department(session.args.department)
    account = wait(session.services.accounts.resolve(session.args.account))
    wait(session.services.accounts.set_owner(account, department.id))
    session.give({"account": str(account), "owner": department.id})
    session.say(f"{department.name} answers for {session.args.account} now.")


def run_listen_list(session: Session) -> None:
    searches = wait(session.services.accounts.searches())
    handles = {view.account: view.handle for view in wait(session.services.accounts.list())}
    session.give([shapes.saved_search(search) for search in searches])
    session.show_table(
        [
            (
                str(search.id),
                handles.get(search.account, ""),
                session.services.directory.department(search.department).short,
                search.query,
            )
            for search in searches
        ],
        ("ID", "ACCOUNT", "FOR", "QUERY"),
        "Nothing is listened for.",
    )


def run_listen_add(session: Session) -> None:
    args = session.args
    if not args.query.strip():
        raise WrongUse("The search is empty.", hint="Name words or a #hashtag.")
    accounts = session.services.accounts
    account = wait(accounts.resolve(args.account))
    if args.department:
        department = session.services.directory.find_department(args.department).id
    else:
        department = next(v.owner for v in wait(accounts.list()) if v.account == account)
    search = wait(accounts.add_search(account, args.query, department))
    session.give(shapes.saved_search(search))
    session.say(f"What {args.account} finds for “{args.query}” is for {department} to reach out.")


def run_listen_remove(session: Session) -> None:
    wait(session.services.accounts.remove_search(session.args.id))
    session.give({"id": session.args.id, "removed": True})
    session.say("It is not searched for any more; what was found stays.")
