-- What happened that a user may want to look back on, apart from the talk
-- itself. An entry outlives the session it is about.

CREATE TABLE audit (
    id         INTEGER NOT NULL PRIMARY KEY,
    at_ms      INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    session_id TEXT,
    subject    TEXT    NOT NULL,
    detail     TEXT    NOT NULL
) STRICT;
