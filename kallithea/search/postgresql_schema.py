"""The tables of a generation, in a schema of its own.

``texts`` has each text once, whatever how many branches and forks show it; ``spelled`` is its words in their order, a
space before and behind each: what phrases are looked for in, and not compressed for that. ``words`` are its words and
the parts of compound ones, in several rows where a tsvector would become too large. ``grams`` are its trigrams as
numbers.

The planner's own figures of words and trigrams would cost more than all the rest of an ANALYZE, and would have it read
whole tables for a frequent word.
"""

TABLES = """
CREATE TABLE documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind smallint NOT NULL,
    repository_id integer NOT NULL,
    text_id bigint NOT NULL,
    size integer NOT NULL,
    branch text NOT NULL,
    landing boolean NOT NULL,
    path text NOT NULL,
    path_key text NOT NULL,
    address text NOT NULL,
    address_key bytea NOT NULL,
    object_id text NOT NULL,
    language text NOT NULL,
    extension text NOT NULL,
    author text NOT NULL,
    author_key text NOT NULL,
    at bigint NOT NULL,
    skipped text NOT NULL
);
CREATE INDEX documents_text ON documents (text_id);
CREATE INDEX documents_place ON documents (repository_id, kind, address_key);
CREATE SEQUENCE text_ids;
CREATE TABLE texts (
    id bigint PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,
    body bytea NOT NULL,
    spelled text NOT NULL,
    grams bigint[] NOT NULL
);
ALTER TABLE texts
    ALTER body SET STORAGE EXTERNAL, ALTER spelled SET STORAGE EXTERNAL, ALTER grams SET STATISTICS 0;
CREATE TABLE words (text_id bigint NOT NULL, words tsvector NOT NULL);
CREATE INDEX words_text ON words (text_id);
ALTER TABLE words ALTER words SET STATISTICS 0;
CREATE TABLE states (repository_id integer PRIMARY KEY, state text NOT NULL);
"""

#: Made last where many documents come first: at once they take a fraction of the time.
INDEXES = """
CREATE INDEX IF NOT EXISTS words_words ON words USING gin (words);
CREATE INDEX IF NOT EXISTS texts_grams ON texts USING gin (grams);
"""
