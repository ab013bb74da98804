-- How many bytes of files are kept: of each case, of each person and of the whole
-- organisation, so that room can be bounded without counting files.

-- +goose Up
CREATE TABLE stored (
    org_id TEXT   NOT NULL,
    kind   TEXT   NOT NULL,
    id     TEXT   NOT NULL,
    bytes  BIGINT NOT NULL,
    PRIMARY KEY (org_id, kind, id),
    FOREIGN KEY (org_id) REFERENCES orgs (org_id)
);

INSERT INTO stored (org_id, kind, id, bytes)
SELECT org_id, 'case', case_id, SUM(LENGTH(content)) FROM files GROUP BY org_id, case_id;

INSERT INTO stored (org_id, kind, id, bytes)
SELECT f.org_id, 'person', c.person_key, SUM(LENGTH(f.content))
FROM files f JOIN cases c ON c.org_id = f.org_id AND c.id = f.case_id GROUP BY f.org_id, c.person_key;

INSERT INTO stored (org_id, kind, id, bytes)
SELECT org_id, 'org', '', SUM(LENGTH(content)) FROM files GROUP BY org_id;
