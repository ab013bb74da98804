-- The first page of a packet as a reader of a link sees it, written when the case
-- changes, so that whoever opens the link waits for no more than this row. It can
-- be written anew at any time. head is the line it shows, form the program that
-- wrote it, document the file it was made from: without that there is no page of
-- it. The token is not in it.

-- +goose Up
CREATE TABLE pages (
    org_id     TEXT  NOT NULL,
    token_hash TEXT  NOT NULL,
    case_id    TEXT  NOT NULL,
    document   TEXT,
    form       TEXT  NOT NULL,
    head       TEXT  NOT NULL,
    content    BYTEA NOT NULL,
    PRIMARY KEY (org_id, token_hash),
    FOREIGN KEY (org_id, token_hash) REFERENCES links (org_id, token_hash),
    FOREIGN KEY (org_id, case_id, document) REFERENCES files (org_id, case_id, hash) ON DELETE CASCADE
);

CREATE INDEX pages_of_case ON pages (org_id, case_id, document);
