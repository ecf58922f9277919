"""The catalogue's tables, and the ways up from older ones. A change of them is a new version."""

from rag.database import Tables

VERSION = 4
"""Of the tables; a larger one was written by a newer Groundwire."""

INDEX = "3"
"""Of what is derived from articles: passages, words, near-copies, vectors. Another one wants a rebuild."""

_ARTICLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE revisions (
    article_id TEXT NOT NULL, revision INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT,
    source TEXT, authors TEXT NOT NULL, published_at INTEGER, modified_at INTEGER, language TEXT, description TEXT,
    origin TEXT, canonical TEXT, stub TEXT, removed TEXT, PRIMARY KEY (article_id, revision)
);
CREATE INDEX revisions_language ON revisions (article_id, revision, language);
CREATE TABLE articles (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, digest TEXT NOT NULL, url TEXT, origin TEXT, source TEXT,
    published_at INTEGER, canonical TEXT, stub TEXT, body BLOB NOT NULL, own INTEGER NOT NULL, cluster TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_digest ON articles (digest);
CREATE INDEX articles_url ON articles (url);
CREATE INDEX articles_origin ON articles (origin);
CREATE INDEX articles_cluster ON articles (cluster, id);
CREATE INDEX articles_canonical ON articles (cluster, canonical);
CREATE INDEX articles_body ON articles (body);
CREATE INDEX articles_published ON articles (published_at);
CREATE TABLE gone (article_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
"""

_CLUSTERS = """
CREATE TABLE clusters (name TEXT PRIMARY KEY, original TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE bands (
    band INTEGER NOT NULL, key BLOB NOT NULL, cluster TEXT NOT NULL, PRIMARY KEY (band, key, cluster)
) WITHOUT ROWID;
CREATE INDEX bands_cluster ON bands (cluster);
"""

TOKENIZER = "porter unicode61 remove_diacritics 2"
"""Of the word index: English stems, and accents folded."""

_PASSAGES = f"""
CREATE TABLE contents (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL, revision INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, content INTEGER NOT NULL
);
CREATE INDEX passages_article ON passages (article_id);
CREATE INDEX passages_content ON passages (content);
CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize='{TOKENIZER}');
"""

_READINGS = """
CREATE TABLE readings (
    place TEXT NOT NULL, key BLOB NOT NULL, article_id TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (place, key)
) WITHOUT ROWID;
CREATE INDEX readings_article ON readings (article_id, place);
CREATE TABLE wholes (
    place TEXT PRIMARY KEY, key BLOB NOT NULL, count INTEGER NOT NULL, held INTEGER NOT NULL, run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE fetched (
    address TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, salt BLOB NOT NULL, held INTEGER NOT NULL
) WITHOUT ROWID;
"""

_THIRD = f"{_ARTICLES}{_CLUSTERS}{_PASSAGES}{_READINGS}"
"""The tables of version 3."""

# Each index holds all that its listing asks, so that none of them reads the rows, of which the texts are a part.
_LISTED = """
ALTER TABLE articles ADD COLUMN language TEXT;
ALTER TABLE articles ADD COLUMN heading TEXT;
ALTER TABLE articles ADD COLUMN sought TEXT NOT NULL DEFAULT '';
UPDATE articles SET (language, heading, sought) = (SELECT r.language, nullif(folded(r.title), ''),
        folded(r.title || ' ' || coalesce(r.source, '') || ' ' || r.article_id)
    FROM revisions r WHERE r.article_id = articles.id AND r.revision = articles.revision);
DROP INDEX IF EXISTS revisions_language;
DROP INDEX articles_published;
CREATE INDEX articles_published ON articles (
    published_at DESC, id, source COLLATE NOCASE, language COLLATE NOCASE, sought
);
CREATE INDEX articles_heading ON articles (
    heading, id, published_at, source COLLATE NOCASE, language COLLATE NOCASE, sought
);
CREATE INDEX articles_source ON articles (source COLLATE NOCASE, id, published_at, language COLLATE NOCASE, sought);
CREATE INDEX articles_language ON articles (language COLLATE NOCASE);
"""

_TABLES = f"{_THIRD}{_LISTED}"

_UPGRADES = {
    # What is derived is built anew by ``reindex``; articles and their revisions are carried over.
    1: f"""
ALTER TABLE meta RENAME TO meta_1; ALTER TABLE revisions RENAME TO revisions_1;
ALTER TABLE articles RENAME TO articles_1;
DROP TABLE bands; DROP TABLE passages; DROP TABLE words;
DROP INDEX articles_digest; DROP INDEX articles_url; DROP INDEX articles_origin; DROP INDEX articles_cluster;
{_THIRD}
INSERT INTO meta SELECT key, value FROM meta_1;
INSERT INTO revisions SELECT *, NULL, NULL, NULL FROM revisions_1;
INSERT INTO articles SELECT id, revision, digest, url, origin, source, published_at, NULL, NULL, x'', 0, id
    FROM articles_1;
DROP TABLE articles_1; DROP TABLE revisions_1; DROP TABLE meta_1;
""",
    2: "CREATE INDEX IF NOT EXISTS revisions_language ON revisions (article_id, revision, language);",
    3: _LISTED,
}

CATALOGUE = Tables(
    kind="catalogue",
    version=VERSION,
    made=f"{_TABLES}INSERT INTO meta VALUES ('index', '{INDEX}');",
    upgrades=_UPGRADES,
    otherwise="choose another --archive",
)
