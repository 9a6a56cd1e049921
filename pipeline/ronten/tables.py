"""The public tables of a dataset: one definition for `ronten.open`, `query`, `export` and docs.

A table is a record class, whose fields are its columns (type and meaning in the annotation), and a
query over the stored tables, which lie in the catalog `store`. docs/formats.md shows every column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    import pyarrow as pa

STORE = "store"
"""Catalog that the stored tables are attached as."""


class ArticleRecord(NamedTuple):
    """An article that was read."""

    id: Annotated[str, "as given, else a hash of the text"]
    title: Annotated[str | None, "headline"]
    published: Annotated[str | None, "date, ISO 8601; may be a year or a month alone"]
    source_name: Annotated[str | None, "paper or site (`source` of the input)"]
    url: Annotated[str | None, "address of the page"]
    genre: Annotated[str | None, "genre, as given"]
    bylines: Annotated[list[str], "writers, as given (`authors` of the input)"]
    origin: Annotated[str | None, "place in the input: path below PATH"]
    row: Annotated[int | None, "number of its row, for files of rows"]
    targets: Annotated[list[str], "targets that came with it or with the run"]
    claims: Annotated[int, "number of claims in it"]
    text: Annotated[str, "text; all offsets point into it, in code points"]


class AuthorRecord(NamedTuple):
    """Somebody whom at least one claim is credited to."""

    id: Annotated[str, "id of the author"]
    name: Annotated[str, "name; empty for unnamed writers"]
    kind: Annotated[str, "person, company, organization, government, group or article_author"]
    identified: Annotated[bool, "has a proper name and is known across articles"]
    aliases: Annotated[list[str], "other names in use"]
    roles: Annotated[list[str], "roles in the articles"]
    members: Annotated[list[str], "names of the single authors of a joint one"]
    claims: Annotated[int, "number of claims, joint ones included, repeats left out"]
    positions: Annotated[int, "number of positions these stand in"]
    articles: Annotated[int, "number of articles these stand in"]
    first: Annotated[str | None, "date of the earliest article"]
    last: Annotated[str | None, "date of the latest article"]


class PositionRecord(NamedTuple):
    """A point that one or more claims make."""

    id: Annotated[str, "id of the position; it stays when articles are added"]
    topic: Annotated[str | None, "label: the nouns that set it apart"]
    keywords: Annotated[list[str], "more of these nouns"]
    group_id: Annotated[str | None, "id of the coarser topic, found anew in each run"]
    group_label: Annotated[str | None, "label of the coarser topic"]
    example: Annotated[str | None, "text of its earliest claim"]
    claims: Annotated[int, "number of claims, repeats left out"]
    authors: Annotated[int, "number of authors of these"]
    articles: Annotated[int, "number of articles these stand in"]
    first: Annotated[str | None, "date of the earliest article"]
    last: Annotated[str | None, "date of the latest article"]


class ClaimRecord(NamedTuple):
    """One proposition put forward by one holder inside one sentence."""

    id: Annotated[str, "id of the claim"]
    author: Annotated[str | None, "id of the author; null for unspecified holders"]
    author_name: Annotated[str | None, "name of the author; empty for unnamed writers"]
    author_kind: Annotated[str | None, "kind of the author"]
    identified: Annotated[bool | None, "whether the author is identified"]
    text: Annotated[str, "the claim as written, fragments joined by ` … `"]
    type: Annotated[str, "fact, prediction, policy or interpretation"]
    attribution: Annotated[str, "direct, indirect, mixed or authorial"]
    certainty: Annotated[str | None, "certain, probable or possible"]
    negated: Annotated[bool | None, "whether it is a negation"]
    confidence: Annotated[float | None, "chance that content and holder are right"]
    position: Annotated[str | None, "id of the position it stands in"]
    topic: Annotated[str | None, "label of that position"]
    entities: Annotated[list[str], "canonical names in it, sorted"]
    original: Annotated[str | None, "the claim it repeats, in a near duplicate; counted once"]
    article: Annotated[str, "id of the article"]
    title: Annotated[str | None, "title of the article"]
    published: Annotated[str | None, "date of the article"]
    source_name: Annotated[str | None, "paper or site of the article"]
    url: Annotated[str | None, "address of the article"]
    origin: Annotated[str | None, "place of the article in the input"]
    holder: Annotated[str, "id of the holder in the article"]
    holder_name: Annotated[str | None, "name of the holder in the article"]
    source: Annotated[str | None, "words that name the source"]
    cue: Annotated[str | None, "reporting word"]
    start: Annotated[int, "start of the first fragment"]
    end: Annotated[int, "end of the first fragment"]
    content: Annotated[list[list[int]], "all fragments, `[start, end]` each"]
    sentence_start: Annotated[int | None, "start of the sentence"]
    sentence_end: Annotated[int | None, "end of the sentence"]
    source_start: Annotated[int | None, "start of `source`"]
    source_end: Annotated[int | None, "end of `source`"]
    cue_start: Annotated[int | None, "start of `cue`"]
    cue_end: Annotated[int | None, "end of `cue`"]


class StanceRecord(NamedTuple):
    """The side that a claim takes on a target."""

    claim: Annotated[str, "id of the claim"]
    target: Annotated[str, "what it takes a side on"]
    label: Annotated[str, "favor, against or none"]
    score: Annotated[float | None, "chance of that label"]


class ClaimAuthorRecord(NamedTuple):
    """Whose documents a claim stands in: its author's, and those of the members of a joint one."""

    claim: Annotated[str, "id of the claim"]
    author: Annotated[str, "id of an author it is credited to"]
    joint: Annotated[bool, "credited as to a member of a joint author"]


