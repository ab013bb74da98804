-- The tables of a store. One text for SQLite and PostgreSQL: ids are made by the
-- program, times are microseconds since 1970 UTC, documents are JSON as text.
-- BYTEA keeps bytes in both: SQLite takes the name as "no conversion". org_id
-- stands first in every key, so that a database may be spread by it.

-- +goose Up
CREATE TABLE cases (
    org_id   TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);

CREATE TABLE revisions (
    org_id   TEXT   NOT NULL,
    case_id  TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    title    TEXT   NOT NULL,
    document TEXT   NOT NULL,
    course   TEXT   NOT NULL,
    did      TEXT   NOT NULL,
    made     BIGINT NOT NULL,
    PRIMARY KEY (org_id, case_id, revision),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id) ON DELETE CASCADE
);

CREATE TABLE log_entries (
    org_id  TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    on_day  TEXT   NOT NULL,
    nth     BIGINT NOT NULL,
    entry   TEXT   NOT NULL,
    PRIMARY KEY (org_id, case_id, on_day, nth),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id) ON DELETE CASCADE
);

CREATE TABLE pictures (
    org_id  TEXT  NOT NULL,
    case_id TEXT  NOT NULL,
    item    TEXT  NOT NULL,
    jpeg    BYTEA NOT NULL,
    PRIMARY KEY (org_id, case_id, item),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id) ON DELETE CASCADE
);

-- What left outlives its case, so there is no foreign key.
CREATE TABLE departures (
    org_id    TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    case_id   TEXT   NOT NULL,
    made      BIGINT NOT NULL,
    what      TEXT   NOT NULL,
    recipient TEXT   NOT NULL,
    bytes     BIGINT NOT NULL,
    sha256    TEXT   NOT NULL,
    PRIMARY KEY (org_id, id)
);

CREATE TABLE settings (
    org_id TEXT NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (org_id, name)
);
