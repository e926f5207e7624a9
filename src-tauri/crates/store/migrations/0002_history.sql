-- Places (list, archive, trash), forks, imports, branches, and the full-text
-- index over titles and messages. The lower-case copies of format 1 go.

DROP INDEX sessions_by_update;
ALTER TABLE sessions DROP COLUMN title_folded;
ALTER TABLE messages DROP COLUMN folded;

-- `draft` is being copied or imported, `gone` is being removed: both are
-- invisible, and a crash in between leaves them to the next cleaning.
ALTER TABLE sessions ADD COLUMN place TEXT NOT NULL DEFAULT 'active'
    CHECK (place IN ('active', 'archived', 'trashed', 'draft', 'gone'));
ALTER TABLE sessions ADD COLUMN placed_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN branch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN parent_id TEXT;
ALTER TABLE sessions ADD COLUMN parent_message_id TEXT;
ALTER TABLE sessions ADD COLUMN source TEXT;
ALTER TABLE messages ADD COLUMN branch INTEGER NOT NULL DEFAULT 0;

CREATE INDEX sessions_by_place ON sessions (place, updated_ms DESC, id DESC);
CREATE UNIQUE INDEX sessions_by_source ON sessions (source) WHERE source IS NOT NULL;
CREATE INDEX messages_by_branch ON messages (session_id, branch, position);

-- A branch goes on where the line of `parent` has position `base`. Branch 0
-- has no row: it is the line a session begins with.
CREATE TABLE branches (
    session_id TEXT    NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL CHECK (number > 0),
    parent     INTEGER NOT NULL CHECK (parent >= 0 AND parent < number),
    base       INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;

-- What can be searched: one row for each title (message_id is '') and each
-- message, bounded. A key of its own, because SQLite may renumber rowids.
CREATE TABLE documents (
    id         INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    text       TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX documents_by_message ON documents (session_id, message_id);

CREATE VIRTUAL TABLE search USING fts5 (
    text,
    content = 'documents',
    content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);

-- Words of a removed message leave the index at once, not at some later merge.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- Triggers keep both in one transaction, whichever way a row goes.
CREATE TRIGGER documents_added AFTER INSERT ON documents BEGIN
    INSERT INTO search (rowid, text) VALUES (new.id, new.text);
END;

CREATE TRIGGER documents_removed AFTER DELETE ON documents BEGIN
    INSERT INTO search (search, rowid, text) VALUES ('delete', old.id, old.text);
END;

CREATE TRIGGER documents_changed AFTER UPDATE OF text ON documents BEGIN
    INSERT INTO search (search, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO search (rowid, text) VALUES (new.id, new.text);
END;
