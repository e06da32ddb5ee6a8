"""The database's schema, as the numbered steps by which every older file is brought up to date.

A released step is never edited: its number is in files on handhelds. `raw`, `details`, `body` and
`snapshot` are sealed fields (see hht.store.secrets.fields); 64-bit counters are 8 bytes big-endian,
because SQLite's integers are signed.
"""

import sqlite3
from collections.abc import Sequence

STEPS: tuple[str, ...] = (
    # 1: jobs, their Local Commands, what was captured, what goes back, the state of a journey
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY,
        reference TEXT NOT NULL,
        content BLOB NOT NULL UNIQUE,
        details BLOB NOT NULL,
        imported_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE certificates (
        job_id INTEGER NOT NULL REFERENCES jobs,
        name TEXT NOT NULL,
        pem BLOB NOT NULL,
        PRIMARY KEY (job_id, name)
    ) STRICT;
    CREATE TABLE commands (
        id INTEGER PRIMARY KEY,
        job_id INTEGER NOT NULL REFERENCES jobs,
        position INTEGER NOT NULL,
        title TEXT NOT NULL,
        request_id TEXT NOT NULL,
        service_reference TEXT NOT NULL,
        service_reference_variant TEXT NOT NULL,
        device BLOB NOT NULL,
        party BLOB NOT NULL,
        counter BLOB NOT NULL,
        message_code INTEGER NOT NULL,
        raw BLOB NOT NULL,
        after TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN
            ('waiting', 'sending', 'delivered', 'answered', 'refused', 'unknown', 'failed',
             'skipped')),
        reason TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        UNIQUE (job_id, position)
    ) STRICT;
    CREATE INDEX commands_by_key ON commands (counter, device, party, message_code);
    CREATE TRIGGER an_answered_command_is_final BEFORE UPDATE OF state ON commands
        WHEN OLD.state = 'answered' AND NEW.state <> 'answered'
        BEGIN SELECT RAISE(ABORT, 'a command with a positive Response is final'); END;
    CREATE TABLE returns (
        id INTEGER PRIMARY KEY,
        service TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'ready', 'sent', 'received', 'refused')),
        idempotency_key TEXT UNIQUE,
        request_id TEXT,
        request_counter INTEGER UNIQUE,
        original_request_id TEXT,
        body BLOB,
        note TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX returns_by_state ON returns (state, id);
    CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        job_id INTEGER REFERENCES jobs,
        hub BLOB NOT NULL,
        received_at TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        raw BLOB NOT NULL,
        cra INTEGER,
        originator BLOB,
        recipient BLOB,
        counter BLOB,
        message_code INTEGER,
        alert_code INTEGER,
        command_id INTEGER REFERENCES commands,
        return_id INTEGER REFERENCES returns,
        copies INTEGER NOT NULL DEFAULT 1
    ) STRICT;
    CREATE UNIQUE INDEX captures_once ON captures (sha256, COALESCE(job_id, 0));
    CREATE INDEX captures_by_job ON captures (job_id, id);
    CREATE INDEX captures_by_return ON captures (return_id) WHERE return_id IS NOT NULL;
    CREATE TABLE journeys (
        job_id INTEGER NOT NULL REFERENCES jobs,
        name TEXT NOT NULL,
        snapshot BLOB NOT NULL,
        PRIMARY KEY (job_id, name)
    ) STRICT;
    """,
    # 2: the PIN, secrets by name, the audit trail; drafts, receipts and leases of the outbox
    """
    CREATE TABLE vault (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        salt BLOB NOT NULL,
        wrapped BLOB NOT NULL,
        memory_kib INTEGER NOT NULL,
        passes INTEGER NOT NULL,
        lanes INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        not_before TEXT,
        wipe_after INTEGER
    ) STRICT;
    CREATE TABLE keyring (name TEXT PRIMARY KEY, secret BLOB NOT NULL) STRICT;
    CREATE TABLE audit_key (id INTEGER PRIMARY KEY CHECK (id = 1), secret BLOB NOT NULL) STRICT;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        mac BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER the_audit_trail_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER the_audit_trail_is_not_shortened BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    ALTER TABLE returns ADD COLUMN job_id INTEGER REFERENCES jobs;
    ALTER TABLE returns ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE returns ADD COLUMN try_after TEXT;
    ALTER TABLE returns ADD COLUMN leased_until TEXT;
    CREATE TABLE receipts (
        return_id INTEGER PRIMARY KEY REFERENCES returns,
        code TEXT NOT NULL,
        received_at TEXT NOT NULL,
        document BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER a_received_item_has_its_receipt BEFORE UPDATE OF state ON returns
        WHEN NEW.state = 'received' AND NOT EXISTS
            (SELECT 1 FROM receipts WHERE return_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'only a receipt makes an item received'); END;
    CREATE TRIGGER a_received_item_stays_received BEFORE UPDATE OF state ON returns
        WHEN OLD.state = 'received' AND NEW.state <> 'received'
        BEGIN SELECT RAISE(ABORT, 'a received item is final'); END;
    CREATE TRIGGER an_item_is_deleted_only_when_received BEFORE DELETE ON returns
        WHEN OLD.state NOT IN ('received', 'draft')
        BEGIN SELECT RAISE(ABORT, 'an item is kept until its receipt'); END;
    """,
    # 3: one index where there were two, because each costs a page with every capture
    """
    DROP INDEX captures_once;
    DROP INDEX captures_by_job;
    CREATE UNIQUE INDEX captures_once ON captures (COALESCE(job_id, 0), sha256);
    """,
    # 4: two indexes less for a capture to write: an item finds its capture by job and hash, and
    #    one writer keeps its own count of counters
    """
    DROP INDEX captures_by_return;
    CREATE TABLE new_returns (
        id INTEGER PRIMARY KEY,
        job_id INTEGER REFERENCES jobs,
        service TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'ready', 'sent', 'received', 'refused')),
        idempotency_key TEXT UNIQUE,
        request_id TEXT,
        request_counter INTEGER,
        original_request_id TEXT,
        message_sha256 BLOB,
        body BLOB,
        note TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        try_after TEXT,
        leased_until TEXT
    ) STRICT;
    INSERT INTO new_returns
        SELECT r.id, COALESCE(c.job_id, r.job_id), r.service, r.state, r.idempotency_key,
            r.request_id, r.request_counter, r.original_request_id, c.sha256, r.body, r.note,
            r.created_at, r.tries, r.try_after, r.leased_until
        FROM returns r
        LEFT JOIN (SELECT MIN(id), return_id, job_id, sha256 FROM captures GROUP BY return_id) c
            ON c.return_id = r.id;
    DROP TABLE returns;
    ALTER TABLE new_returns RENAME TO returns;
    CREATE INDEX returns_by_state ON returns (state, id);
    CREATE TRIGGER a_received_item_has_its_receipt BEFORE UPDATE OF state ON returns
        WHEN NEW.state = 'received' AND NOT EXISTS
            (SELECT 1 FROM receipts WHERE return_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'only a receipt makes an item received'); END;
    CREATE TRIGGER a_received_item_stays_received BEFORE UPDATE OF state ON returns
        WHEN OLD.state = 'received' AND NEW.state <> 'received'
        BEGIN SELECT RAISE(ABORT, 'a received item is final'); END;
    CREATE TRIGGER an_item_is_deleted_only_when_received BEFORE DELETE ON returns
        WHEN OLD.state NOT IN ('received', 'draft')
        BEGIN SELECT RAISE(ABORT, 'an item is kept until its receipt'); END;
    """,
    # 5: how a message was judged is kept with it; what brought a Local Command to its state,
    #    whether its Response was kept, and the state `heard`; nothing ever led to `failed`
    """
    CREATE TABLE new_commands (
        id INTEGER PRIMARY KEY,
        job_id INTEGER NOT NULL REFERENCES jobs,
        position INTEGER NOT NULL,
        title TEXT NOT NULL,
        request_id TEXT NOT NULL,
        service_reference TEXT NOT NULL,
        service_reference_variant TEXT NOT NULL,
        device BLOB NOT NULL,
        party BLOB NOT NULL,
        counter BLOB NOT NULL,
        message_code INTEGER NOT NULL,
        raw BLOB NOT NULL,
        after TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN
            ('waiting', 'sending', 'delivered', 'answered', 'refused', 'unknown', 'heard',
             'skipped')),
        reason TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        last_event TEXT,
        captured INTEGER NOT NULL DEFAULT 0,
        UNIQUE (job_id, position)
    ) STRICT;
    INSERT INTO new_commands
        SELECT id, job_id, position, title, request_id, service_reference,
            service_reference_variant, device, party, counter, message_code, raw, after,
            CASE state WHEN 'failed' THEN 'waiting' ELSE state END, reason, tries,
            CASE WHEN state = 'answered' AND reason = 'The engineer saw that it was done'
                THEN 'settled-as-done' END,
            id IN (SELECT command_id FROM captures)
        FROM commands;
    DROP TABLE commands;
    ALTER TABLE new_commands RENAME TO commands;
    CREATE INDEX commands_by_key ON commands (counter, device, party, message_code);
    CREATE TRIGGER an_answered_command_is_final BEFORE UPDATE OF state ON commands
        WHEN OLD.state = 'answered' AND NEW.state <> 'answered'
        BEGIN SELECT RAISE(ABORT, 'a command with a positive Response is final'); END;
    ALTER TABLE captures ADD COLUMN mac TEXT;
    ALTER TABLE captures ADD COLUMN signature TEXT;
    ALTER TABLE captures ADD COLUMN positive INTEGER;
    ALTER TABLE captures ADD COLUMN outcome TEXT;
    ALTER TABLE captures ADD COLUMN encrypted INTEGER;
    """,
    # 6: what happens on visits and to the outbox is kept, event by event; captures that are
    #    forgotten take with them the events that quote them
    """
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        job_id INTEGER REFERENCES jobs,
        sitting INTEGER NOT NULL,
        source TEXT NOT NULL,
        version INTEGER NOT NULL,
        at TEXT NOT NULL,
        seconds REAL NOT NULL,
        name TEXT NOT NULL,
        capture_id INTEGER,
        facts BLOB NOT NULL
    ) STRICT;
    CREATE INDEX events_by_job ON events (job_id, id);
    """,
    # 7: an item that was exported is `written`, what a person must look at is `held`; before, both
    #    had other names, and an answer of HTTP alone could refuse an item. What is being sent is
    #    known to the one process that may write the file, and no more to the file.
    """
    CREATE TABLE new_returns (
        id INTEGER PRIMARY KEY,
        job_id INTEGER REFERENCES jobs,
        service TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN
            ('draft', 'ready', 'written', 'sent', 'received', 'refused', 'held')),
        idempotency_key TEXT UNIQUE,
        request_id TEXT,
        request_counter INTEGER,
        original_request_id TEXT,
        message_sha256 BLOB,
        body BLOB,
        note TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        try_after TEXT
    ) STRICT;
    INSERT INTO new_returns
        SELECT id, job_id, service,
            CASE
                WHEN state = 'sent' AND tries = 0 THEN 'written'
                WHEN state = 'refused' AND note LIKE 'The gateway refuses it with HTTP %'
                    THEN 'sent'
                WHEN state = 'refused' AND note NOT GLOB 'E[0-9]*' THEN 'held'
                ELSE state
            END,
            idempotency_key, request_id, request_counter, original_request_id, message_sha256, body,
            note, created_at, tries, try_after
        FROM returns;
    DROP TABLE returns;
    ALTER TABLE new_returns RENAME TO returns;
    CREATE INDEX returns_by_state ON returns (state, id);
    CREATE TRIGGER a_received_item_has_its_receipt BEFORE UPDATE OF state ON returns
        WHEN NEW.state = 'received' AND NOT EXISTS
            (SELECT 1 FROM receipts WHERE return_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'only a receipt makes an item received'); END;
    CREATE TRIGGER a_received_item_stays_received BEFORE UPDATE OF state ON returns
        WHEN OLD.state = 'received' AND NEW.state <> 'received'
        BEGIN SELECT RAISE(ABORT, 'a received item is final'); END;
    CREATE TRIGGER an_item_is_deleted_only_when_received BEFORE DELETE ON returns
        WHEN OLD.state NOT IN ('received', 'draft')
        BEGIN SELECT RAISE(ABORT, 'an item is kept until its receipt'); END;
    """,
    # 8: titles, references, reasons, notes, receipts and the trail's subjects may be sealed; an
    #    entry of the trail vouches for the rows that its change has touched; tries of the PIN are
    #    counted by how they ended, and a wait runs on the clock that nobody can set
    """
    CREATE TABLE new_jobs (
        id INTEGER PRIMARY KEY,
        reference BLOB NOT NULL,
        content BLOB NOT NULL UNIQUE,
        details BLOB NOT NULL,
        imported_at TEXT NOT NULL
    ) STRICT;
    INSERT INTO new_jobs
        SELECT id, CAST(reference AS BLOB), content, details, imported_at FROM jobs;
    DROP TABLE jobs;
    ALTER TABLE new_jobs RENAME TO jobs;
    CREATE TABLE new_commands (
        id INTEGER PRIMARY KEY,
        job_id INTEGER NOT NULL REFERENCES jobs,
        position INTEGER NOT NULL,
        title BLOB NOT NULL,
        request_id TEXT NOT NULL,
        service_reference TEXT NOT NULL,
        service_reference_variant TEXT NOT NULL,
        device BLOB NOT NULL,
        party BLOB NOT NULL,
        counter BLOB NOT NULL,
        message_code INTEGER NOT NULL,
        raw BLOB NOT NULL,
        after TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN
            ('waiting', 'sending', 'delivered', 'answered', 'refused', 'unknown', 'heard',
             'skipped')),
        reason BLOB,
        tries INTEGER NOT NULL DEFAULT 0,
        last_event TEXT,
        captured INTEGER NOT NULL DEFAULT 0,
        UNIQUE (job_id, position)
    ) STRICT;
    INSERT INTO new_commands
        SELECT id, job_id, position, CAST(title AS BLOB), request_id, service_reference,
            service_reference_variant, device, party, counter, message_code, raw, after, state,
            CAST(NULLIF(reason, '') AS BLOB), tries, last_event, captured
        FROM commands;
    DROP TABLE commands;
    ALTER TABLE new_commands RENAME TO commands;
    CREATE INDEX commands_by_key ON commands (counter, device, party, message_code);
    CREATE TRIGGER an_answered_command_is_final BEFORE UPDATE OF state ON commands
        WHEN OLD.state = 'answered' AND NEW.state <> 'answered'
        BEGIN SELECT RAISE(ABORT, 'a command with a positive Response is final'); END;
    CREATE TABLE new_returns (
        id INTEGER PRIMARY KEY,
        job_id INTEGER REFERENCES jobs,
        service TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN
            ('draft', 'ready', 'written', 'sent', 'received', 'refused', 'held')),
        idempotency_key TEXT UNIQUE,
        request_id TEXT,
        request_counter INTEGER,
        original_request_id TEXT,
        message_sha256 BLOB,
        body BLOB,
        note BLOB,
        created_at TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        try_after TEXT
    ) STRICT;
    INSERT INTO new_returns
        SELECT id, job_id, service, state, idempotency_key, request_id, request_counter,
            original_request_id, message_sha256, body, CAST(NULLIF(note, '') AS BLOB), created_at,
            tries, try_after
        FROM returns;
    DROP TABLE returns;
    ALTER TABLE new_returns RENAME TO returns;
    CREATE INDEX returns_by_state ON returns (state, id);
    CREATE TRIGGER a_received_item_has_its_receipt BEFORE UPDATE OF state ON returns
        WHEN NEW.state = 'received' AND NOT EXISTS
            (SELECT 1 FROM receipts WHERE return_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'only a receipt makes an item received'); END;
    CREATE TRIGGER a_received_item_stays_received BEFORE UPDATE OF state ON returns
        WHEN OLD.state = 'received' AND NEW.state <> 'received'
        BEGIN SELECT RAISE(ABORT, 'a received item is final'); END;
    CREATE TRIGGER an_item_is_deleted_only_when_received BEFORE DELETE ON returns
        WHEN OLD.state NOT IN ('received', 'draft')
        BEGIN SELECT RAISE(ABORT, 'an item is kept until its receipt'); END;
    CREATE TABLE new_audit (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        subject BLOB NOT NULL,
        rows BLOB,
        mac BLOB NOT NULL
    ) STRICT;
    INSERT INTO new_audit SELECT id, at, action, CAST(subject AS BLOB), NULL, mac FROM audit;
    DROP TABLE audit;
    ALTER TABLE new_audit RENAME TO audit;
    CREATE TRIGGER the_audit_trail_is_not_changed
        BEFORE UPDATE OF id, at, action, rows, mac ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER the_audit_trail_is_not_shortened BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TABLE new_vault (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        salt BLOB NOT NULL,
        wrapped BLOB NOT NULL,
        memory_kib INTEGER NOT NULL,
        passes INTEGER NOT NULL,
        lanes INTEGER NOT NULL,
        wipe_after INTEGER,
        failures INTEGER NOT NULL,
        interrupted INTEGER NOT NULL DEFAULT 0,
        begun INTEGER NOT NULL DEFAULT 0,
        wait REAL NOT NULL DEFAULT 0,
        wait_boot TEXT NOT NULL DEFAULT '',
        wait_from REAL NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO new_vault (id, salt, wrapped, memory_kib, passes, lanes, wipe_after, failures, wait)
        SELECT id, salt, wrapped, memory_kib, passes, lanes, wipe_after, failures,
            CASE WHEN not_before IS NULL OR failures < 3 THEN 0.0
                ELSE MIN(900.0, CAST(1 << MIN(failures - 3, 16) AS REAL)) END
        FROM vault;
    DROP TABLE vault;
    ALTER TABLE new_vault RENAME TO vault;
    CREATE TABLE pin_tries (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        outcome TEXT NOT NULL
    ) STRICT;
    """,
    # 9: what is sealed may be of any type in the file: text that somebody wrote there is then found
    #    by the trail, and keeps no other tool from opening the file
    """
    ALTER TABLE jobs RENAME COLUMN reference TO old_reference;
    ALTER TABLE jobs ADD COLUMN reference ANY;
    UPDATE jobs SET reference = old_reference;
    ALTER TABLE jobs DROP COLUMN old_reference;
    ALTER TABLE commands RENAME COLUMN title TO old_title;
    ALTER TABLE commands ADD COLUMN title ANY;
    UPDATE commands SET title = old_title;
    ALTER TABLE commands DROP COLUMN old_title;
    ALTER TABLE commands RENAME COLUMN reason TO old_reason;
    ALTER TABLE commands ADD COLUMN reason ANY;
    UPDATE commands SET reason = old_reason;
    ALTER TABLE commands DROP COLUMN old_reason;
    ALTER TABLE returns RENAME COLUMN note TO old_note;
    ALTER TABLE returns ADD COLUMN note ANY;
    UPDATE returns SET note = old_note;
    ALTER TABLE returns DROP COLUMN old_note;
    ALTER TABLE audit RENAME COLUMN subject TO old_subject;
    ALTER TABLE audit ADD COLUMN subject ANY;
    UPDATE audit SET subject = old_subject;
    ALTER TABLE audit DROP COLUMN old_subject;
    """,
    # 10: nothing but its number, by which a database is known whose trail does not vouch yet for
    #     the journeys and the events that are in it
    "",
    # 11: a TPM may have a part of the key; then a recovery code opens without it
    """
    ALTER TABLE vault ADD COLUMN tpm BLOB NOT NULL DEFAULT x'';
    ALTER TABLE vault ADD COLUMN recovery BLOB NOT NULL DEFAULT x'';
    """,
    # 12: what the engineer said was done can be taken back, while no Response to it was kept; what
    #     nobody asked to have returned is counted without reading every capture
    """
    DROP TRIGGER an_answered_command_is_final;
    CREATE TRIGGER an_answered_command_is_final BEFORE UPDATE OF state ON commands
        WHEN OLD.state = 'answered' AND NEW.state <> 'answered' AND NOT
            (OLD.last_event IS 'settled-as-done' AND NOT OLD.captured AND NEW.state = 'unknown'
                AND NEW.last_event IS 'taken-back')
        BEGIN SELECT RAISE(ABORT, 'a command with a positive Response is final'); END;
    CREATE INDEX captures_held ON captures (id) WHERE return_id IS NULL;
    """,
)


def version_of(connection: sqlite3.Connection) -> int:
    """Return how many steps this file has had."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    connection: sqlite3.Connection, application_id: int, steps: Sequence[str] = STEPS
) -> None:
    """Take the steps that are missing, each in a transaction of its own with its number.

    Foreign keys must be off, so that a step may put a new table in the place of one that others
    refer to.
    """
    for number in range(version_of(connection), len(steps)):
        connection.executescript(
            f"BEGIN IMMEDIATE; PRAGMA application_id = {application_id}; {steps[number]}"
            f"PRAGMA user_version = {number + 1}; COMMIT;"
        )
