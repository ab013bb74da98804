-- The tables of an office. One text for SQLite and PostgreSQL: ids are made by
-- the program, times are microseconds since 1970 UTC, NULL is "never". BYTEA
-- keeps bytes in both. org_id stands first in every key and every key to another
-- table, so that a database may be spread by it.

-- +goose Up
CREATE TABLE orgs (
    org_id   TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    seed     BYTEA  NOT NULL,
    made     BIGINT NOT NULL,
    PRIMARY KEY (org_id)
);

CREATE TABLE invitations (
    org_id    TEXT   NOT NULL,
    code_hash TEXT   NOT NULL,
    whom      TEXT   NOT NULL,
    made      BIGINT NOT NULL,
    expires   BIGINT,
    used      BIGINT,
    used_by   TEXT,
    PRIMARY KEY (org_id, code_hash),
    FOREIGN KEY (org_id) REFERENCES orgs (org_id)
);

CREATE TABLE people (
    org_id     TEXT   NOT NULL,
    person_key TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    made       BIGINT NOT NULL,
    PRIMARY KEY (org_id, person_key),
    FOREIGN KEY (org_id) REFERENCES orgs (org_id)
);

CREATE TABLE cases (
    org_id     TEXT NOT NULL,
    id         TEXT NOT NULL,
    person_key TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES orgs (org_id)
);

CREATE INDEX cases_of_person ON cases (org_id, person_key);

-- The record. A line is written once; body is NULL once it was erased. The head
-- of a case is its last line: whoever writes the same number second is refused
-- by the key.
CREATE TABLE lines (
    org_id           TEXT   NOT NULL,
    case_id          TEXT   NOT NULL,
    n                BIGINT NOT NULL,
    prev             TEXT   NOT NULL,
    hash             TEXT   NOT NULL,
    made             BIGINT NOT NULL,
    actor            TEXT   NOT NULL,
    act              TEXT   NOT NULL,
    body_hash        TEXT   NOT NULL,
    body             BYTEA,
    signature        TEXT   NOT NULL,
    countersignature TEXT   NOT NULL,
    PRIMARY KEY (org_id, case_id, n),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id)
);

CREATE TABLE files (
    org_id  TEXT    NOT NULL,
    case_id TEXT    NOT NULL,
    hash    TEXT    NOT NULL,
    media   TEXT    NOT NULL,
    content BYTEA   NOT NULL,
    made    BIGINT  NOT NULL,
    named   BOOLEAN NOT NULL,
    PRIMARY KEY (org_id, case_id, hash),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id)
);

CREATE INDEX files_unnamed ON files (org_id, made) WHERE NOT named;

-- A link that ended stays, so that its token never leads anywhere else.
CREATE TABLE links (
    org_id     TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    case_id    TEXT NOT NULL,
    link_id    TEXT NOT NULL,
    ended      BIGINT,
    PRIMARY KEY (org_id, token_hash),
    UNIQUE (org_id, case_id, link_id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id)
);

-- due is when to try next: NULL once it was sent or given up, which was at ended.
-- address is the recipient in small letters.
CREATE TABLE messages (
    org_id    TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    case_id   TEXT    NOT NULL,
    once      TEXT,
    recipient TEXT    NOT NULL,
    address   TEXT    NOT NULL,
    about     TEXT    NOT NULL,
    raw       BYTEA,
    made      BIGINT  NOT NULL,
    due       BIGINT,
    tries     BIGINT  NOT NULL,
    sent      BIGINT,
    ended     BIGINT,
    why       TEXT    NOT NULL,
    dead      BOOLEAN NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, once),
    FOREIGN KEY (org_id) REFERENCES orgs (org_id)
);

CREATE INDEX messages_due ON messages (due);

CREATE INDEX messages_ended ON messages (ended);

CREATE INDEX messages_made ON messages (org_id, made);

CREATE INDEX messages_of_case ON messages (org_id, case_id);

CREATE TABLE watches (
    org_id    TEXT   NOT NULL,
    case_id   TEXT   NOT NULL,
    link_id   TEXT   NOT NULL,
    about     TEXT   NOT NULL,
    recipient TEXT   NOT NULL,
    made      BIGINT NOT NULL,
    PRIMARY KEY (org_id, case_id, link_id, about),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id)
);

CREATE TABLE accounts (
    org_id  TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    email   TEXT   NOT NULL,
    address TEXT   NOT NULL,
    name    TEXT   NOT NULL,
    role    TEXT   NOT NULL,
    subject TEXT,
    made    BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    UNIQUE (org_id, address),
    UNIQUE (org_id, subject),
    FOREIGN KEY (org_id) REFERENCES orgs (org_id)
);

CREATE TABLE tickets (
    org_id     TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    data       BYTEA  NOT NULL,
    expires    BIGINT NOT NULL,
    PRIMARY KEY (org_id, hash),
    FOREIGN KEY (org_id) REFERENCES orgs (org_id)
);

CREATE INDEX tickets_over ON tickets (expires);

CREATE TABLE sessions (
    org_id     TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    signed_by  TEXT   NOT NULL,
    made       BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    PRIMARY KEY (org_id, hash),
    FOREIGN KEY (org_id, account_id) REFERENCES accounts (org_id, id)
);

CREATE INDEX sessions_of_account ON sessions (org_id, account_id);

CREATE INDEX sessions_over ON sessions (expires);

CREATE TABLE passkeys (
    org_id     TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    data       BYTEA  NOT NULL,
    made       BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, account_id) REFERENCES accounts (org_id, id)
);

CREATE INDEX passkeys_of_account ON passkeys (org_id, account_id);

CREATE TABLE listed (
    org_id     TEXT NOT NULL,
    account_id TEXT NOT NULL,
    case_id    TEXT NOT NULL,
    link_id    TEXT NOT NULL,
    PRIMARY KEY (org_id, account_id, case_id),
    FOREIGN KEY (org_id, account_id) REFERENCES accounts (org_id, id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id)
);

CREATE INDEX listed_cases ON listed (org_id, case_id);

CREATE TABLE seen (
    org_id     TEXT   NOT NULL,
    case_id    TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    edition    BIGINT NOT NULL,
    made       BIGINT NOT NULL,
    PRIMARY KEY (org_id, case_id, account_id, edition),
    FOREIGN KEY (org_id, account_id) REFERENCES accounts (org_id, id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id)
);
