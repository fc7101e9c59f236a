"""The tables of an index in an SQLite file.

``texts`` has each text once, whatever how many branches and forks show it. ``words`` are its words, and the parts of
compound ones; ``grams`` its trigrams, without places: what they suggest is read and looked at. Neither keeps a copy of
what it indexes (https://www.sqlite.org/fts5.html, "Contentless Tables").
"""

#: Grows when something else is indexed of a text. In 1, which said nothing, runs longer than LONGEST_WORD were words.
FORMAT = 2

SCHEMA = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    text_id INTEGER NOT NULL,
    branch TEXT NOT NULL,
    landing INTEGER NOT NULL,
    path TEXT NOT NULL,
    path_key TEXT NOT NULL,
    address TEXT NOT NULL,
    object_id TEXT NOT NULL,
    language TEXT NOT NULL,
    extension TEXT NOT NULL,
    author TEXT NOT NULL,
    author_key TEXT NOT NULL,
    at INTEGER NOT NULL,
    skipped TEXT NOT NULL
);
CREATE INDEX documents_text ON documents (text_id);
CREATE INDEX documents_place ON documents (repository_id, kind, branch, address);
CREATE TABLE texts (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE states (repository_id INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(
    body, parts, content='', tokenize="unicode61 remove_diacritics 0 tokenchars '_'"
);
CREATE VIRTUAL TABLE grams USING fts5(body, content='', detail='none', columnsize=0, tokenize='trigram');
"""
