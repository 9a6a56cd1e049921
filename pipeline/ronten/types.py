"""The one data model: gold labels, system output, the store and the author documents share it.

Offsets are `[start, end)` in Unicode code points of the article text exactly as stored.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Span = tuple[int, int]
"""Half-open character range `[start, end)` of the article text."""


class Kind(StrEnum):
    """What a holder is."""

    PERSON = "person"
    COMPANY = "company"
    ORGANIZATION = "organization"
    GOVERNMENT = "government"
    GROUP = "group"
    UNSPECIFIED = "unspecified"
    ARTICLE_AUTHOR = "article_author"


class Attribution(StrEnum):
    """How a claim is put into the text."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    AUTHORIAL = "authorial"


class ClaimType(StrEnum):
    """What sort of proposition a claim is."""

    FACT = "fact"
    PREDICTION = "prediction"
    POLICY = "policy"
    INTERPRETATION = "interpretation"


class Label(StrEnum):
    """Entity labels."""

    PERSON = "PERSON"
    COMPANY = "COMPANY"
    ORG = "ORG"
    PLACE = "PLACE"
    CHIP = "CHIP"
    MODEL = "MODEL"
    PRODUCT = "PRODUCT"
    POLICY = "POLICY"


class FigureKind(StrEnum):
    """What a figure measures."""

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    MULTIPLIER = "multiplier"
    DURATION = "duration"
    DATE = "date"
    MEASURE = "measure"


class Record(BaseModel):
    """Base of all records: immutable, keeps keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow", use_enum_values=False)

    def dump(self) -> dict[str, Any]:
        """Return the record as JSON-ready data; keys that were never set are left out."""
        return self.model_dump(mode="json", exclude_unset=True)


class Metadata(Record):
    """What is known about an article besides its text; any of it may be missing."""

    title: str | None = None
    authors: list[str] = []
    published: str | None = None
    source: str | None = None
    url: str | None = None
    genre: str | None = None


class Article(Record):
    """One input text with its metadata, before extraction.

    `origin` is the path relative to the PATH given (with `row` for files of rows), `location` where
    the file lies, None for standard input; `given_id` tells whether `id` came with the input or is
    the hash of the text.
    """

    id: str
    text: str
    metadata: Metadata = Metadata()
    targets: list[str] = []
    origin: str = ""
    row: int | None = None
    location: str | None = None
    given_id: bool = False


class Rejected(Record):
    """An input that was not processed, and why (one line of rejected.jsonl)."""

    origin: str
    row: int | None = None
    id: str | None = None
    reason: str
    detail: str
    location: Annotated[str | None, Field(exclude=True)] = None
    """Where the file lies; of this machine, so it is never written out."""


class Holder(Record):
    """Who commits to a claim, listed once per article."""

    id: str
    name: str
    kind: Kind
    aliases: list[str] = []
    members: list[str] = []
    roles: list[str] = []


class Stance(Record):
    """The side a claim takes on a target."""

    target: str
    label: Literal["favor", "against", "none"]
    score: float | None = None


class Claim(Record):
    """One proposition put forward by one holder inside one sentence."""

    id: str
    content: Annotated[list[Span], Field(min_length=1)]
    holder: str
    source: Span | None = None
    cue: Span | None = None
    attribution: Attribution
    type: ClaimType
    stance: Stance | None = None
    position: str | None = None
    confidence: float | None = None
    certainty: Literal["certain", "probable", "possible"] | None = None
    negated: bool | None = None
    check_worthiness: float | None = None
    stances: list[Stance] = []
    sentence: Span | None = None
    rule: str | None = None


class Entity(Record):
    """A mention of a named thing and the canonical name all its mentions share."""

    span: Span
    label: Label
    entity: str


class Figure(Record):
    """A quantity or time expression with its value."""

    span: Span
    kind: FigureKind
    low: int | float | str | None = None
    high: int | float | str | None = None
    unit: str | None = None
    modifier: Literal["about", "over", "under"] | None = None
    measures: str | None = None
    claim: str | None = None


class Annotation(Record):
    """Everything known about one article: the exchange format of gold and system output."""

    id: str
    text: str
    metadata: Metadata = Metadata()
    targets: list[str] = []
    layers: list[Literal["claims", "entities", "figures", "stance", "positions"]] | None = None
    holders: list[Holder] = []
    claims: list[Claim] = []
    entities: list[Entity] = []
    figures: list[Figure] = []


class Topic(Record):
    """What a position is about, in words a reader understands."""

    label: str
    keywords: list[str] = []
    group: str | None = None
    """Id of the coarser topic that this one is part of."""
    group_label: str | None = None


class AuthorClaim(Record):
    """A claim as an author document shows it: offsets and the text they cut out."""

    id: str
    article: str
    title: str | None
    published: str | None
    url: str | None
    content: list[Span]
    text: str
    sentence: Span | None
    source: Span | None
    cue: Span | None
    attribution: Attribution
    type: ClaimType
    certainty: str | None
    negated: bool | None
    confidence: float | None
    joint: bool
    entities: list[Entity]
    figures: list[Figure]
    stances: list[Stance] = []
    also_in: list[str] = []
    """Origins of near duplicates of the article that repeat the claim; it counts once."""


class Position(Record):
    """One point an author makes, with every claim in which they make it."""

    id: str
    topic: Topic
    statement: str
    stances: list[Stance]
    weight: int
    first: str | None
    last: str | None
    claims: list[AuthorClaim]


class AuthorPositions(Record):
    """The author document: all positions of one claim holder."""

    schema_: Literal["ronten/author/1"] = Field(default="ronten/author/1", alias="schema")
    id: str
    name: str
    kind: Kind
    aliases: list[str]
    roles: list[str]
    members: list[str]
    member_ids: list[str] = []
    positions: list[Position]
    shifts: list[dict[str, Any]]
    agrees: list[dict[str, Any]]
    opposes: list[dict[str, Any]]
    disputes: list[dict[str, Any]] = []
    identity: list[dict[str, Any]] = []
    provenance: dict[str, Any]
