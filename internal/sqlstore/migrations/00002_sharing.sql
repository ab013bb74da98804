-- What a workspace keeps about the office it publishes to. The pairing holds the
-- person's private key; documents are JSON as text, lines of the record too.

-- +goose Up
CREATE TABLE pairings (
    org_id   TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org_id)
);

CREATE TABLE sharings (
    org_id   TEXT NOT NULL,
    case_id  TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (org_id, case_id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id) ON DELETE CASCADE
);

CREATE TABLE shared_lines (
    org_id  TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    n       BIGINT NOT NULL,
    entry   TEXT   NOT NULL,
    PRIMARY KEY (org_id, case_id, n),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id) ON DELETE CASCADE
);

-- sent is 0 while the office is not known to have the act, and 1 for a link
-- whose token is kept.
CREATE TABLE shared_acts (
    org_id    TEXT   NOT NULL,
    case_id   TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    nth       BIGINT NOT NULL,
    act       TEXT   NOT NULL,
    body      TEXT   NOT NULL,
    signature TEXT   NOT NULL,
    token     TEXT   NOT NULL,
    email     TEXT   NOT NULL,
    made      BIGINT NOT NULL,
    refusal   TEXT   NOT NULL,
    sent      BIGINT NOT NULL,
    PRIMARY KEY (org_id, case_id, id),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id) ON DELETE CASCADE
);

CREATE TABLE shared_files (
    org_id  TEXT   NOT NULL,
    case_id TEXT   NOT NULL,
    act     TEXT   NOT NULL,
    hash    TEXT   NOT NULL,
    media   TEXT   NOT NULL,
    bytes   BYTEA  NOT NULL,
    made    BIGINT NOT NULL,
    PRIMARY KEY (org_id, case_id, act, hash),
    FOREIGN KEY (org_id, case_id) REFERENCES cases (org_id, id) ON DELETE CASCADE
);
