"""The tables of a workspace.

Ids that a rule computed (accounts, identities, conversations, cases, uids) are 63-bit hashes and
row ids at once, see ``app.domain.ids``. All times are milliseconds since 1970 in UTC. The comments
at the indexes say which question earns each of them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData()


def _id(name: str = "id") -> Column[int]:
    # INTEGER PRIMARY KEY, and so the row id itself.
    return Column(name, Integer, primary_key=True, autoincrement=False)


setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

department = Table(
    "department",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("short", Text, nullable=False),
    Column("colour", Text, nullable=False),
    Column("responds", Text, nullable=False),
    Column("reaches_out", Text, nullable=False),
    Column("voice", Text, nullable=False),
)

agent = Table(
    "agent",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("away", Boolean, nullable=False, server_default=text("0")),
    Column("away_until_ms", BigInteger),
    Column("deputy", Text),
)
"""``away_until_ms`` NULL while away: until called back."""

account = Table(
    "account",
    metadata,
    _id(),
    Column("channel", Text, nullable=False),
    Column("server", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("avatar_url", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("removed_ms", BigInteger),
    Column("synced_ms", BigInteger),
    Column("history_since_ms", BigInteger),
    Column("history_done", Boolean, nullable=False),
    Column("pictures", Text, nullable=False),
)

cursor = Table(
    "cursor",
    metadata,
    Column("account", BigInteger, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

secret = Table(
    "secret",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

saved_search = Table(
    "saved_search",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", BigInteger, nullable=False),
    Column("query", Text, nullable=False),
    Column("department", Text, nullable=False),
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("icon", Text, nullable=False),
    Column("shows", Text, nullable=False),
)
"""``shows`` is which queue, how it is narrowed and in which order, as JSON."""

identity = Table(
    "identity",
    metadata,
    _id(),
    Column("channel", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("handle", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("avatar_url", Text, nullable=False),
    Column("profile_url", Text, nullable=False),
    Column("followers", Integer),
    Column("customer", BigInteger, nullable=False),
    Column("owner", Text),
    Column("standing", Text),
    # Which identities does this customer have?
    Index("identity_customer", "customer"),
)
"""``owner`` is the agent who holds the relationship; ``standing`` what was settled about
promotion. NULL where nothing was."""

identity_evidence = Table(
    "identity_evidence",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("identity", BigInteger, primary_key=True),
    # What is known of this one?
    Index("evidence_identity", "identity"),
    sqlite_with_rowid=False,
)
"""What identities say of themselves that another may say too: a link, a verified link, a mail
address, the hash of a picture; by its plain form, so that its twins stand together."""

match_declined = Table(
    "match_declined",
    metadata,
    Column("first", BigInteger, primary_key=True),
    Column("second", BigInteger, primary_key=True),
    sqlite_with_rowid=False,
)
"""Two identities that an agent said are two people, the smaller first."""

noise_mark = Table(
    "noise_mark",
    metadata,
    _id("case_id"),
    Column("noise", Boolean, nullable=False),
)
"""What people said of cases: needs no answer, or does. What the classifier learns from."""

mood_set = Table(
    "mood_set",
    metadata,
    _id("uid"),
    Column("mood", Integer, nullable=False),
)
"""The mood of an interaction where an agent corrected what its words say."""

template_version = Table(
    "template_version",
    metadata,
    _id(),
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("department", Text),
    Column("language", Text, nullable=False),
    Column("owner", Text),
    Column("promotional", Boolean, nullable=False),
    Column("wrong", Boolean, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("saved_ms", BigInteger, nullable=False),
    Column("saved_by", Text, nullable=False),
)

campaign = Table(
    "campaign",
    metadata,
    Column("name", Text, primary_key=True),
    Column("brief", Text, nullable=False),
    Column("codes", Text, nullable=False),
    Column("starts_ms", BigInteger),
    Column("ends_ms", BigInteger),
)
"""``codes`` are its coupons, as a JSON array."""

interaction = Table(
    "interaction",
    metadata,
    _id("key"),
    Column("uid", BigInteger, nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("direction", Integer, nullable=False),
    Column("side", Integer, nullable=False),
    Column("author", BigInteger, nullable=False),
    Column("party", BigInteger),
    Column("conversation", BigInteger, nullable=False),
    Column("parent", BigInteger),
    Column("orphan", Boolean, nullable=False),
    Column("visibility", Integer, nullable=False),
    Column("occurred_ms", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("warning", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("media", Text),
    Column("likes", Integer, nullable=False),
    Column("boosts", Integer, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("edited_ms", BigInteger),
    Column("deleted_ms", BigInteger),
    # Do we have it already? Who is its parent?
    Index("interaction_uid", "uid", unique=True),
    # Read a conversation in order (the row id is the key, and ends every index).
    Index("interaction_conversation", "conversation"),
    # Whose missing parent has just arrived?
    Index("interaction_orphan", "parent", sqlite_where=text("orphan = 1")),
)

timeline = Table(
    "timeline",
    metadata,
    Column("identity", BigInteger, primary_key=True),
    Column("key", BigInteger, primary_key=True),
    Column("touch", Integer),
    sqlite_with_rowid=False,
)
"""What stands in the timeline of an identity: its own touches, answers to it, and the posts it
answered. Joining two identities to one customer changes nothing here.

