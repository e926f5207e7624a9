-- The audit ledger becomes a chain: each entry's hash covers the one before
-- it. `audit_head` holds the end, so that a cut tail shows.

ALTER TABLE audit ADD COLUMN call_id TEXT;
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';

CREATE TABLE audit_head (
    only   INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL,
    hash   TEXT    NOT NULL
) STRICT;

INSERT INTO audit_head (only, number, hash) VALUES (1, 0, '');

-- Which folders the user trusts: the real path and what it was at that time,
-- so that another folder put in its place is not trusted.
CREATE TABLE trusted_folders (
    path   TEXT    NOT NULL PRIMARY KEY,
    device INTEGER NOT NULL,
    inode  INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL
) STRICT;

-- When a permission rule last decided something.
CREATE TABLE rule_uses (
    rule    TEXT    NOT NULL PRIMARY KEY,
    count   INTEGER NOT NULL,
    used_ms INTEGER NOT NULL
) STRICT;