class EntityRecord(NamedTuple):
    """A mention of a named thing."""

    article: Annotated[str, "id of the article"]
    start: Annotated[int, "start of the mention"]
    end: Annotated[int, "end of the mention"]
    text: Annotated[str, "the mention as written"]
    label: Annotated[str, "PERSON, COMPANY, ORG, PLACE, CHIP, MODEL, PRODUCT or POLICY"]
    entity: Annotated[str, "canonical name"]
    claim: Annotated[str | None, "the shortest claim that holds it"]


class FigureRecord(NamedTuple):
    """A quantity or date."""

    article: Annotated[str, "id of the article"]
    start: Annotated[int, "start of the expression"]
    end: Annotated[int, "end of the expression"]
    text: Annotated[str, "the expression as written"]
    kind: Annotated[str, "money, count, percent, multiplier, duration, date or measure"]
    low: Annotated[float | None, "lowest value; null for dates and open ranges"]
    high: Annotated[float | None, "highest value"]
    date_from: Annotated[str | None, "first day, ISO 8601, for dates alone"]
    date_to: Annotated[str | None, "last day"]
    unit: Annotated[str | None, "unit of `low` and `high`"]
    modifier: Annotated[str | None, "about, over or under"]
    measures: Annotated[str | None, "noun phrase that it quantifies, as written"]
    claim: Annotated[str | None, "the shortest claim that holds it"]


class Column(NamedTuple):
    """A column of a public table; `type` is the SQL type."""

    name: str
    type: str
    description: str