``touch`` repeats what an interaction with this very identity is: its kind on the service side, its
kind below zero on the marketing side, NULL for what only stands around. So ten thousand of them
are counted by month and kind without reading one."""

revision = Table(
    "revision",
    metadata,
    Column("key", BigInteger, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("warning", Text, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

raw = Table(
    "raw",
    metadata,
    _id("key"),
    Column("dictionary", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

dictionary = Table(
    "dictionary",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Trained zstd dictionaries, one a channel; bodies in ``raw`` name theirs, 0 for none."""

event = Table(
    "event",
    metadata,
    Column("id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("agent", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("stamp", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    # Fold a case; show its decisions in the timeline.
    Index("event_subject", "subject", "stamp"),
    # Where did the hybrid clock stand? What came since?
    Index("event_stamp", "stamp"),
)

_QUEUED_BY = ("last_key", "last_in_key", "soon_ms", "reach", "account")

case_state = Table(
    "case_state",
    metadata,
    _id(),
    Column("identity", BigInteger, nullable=False),
    Column("conversation", BigInteger, nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("department", Text, nullable=False),
    Column("queue", Integer, nullable=False),
    Column("status", Integer, nullable=False),
    Column("assignee", Text),
    Column("urgency", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("pending_from", Text),
    Column("snoozed_until_ms", BigInteger),
    Column("opened_ms", BigInteger, nullable=False),
    Column("closed_ms", BigInteger),
    Column("fold", Text, nullable=False),
    Column("last_key", BigInteger, nullable=False),
    Column("last_in_key", BigInteger, nullable=False),
    Column("first_reply_ms", BigInteger),
    Column("waiting_since_ms", BigInteger),
    Column("started_ms", BigInteger, nullable=False),
    Column("soon_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("due_kind", Text, nullable=False),
    Column("passes_ms", BigInteger),
    Column("clocks", Text, nullable=False),
    Column("reach", BigInteger, nullable=False),
    # A department's queue by deadline. Both queue indexes also hold what queues are sorted and
    # filtered by, so that choosing fifty of 20,000 open cases reads no case but the fifty.
    Index(
        "case_queue", "department", "queue", "due_ms", *_QUEUED_BY,
        sqlite_where=text("status = 1"),
    ),
    # My work, the unassigned and everything; the counts of the sidebar, in the order of the index.
    Index(
        "case_assignee", "assignee", "department", "queue", "pending_from", "due_ms", *_QUEUED_BY,
        sqlite_where=text("status = 1"),
    ),
    # Which promise passes unmet next, and is not in the ledger yet?
    Index("case_passes", "passes_ms", sqlite_where=text("passes_ms NOTNULL")),
    # What needs no answer, latest first.
    Index("case_noise", "last_key", sqlite_where=text("status = 5")),
    # What is snoozed, and what wakes next.
    Index("case_snoozed", "snoozed_until_ms", sqlite_where=text("status = 2")),
    # Which case does this message belong to? Which cases has this customer?
    Index("case_identity", "identity", "conversation"),
    # Whose conversation has just been joined to another?
    Index("case_conversation", "conversation"),
    # Closed ones, latest first.
    Index("case_closed", "closed_ms", sqlite_where=text("status = 3")),
)  # fmt: skip
"""The projection of the ledger (and of the facts a deadline depends on). ``fold`` is the whole
``CaseState`` as JSON, ``clocks`` every ``CaseClock``; the other columns repeat what queues filter
and sort by. ``started_ms``, ``soon_ms`` and ``due_ms`` are those of the clock that is due first,
``due_kind`` says which that is. ``reach`` repeats the followers of the identity, 0 where they are
not known."""

seen = Table(
    "seen",
    metadata,
    _id("case_id"),
    Column("key", BigInteger, nullable=False),
)
"""How far this laptop's agent has read."""

draft = Table(
    "draft",
    metadata,
    _id("case_id"),
    Column("text", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("warning", Text, nullable=False),
    Column("visibility", Integer),
    Column("answer_to", Text, nullable=False),
    Column("answer_visibility", Integer),
    Column("answer_chosen", Boolean, nullable=False),
    Column("saved_ms", BigInteger, nullable=False),
)
"""What is written and not sent, one row a case; see ``app.domain.replies.Written``."""

draft_picture = Table(
    "draft_picture",
    metadata,
    Column("case_id", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""``digest`` tells whether a picture is the one that is kept already, without reading it."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("act", Text, nullable=False),
    Column("account", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("lane", BigInteger, nullable=False),
    Column("target", Text, nullable=False),
    Column("record_key", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("not_before_ms", BigInteger, nullable=False),
    Column("case_id", BigInteger),
    Column("department", Text),
    Column("text", Text, nullable=False),
    Column("warning", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("visibility", Integer, nullable=False),
    Column("mention", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("attempted_ms", BigInteger),
    Column("error", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("native_id", Text, nullable=False),
    Column("known", Text, nullable=False),
    Column("uid", BigInteger),
    Column("template", BigInteger),
    Column("template_number", Integer),
    # What is still to leave, lane by lane in order.
    Index(
        "outbox_waiting", "lane", "created_ms",
        sqlite_where=text("state NOT IN ('sent', 'cancelled')"),
    ),
    # Which of our posts was written here, and by whom?
    Index("outbox_uid", "uid", sqlite_where=text("uid IS NOT NULL")),
    # Who was told this wording?
    Index("outbox_template", "template", "template_number",
          sqlite_where=text("template IS NOT NULL")),
)  # fmt: skip
"""``uid`` is the interaction an item became, once it is sent; ``known`` is what its agent knew of
the answered message, see ``app.store.known``; ``template`` and ``template_number`` the wording it
began with."""

attachment = Table(
    "attachment",
    metadata,
    Column("item", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

picture = Table(
    "picture",
    metadata,
    _id(),
    Column("stored_ms", BigInteger, nullable=False),
    Column("size", Integer, nullable=False),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    # Which go first when there is no more room? Which are there, and how large, unread?
    Index("picture_stored", "stored_ms", "size"),
)
"""Small copies of pictures from outside, by the hash of their address. See app.store.pictures."""

# Symbols are kept as words, so that emoji are found; see app.store.words for the rest.
_FTS = (
    "CREATE VIRTUAL TABLE {} USING fts5(body, content='', contentless_delete=1,"
    " tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co So Sk'\")"
)
# A block of the index, with its row around it, fills a page of the file: by SQLite’s own measure it
# would be 70 bytes too large for an encrypted page, and each take a second one.
_BLOCK = "INSERT INTO {0} ({0}, rank) VALUES ('pgsz', 3970)"
SEARCH_DDL = tuple(
    statement.format(name) for name in ("search", "identity_search") for statement in (_FTS, _BLOCK)
)
"""Full-text indexes: ``search`` by interaction key, ``identity_search`` by identity id.
They hold no text of their own and are fed in bulk with every batch."""
