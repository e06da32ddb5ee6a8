PRAGMA application_id = 1212699732;
PRAGMA user_version = 7;
BEGIN TRANSACTION;
CREATE TABLE audit (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        mac BLOB NOT NULL
    ) STRICT;
INSERT INTO "audit" VALUES(1,'2026-11-20T09:00:00.000Z','job imported','job 1, content 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',X'11BD1494834BB8B85A193DC6B23E8C040F9673169969246B1F5AA9079D61C8B7');
CREATE TABLE audit_key (id INTEGER PRIMARY KEY CHECK (id = 1), secret BLOB NOT NULL) STRICT;
INSERT INTO "audit_key" VALUES(1,X'0000000000000000000000000000000000000000000000000000000000000000');
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
    , mac TEXT, signature TEXT, positive INTEGER, outcome TEXT, encrypted INTEGER) STRICT;
INSERT INTO "captures" VALUES(1,1,X'00DB1234567890A3','2026-11-20T09:00:01.000Z',X'1F666DBA61632D672887DD03B757D21B95F762556D92423FF5D799D8C0BEFC42',X'DD000000000000561100000000DF090200000000000005160800DB1234567890A20890B3D51F300000020012000190B3D51F3001000000000000000003EA12DA200005160000030000000303000200020000CA0E10505772E5E67F0C8FC4',2,X'00DB1234567890A2',X'90B3D51F30000002',X'0000000000000516',1,NULL,1,1,2,'unchecked','absent',1,'Success.',0);
CREATE TABLE certificates (
        job_id INTEGER NOT NULL REFERENCES jobs,
        name TEXT NOT NULL,
        pem BLOB NOT NULL,
        PRIMARY KEY (job_id, name)
    ) STRICT;
INSERT INTO "certificates" VALUES(1,'00db1234567890a0-ds.pem',X'50454D');
CREATE TABLE "commands" (
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
INSERT INTO "commands" VALUES(1,1,0,'Add the ESME','90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A2:1000','8.11','8.11',X'00DB1234567890A2',X'90B3D51F30000002',X'0000000000000516',1,X'DD00000000000081911100000000DF090100000000000005160890B3D51F300000020800DB1234567890A20012000190B3D51F3001000000000000000003EA4DD920000516000303006800001E0300FF0102006800001E0300FF0302006800001E0300FF02030204090800DB1234567890A01601091030313233343536373839414243444546160012005A03FF007C0607034DC39F5F32153966','[]','answered','All accesses succeeded.',1,NULL,1);
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
INSERT INTO "events" VALUES(1,1,1,'visit',1,'2026-11-20T09:00:00.000Z',0.5,'hub_chosen',NULL,X'7B22677066223A202230302D44422D31322D33342D35362D37382D39302D4133227D');
CREATE TABLE jobs (
        id INTEGER PRIMARY KEY,
        reference TEXT NOT NULL,
        content BLOB NOT NULL UNIQUE,
        details BLOB NOT NULL,
        imported_at TEXT NOT NULL
    ) STRICT;
INSERT INTO "jobs" VALUES(1,'JOB-0001',X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F',X'7B227469746C65223A2022496E7374616C6C20776974686F75742057414E222C20227072656D69736573223A202231204869676820537472656574222C20226875625F677066223A202230302D44422D31322D33342D35362D37382D39302D4133222C20226875625F636866223A202230302D44422D31322D33342D35362D37382D39302D4132222C202270726F66696C65223A20227374616E642D696E222C202264657669636573223A205B5B2245534D45222C202230302D44422D31322D33342D35362D37382D39302D4130222C20224D65746572225D5D7D','2026-11-20T09:00:00.000Z');
CREATE TABLE journeys (
        job_id INTEGER NOT NULL REFERENCES jobs,
        name TEXT NOT NULL,
        snapshot BLOB NOT NULL,
        PRIMARY KEY (job_id, name)
    ) STRICT;
INSERT INTO "journeys" VALUES(1,'connect',X'7B227374617465223A20226A6F696E6564227D');
CREATE TABLE keyring (name TEXT PRIMARY KEY, secret BLOB NOT NULL) STRICT;
INSERT INTO "keyring" VALUES('hht identity',X'736563726574');
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
INSERT INTO "meta" VALUES('database_id',X'00000000000000000000000000000000');
CREATE TABLE receipts (
        return_id INTEGER PRIMARY KEY REFERENCES returns,
        code TEXT NOT NULL,
        received_at TEXT NOT NULL,
        document BLOB NOT NULL
    ) STRICT;
CREATE TABLE "returns" (
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
INSERT INTO "returns" VALUES(1,1,'8.13','written','43cd19427acf6548024d8d66e8dd76bda03c9480f4cb6bbae0c2462a65fe770a','90-B3-D5-1F-30-01-00-00:90-B3-D5-1F-30-00-00-02:1795165201000',1795165201000,'90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A2:1000',X'1F666DBA61632D672887DD03B757D21B95F762556D92423FF5D799D8C0BEFC42',NULL,'exported to out','2026-11-20T09:00:01.000Z',0,NULL);
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
CREATE TRIGGER the_audit_trail_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER the_audit_trail_is_not_shortened BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE UNIQUE INDEX captures_once ON captures (COALESCE(job_id, 0), sha256);
CREATE INDEX commands_by_key ON commands (counter, device, party, message_code);
CREATE TRIGGER an_answered_command_is_final BEFORE UPDATE OF state ON commands
        WHEN OLD.state = 'answered' AND NEW.state <> 'answered'
        BEGIN SELECT RAISE(ABORT, 'a command with a positive Response is final'); END;
CREATE INDEX events_by_job ON events (job_id, id);
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
COMMIT;
