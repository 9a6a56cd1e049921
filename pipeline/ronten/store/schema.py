"""The tables of the dataset, and how those of older versions become the present ones."""

from __future__ import annotations

from collections.abc import Mapping

SCHEMA = 3

_SINCE_3 = """
CREATE TABLE authors (
    id VARCHAR, name VARCHAR, kind VARCHAR, identified BOOLEAN, article VARCHAR, aliases VARCHAR[],
    roles VARCHAR[], members VARCHAR[]
);
CREATE TABLE credits (author VARCHAR, article VARCHAR, holder VARCHAR, joint BOOLEAN);
CREATE TABLE topics (
    position VARCHAR, label VARCHAR, keywords VARCHAR[], "group" VARCHAR, group_label VARCHAR
);
CREATE TABLE removed (kind VARCHAR, id VARCHAR);
CREATE TABLE files (path VARCHAR, size BIGINT, modified BIGINT);
CREATE TABLE corrections (
    id BIGINT, article VARCHAR, text_hash VARCHAR, kind VARCHAR, claim VARCHAR, content VARCHAR,
    text VARCHAR, fields VARCHAR, who VARCHAR, "when" VARCHAR, state VARCHAR, replaces BIGINT,
    resolved BOOLEAN
);
CREATE TABLE extracted (article VARCHAR, annotation VARCHAR);
"""

TABLES = (
    """
CREATE TABLE meta (key VARCHAR, value VARCHAR);
CREATE TABLE articles (
    id VARCHAR, origin VARCHAR, "row" INTEGER, location VARCHAR, text_hash VARCHAR,
    content_hash VARCHAR, fingerprint VARCHAR, title VARCHAR, published VARCHAR, source VARCHAR,
    url VARCHAR, targets VARCHAR[], text VARCHAR, annotation VARCHAR, signature BLOB
);
CREATE TABLE holders (
    article VARCHAR, id VARCHAR, name VARCHAR, canonical VARCHAR, kind VARCHAR, proper BOOLEAN,
    aliases VARCHAR[], roles VARCHAR[], members VARCHAR[]
);
CREATE TABLE claims (
    id VARCHAR, article VARCHAR, "start" INTEGER, holder VARCHAR, attribution VARCHAR, type VARCHAR,
    certainty VARCHAR, negated BOOLEAN, confidence DOUBLE, text VARCHAR, text_hash VARCHAR,
    terms VARCHAR[], sides VARCHAR[], record VARCHAR, position VARCHAR, original VARCHAR
);
CREATE TABLE entities (
    article VARCHAR, "start" INTEGER, "end" INTEGER, label VARCHAR, entity VARCHAR
);
CREATE TABLE figures (
    article VARCHAR, "start" INTEGER, "end" INTEGER, kind VARCHAR, low VARCHAR, high VARCHAR,
    unit VARCHAR, modifier VARCHAR, measures VARCHAR, claim VARCHAR
);
CREATE TABLE embeddings (text_hash VARCHAR, model VARCHAR, vector BLOB);
CREATE TABLE positions (id VARCHAR, founder VARCHAR);
CREATE TABLE rejected (
    origin VARCHAR, "row" INTEGER, id VARCHAR, reason VARCHAR, detail VARCHAR, location VARCHAR
);
"""
    + _SINCE_3
)

STEPS: Mapping[str, tuple[str, str]] = {
    "1": ("2", "ALTER TABLE claims ADD COLUMN sides VARCHAR[] DEFAULT []"),
    "2": (
        "3",
        """
ALTER TABLE articles ADD COLUMN location VARCHAR;
ALTER TABLE articles ADD COLUMN signature BLOB;
ALTER TABLE articles ADD COLUMN targets VARCHAR[];
UPDATE articles
    SET fingerprint = '', targets = coalesce(annotation::JSON->'targets', '[]')::VARCHAR[];
ALTER TABLE claims ADD COLUMN original VARCHAR;
ALTER TABLE figures ADD COLUMN measures VARCHAR;
ALTER TABLE figures ADD COLUMN claim VARCHAR;
ALTER TABLE rejected ADD COLUMN location VARCHAR;
"""
        + _SINCE_3,
    ),
}
"""By schema: the next one, and the statements that lead there.

Rows are taken over as they are; articles whose fingerprint is not the present one are annotated
anew from the stored text.
"""
