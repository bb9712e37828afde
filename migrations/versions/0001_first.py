"""The first schema."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

_STATEMENTS = (
    """
    CREATE TABLE account (id INTEGER NOT NULL, channel TEXT NOT NULL, server TEXT NOT NULL,
    native_id TEXT NOT NULL, handle TEXT NOT NULL, display_name TEXT NOT NULL, avatar_url
    TEXT NOT NULL, owner TEXT NOT NULL, sample BOOLEAN NOT NULL, created_ms BIGINT NOT NULL,
    removed_ms BIGINT, synced_ms BIGINT, history_since_ms BIGINT, history_done BOOLEAN NOT
    NULL, pictures TEXT NOT NULL, PRIMARY KEY (id))
    """,
    """
    CREATE TABLE agent (id TEXT NOT NULL, name TEXT NOT NULL, department TEXT NOT NULL, away
    BOOLEAN DEFAULT 0 NOT NULL, away_until_ms BIGINT, deputy TEXT, PRIMARY KEY (id))
    """,
    """
    CREATE TABLE attachment (item TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT
    NULL, mime TEXT NOT NULL, description TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY
    (item, position))
    """,
    """
    CREATE TABLE campaign (name TEXT NOT NULL, brief TEXT NOT NULL, codes TEXT NOT NULL,
    starts_ms BIGINT, ends_ms BIGINT, PRIMARY KEY (name))
    """,
    """
    CREATE TABLE case_state (id INTEGER NOT NULL, identity BIGINT NOT NULL, conversation
    BIGINT NOT NULL, account BIGINT NOT NULL, department TEXT NOT NULL, queue INTEGER NOT
    NULL, status INTEGER NOT NULL, assignee TEXT, urgency INTEGER NOT NULL, title TEXT NOT
    NULL, tags TEXT NOT NULL, pending_from TEXT, snoozed_until_ms BIGINT, opened_ms BIGINT
    NOT NULL, closed_ms BIGINT, fold TEXT NOT NULL, last_key BIGINT NOT NULL, last_in_key
    BIGINT NOT NULL, first_reply_ms BIGINT, waiting_since_ms BIGINT, started_ms BIGINT NOT
    NULL, soon_ms BIGINT NOT NULL, due_ms BIGINT NOT NULL, due_kind TEXT NOT NULL, passes_ms
    BIGINT, clocks TEXT NOT NULL, reach BIGINT NOT NULL, PRIMARY KEY (id))
    """,
    """
    CREATE INDEX case_assignee ON case_state (assignee, department, queue, pending_from,
    due_ms, last_key, last_in_key, soon_ms, reach, account) WHERE status = 1
    """,
    "CREATE INDEX case_closed ON case_state (closed_ms) WHERE status = 3",
    "CREATE INDEX case_conversation ON case_state (conversation)",
    "CREATE INDEX case_identity ON case_state (identity, conversation)",
    "CREATE INDEX case_noise ON case_state (last_key) WHERE status = 5",
    "CREATE INDEX case_passes ON case_state (passes_ms) WHERE passes_ms NOTNULL",
    """
    CREATE INDEX case_queue ON case_state (department, queue, due_ms, last_key, last_in_key,
    soon_ms, reach, account) WHERE status = 1
    """,
    "CREATE INDEX case_snoozed ON case_state (snoozed_until_ms) WHERE status = 2",
    """
    CREATE TABLE cursor (account BIGINT NOT NULL, stream TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (account, stream)) WITHOUT ROWID
    """,
    """
    CREATE TABLE department (id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT
    NULL, short TEXT NOT NULL, colour TEXT NOT NULL, responds TEXT NOT NULL, reaches_out
    TEXT NOT NULL, voice TEXT NOT NULL, PRIMARY KEY (id))
    """,
    """
    CREATE TABLE dictionary (id INTEGER NOT NULL, channel TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (id))
    """,
    """
    CREATE TABLE draft (case_id INTEGER NOT NULL, text TEXT NOT NULL, note TEXT NOT NULL,
    warning TEXT NOT NULL, visibility INTEGER, answer_to TEXT NOT NULL, answer_visibility
    INTEGER, answer_chosen BOOLEAN NOT NULL, saved_ms BIGINT NOT NULL, PRIMARY KEY
    (case_id))
    """,
    """
    CREATE TABLE draft_picture (case_id BIGINT NOT NULL, position INTEGER NOT NULL, name
    TEXT NOT NULL, mime TEXT NOT NULL, description TEXT NOT NULL, digest TEXT NOT NULL, body
    BLOB NOT NULL, PRIMARY KEY (case_id, position))
    """,
    """
    CREATE TABLE event (id TEXT NOT NULL, type TEXT NOT NULL, subject BIGINT NOT NULL, agent
    TEXT NOT NULL, device TEXT NOT NULL, stamp BIGINT NOT NULL, data TEXT NOT NULL, PRIMARY
    KEY (id))
    """,
    "CREATE INDEX event_stamp ON event (stamp)",
    "CREATE INDEX event_subject ON event (subject, stamp)",
    """
    CREATE TABLE identity (id INTEGER NOT NULL, channel TEXT NOT NULL, native_id TEXT NOT
    NULL, handle TEXT NOT NULL, display_name TEXT NOT NULL, avatar_url TEXT NOT NULL,
    profile_url TEXT NOT NULL, followers INTEGER, customer BIGINT NOT NULL, owner TEXT,
    standing TEXT, PRIMARY KEY (id))
    """,
    "CREATE INDEX identity_customer ON identity (customer)",
    """
    CREATE TABLE identity_evidence (kind TEXT NOT NULL, value TEXT NOT NULL, identity BIGINT
    NOT NULL, PRIMARY KEY (kind, value, identity)) WITHOUT ROWID
    """,
    "CREATE INDEX evidence_identity ON identity_evidence (identity)",
    """
    CREATE TABLE interaction ("key" INTEGER NOT NULL, uid BIGINT NOT NULL, account BIGINT
    NOT NULL, native_id TEXT NOT NULL, kind INTEGER NOT NULL, direction INTEGER NOT NULL,
    side INTEGER NOT NULL, author BIGINT NOT NULL, party BIGINT, conversation BIGINT NOT
    NULL, parent BIGINT, orphan BOOLEAN NOT NULL, visibility INTEGER NOT NULL, occurred_ms
    BIGINT NOT NULL, text TEXT NOT NULL, subject TEXT NOT NULL, warning TEXT NOT NULL,
    language TEXT NOT NULL, url TEXT NOT NULL, media TEXT, likes INTEGER NOT NULL, boosts
    INTEGER NOT NULL, found BOOLEAN NOT NULL, edited_ms BIGINT, deleted_ms BIGINT, PRIMARY
    KEY ("key"))
    """,
    "CREATE INDEX interaction_conversation ON interaction (conversation)",
    "CREATE INDEX interaction_orphan ON interaction (parent) WHERE orphan = 1",
    "CREATE UNIQUE INDEX interaction_uid ON interaction (uid)",
    """
    CREATE TABLE match_declined (first BIGINT NOT NULL, second BIGINT NOT NULL, PRIMARY KEY
    (first, second)) WITHOUT ROWID
    """,
    "CREATE TABLE mood_set (uid INTEGER NOT NULL, mood INTEGER NOT NULL, PRIMARY KEY (uid))",
    """
    CREATE TABLE noise_mark (case_id INTEGER NOT NULL, noise BOOLEAN NOT NULL, PRIMARY KEY
    (case_id))
    """,
    """
    CREATE TABLE outbox (id TEXT NOT NULL, act TEXT NOT NULL, account BIGINT NOT NULL,
    channel TEXT NOT NULL, lane BIGINT NOT NULL, target TEXT NOT NULL, record_key TEXT NOT
    NULL, agent TEXT NOT NULL, created_ms BIGINT NOT NULL, not_before_ms BIGINT NOT NULL,
    case_id BIGINT, department TEXT, text TEXT NOT NULL, warning TEXT NOT NULL, language
    TEXT NOT NULL, visibility INTEGER NOT NULL, mention TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL, attempted_ms BIGINT, error TEXT NOT NULL, hint TEXT NOT NULL,
    native_id TEXT NOT NULL, known TEXT NOT NULL, uid BIGINT, template BIGINT,
    template_number INTEGER, PRIMARY KEY (id))
    """,
    """
    CREATE INDEX outbox_template ON outbox (template, template_number) WHERE template IS NOT
    NULL
    """,
    "CREATE INDEX outbox_uid ON outbox (uid) WHERE uid IS NOT NULL",
    """
    CREATE INDEX outbox_waiting ON outbox (lane, created_ms) WHERE state NOT IN ('sent',
    'cancelled')
    """,
    """
    CREATE TABLE picture (id INTEGER NOT NULL, stored_ms BIGINT NOT NULL, size INTEGER NOT
    NULL, mime TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, body BLOB NOT
    NULL, PRIMARY KEY (id))
    """,
    "CREATE INDEX picture_stored ON picture (stored_ms, size)",
    """
    CREATE TABLE raw ("key" INTEGER NOT NULL, dictionary INTEGER NOT NULL, body BLOB NOT
    NULL, PRIMARY KEY ("key"))
    """,
    """
    CREATE TABLE revision ("key" BIGINT NOT NULL, number INTEGER NOT NULL, text TEXT NOT
    NULL, subject TEXT NOT NULL, warning TEXT NOT NULL, seen_ms BIGINT NOT NULL, PRIMARY KEY
    ("key", number)) WITHOUT ROWID
    """,
    """
    CREATE TABLE saved_search (id INTEGER NOT NULL, account BIGINT NOT NULL, "query" TEXT
    NOT NULL, department TEXT NOT NULL, PRIMARY KEY (id))
    """,
    """
    CREATE TABLE saved_view (id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT
    NULL, icon TEXT NOT NULL, shows TEXT NOT NULL, PRIMARY KEY (id))
    """,
    """
    CREATE TABLE secret (owner TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (owner))
    WITHOUT ROWID
    """,
    """
    CREATE TABLE seen (case_id INTEGER NOT NULL, "key" BIGINT NOT NULL, PRIMARY KEY
    (case_id))
    """,
    "CREATE TABLE setting (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name))",
    """
    CREATE TABLE template_version (id INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT
    NOT NULL, text TEXT NOT NULL, department TEXT, language TEXT NOT NULL, owner TEXT,
    promotional BOOLEAN NOT NULL, wrong BOOLEAN NOT NULL, retired BOOLEAN NOT NULL, saved_ms
    BIGINT NOT NULL, saved_by TEXT NOT NULL, PRIMARY KEY (id, number))
    """,
    """
    CREATE TABLE timeline (identity BIGINT NOT NULL, "key" BIGINT NOT NULL, touch INTEGER,
    PRIMARY KEY (identity, "key")) WITHOUT ROWID
    """,
    """
    CREATE VIRTUAL TABLE search USING fts5(body, content='', contentless_delete=1,
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co So Sk'")
    """,
    "INSERT INTO search (search, rank) VALUES ('pgsz', 3970)",
    """
    CREATE VIRTUAL TABLE identity_search USING fts5(body, content='', contentless_delete=1,
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co So Sk'")
    """,
    "INSERT INTO identity_search (identity_search, rank) VALUES ('pgsz', 3970)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """There is nothing before the first schema."""
