"""The catalogue's tables. A change of them is a new version, and wants a way up from the old one."""

VERSION = 1
"""Of the tables; a larger one was written by a newer Groundwire."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE revisions (
    article_id TEXT NOT NULL, revision INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT,
    source TEXT, authors TEXT NOT NULL, published_at INTEGER, modified_at INTEGER, language TEXT, description TEXT,
    origin TEXT, PRIMARY KEY (article_id, revision)
) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, digest TEXT NOT NULL, url TEXT, origin TEXT, source TEXT,
    published_at INTEGER, cluster TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_digest ON articles (digest);
CREATE INDEX articles_url ON articles (url);
CREATE INDEX articles_origin ON articles (origin);
CREATE INDEX articles_cluster ON articles (cluster);
CREATE TABLE bands (band INTEGER NOT NULL, key BLOB NOT NULL, article_id TEXT NOT NULL,
    PRIMARY KEY (band, key, article_id)) WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article_id);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL, revision INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX passages_article ON passages (article_id);
CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