@dataclass(frozen=True)
class Table:
    """A public table: record class, query that makes its rows, and the order they come in."""

    name: str
    record: type[Any]
    query: str
    order: str

    @property
    def description(self) -> str:
        """What a row is, in a line."""
        return (self.record.__doc__ or "").partition("\n")[0]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Names, SQL types and meanings of the columns, in order."""
        hints = get_type_hints(self.record, include_extras=True)
        return tuple(
            Column(name, _sql_type(kind), description)
            for name, (kind, description) in ((n, get_args(hints[n])) for n in hints)
        )

    @property
    def view(self) -> str:
        """The statement that makes the table a view with exactly the documented columns."""
        columns = ", ".join(f'CAST("{c.name}" AS {c.type}) AS "{c.name}"' for c in self.columns)
        return f"CREATE VIEW {self.name} AS SELECT {columns} FROM ({self.query})"

    @property
    def ordered(self) -> str:
        """The query of all rows in their order."""
        return f"SELECT * FROM {self.name} ORDER BY {self.order}"

    @cached_property
    def schema(self) -> pa.Schema:
        """Arrow schema of the table."""
        import pyarrow as pa

        return pa.schema([(column.name, _arrow_type(column.type)) for column in self.columns])


def _sql_type(hint: Any) -> str:
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    if get_origin(hint) is list:
        return _sql_type(kinds[0]) + "[]"
    return _SQL_TYPES[kinds[0] if kinds else hint]


@cache
def _arrow_type(sql_type: str) -> pa.DataType:
    import pyarrow as pa

    if sql_type.endswith("[]"):
        return pa.list_(_arrow_type(sql_type[:-2]))
    return {
        "VARCHAR": pa.string(),
        "BIGINT": pa.int64(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
    }[sql_type]


_SQL_TYPES = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}

# Claims are read out of their records in one go: each further look would parse them again.
_OF_RECORD = """from_json(record, '{"text": "VARCHAR", "content": [["BIGINT"]],
    "sentence": ["BIGINT"], "source": ["BIGINT"], "cue": ["BIGINT"],
    "entities": [{"span": ["BIGINT"], "label": "VARCHAR", "entity": "VARCHAR"}]}')"""

_ARTICLES = """
SELECT a.*, a.source AS source_name, a.annotation->>'$.metadata.genre' AS genre,
    coalesce(from_json(a.annotation->'$.metadata.authors', '["VARCHAR"]'), []) AS bylines,
    coalesce(n.claims, 0) AS claims
FROM store.articles a
LEFT JOIN (SELECT article, count(*) AS claims FROM store.claims GROUP BY article) n
    ON n.article = a.id
"""
_AUTHORS = """
SELECT w.*, n.* EXCLUDE (author)
FROM store.authors w JOIN (
    SELECT r.author,
        count(*) FILTER (c.original IS NULL) AS claims,
        count(DISTINCT c.position) FILTER (c.original IS NULL) AS positions,
        count(DISTINCT c.article) FILTER (c.original IS NULL) AS articles,
        min(a.published) FILTER (c.original IS NULL) AS "first",
        max(a.published) FILTER (c.original IS NULL) AS "last"
    FROM store.credits r
    JOIN store.claims c ON c.article = r.article AND c.holder = r.holder
    JOIN store.articles a ON a.id = c.article
    GROUP BY r.author
) n ON n.author = w.id
"""
_POSITIONS = """
SELECT p.id, t.label AS topic, coalesce(t.keywords, []) AS keywords, t."group" AS group_id,
    t.group_label, e.record->>'$.text' AS example, n.*
FROM store.positions p
JOIN (
    SELECT c.position,
        arg_min(c.id, row(a.published IS NULL, a.published, a.id, c."start", c.id)) AS earliest,
        count(*) FILTER (c.original IS NULL) AS claims,
        count(DISTINCT r.author) FILTER (c.original IS NULL) AS authors,
        count(DISTINCT c.article) FILTER (c.original IS NULL) AS articles,
        min(a.published) FILTER (c.original IS NULL) AS "first",
        max(a.published) FILTER (c.original IS NULL) AS "last"
    FROM store.claims c
    JOIN store.articles a ON a.id = c.article
    LEFT JOIN store.credits r ON r.article = c.article AND r.holder = c.holder AND NOT r.joint
    GROUP BY c.position
) n ON n.position = p.id
JOIN store.claims e ON e.id = n.earliest
LEFT JOIN store.topics t ON t.position = p.id
"""
_CLAIMS = f"""
SELECT c.id, r.author, w.name AS author_name, w.kind AS author_kind, w.identified,
    c.said.text AS text, c.type, c.attribution, c.certainty, c.negated,
    round(c.confidence, 4) AS confidence, c.position, t.label AS topic,
    list_sort(list_distinct(list_transform(c.said.entities, lambda e: e.entity))) AS entities,
    c.original, c.article, a.title, a.published, a.source AS source_name, a.url, a.origin,
    c.holder, h.name AS holder_name,
    substring(a.text, c.said.source[1] + 1, c.said.source[2] - c.said.source[1]) AS source,
    substring(a.text, c.said.cue[1] + 1, c.said.cue[2] - c.said.cue[1]) AS cue,
    c."start", c.said.content[1][2] AS "end", c.said.content AS content,
    c.said.sentence[1] AS sentence_start, c.said.sentence[2] AS sentence_end,
    c.said.source[1] AS source_start, c.said.source[2] AS source_end,
    c.said.cue[1] AS cue_start, c.said.cue[2] AS cue_end
FROM (SELECT *, {_OF_RECORD} AS said FROM store.claims) c
JOIN store.articles a ON a.id = c.article
LEFT JOIN store.holders h ON h.article = c.article AND h.id = c.holder
LEFT JOIN store.credits r ON r.article = c.article AND r.holder = c.holder AND NOT r.joint
LEFT JOIN store.authors w ON w.id = r.author
LEFT JOIN store.topics t ON t.position = c.position
"""
_STANCES = """
SELECT claim, s.target, s.label, round(s.score, 4) AS score FROM (
    SELECT id AS claim, unnest(from_json(record->'$.stances',
        '[{"target": "VARCHAR", "label": "VARCHAR", "score": "DOUBLE"}]')) AS s
    FROM store.claims
)
"""
_CLAIM_AUTHORS = """
SELECT c.id AS claim, r.author, r.joint
FROM store.claims c JOIN store.credits r ON r.article = c.article AND r.holder = c.holder
"""
_ENTITIES = f"""
SELECT e.*, substring(a.text, e."start" + 1, e."end" - e."start") AS text, k.claim
FROM store.entities e
JOIN store.articles a ON a.id = e.article
LEFT JOIN (
    SELECT article, e.span, e.label, e.entity, arg_min(id, row(size, "start", id)) AS claim
    FROM (
        SELECT article, id, "start", unnest(said.entities) AS e,
            list_sum(list_transform(said.content, lambda f: f[2] - f[1])) AS size
        FROM (SELECT *, {_OF_RECORD} AS said FROM store.claims)
    ) GROUP BY ALL
) k ON k.article = e.article AND k.span[1] = e."start" AND k.span[2] = e."end"
    AND k.label = e.label AND k.entity = e.entity
"""
_FIGURES = """
SELECT f.* EXCLUDE (low, high), substring(a.text, f."start" + 1, f."end" - f."start") AS text,
    CASE WHEN f.kind <> 'date' THEN TRY_CAST(f.low AS DOUBLE) END AS low,
    CASE WHEN f.kind <> 'date' THEN TRY_CAST(f.high AS DOUBLE) END AS high,
    CASE WHEN f.kind = 'date' THEN f.low END AS date_from,
    CASE WHEN f.kind = 'date' THEN f.high END AS date_to
FROM store.figures f JOIN store.articles a ON a.id = f.article
"""

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table("articles", ArticleRecord, _ARTICLES, "published NULLS LAST, id"),
        Table("authors", AuthorRecord, _AUTHORS, "claims DESC, id"),
        Table("positions", PositionRecord, _POSITIONS, "claims DESC, articles DESC, id"),
        Table("claims", ClaimRecord, _CLAIMS, 'published NULLS LAST, article, "start", id'),
        Table("stances", StanceRecord, _STANCES, "claim, target, label"),
        Table("claim_authors", ClaimAuthorRecord, _CLAIM_AUTHORS, "claim, joint, author"),
        Table("entities", EntityRecord, _ENTITIES, 'article, "start", "end", label, entity'),
        Table("figures", FigureRecord, _FIGURES, 'article, "start", "end", kind, low, date_from'),
    )
}
