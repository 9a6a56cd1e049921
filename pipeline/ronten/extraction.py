"""Articles to annotations: the only place where a Doc becomes records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ronten.config import Config
from ronten.errors import Reason, UsageError
from ronten.types import Annotation, Article, Claim, Entity, Figure, Holder, Metadata, Rejected

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def load(config: Config | None = None) -> Language:
    """Build the extraction pipeline: ja_ginza without its NER, and the components of ronten.

    Args:
        config: user lexicon, reporting verbs and parse mode; defaults if None.

    Raises:
        ModelNotFound: ja_ginza is not installed.
    """
    from ronten.components.language import build

    return build(config or Config())


def annotate(nlp: Language, articles: Iterable[Article]) -> Iterator[Annotation | Rejected]:
    """Annotate articles one by one, in order; an article that fails comes back with the reason.

    Each article is processed alone, so that its annotation never depends on its neighbours.
    """
    for article in articles:
        try:
            yield _annotation(article, _process(nlp, article))
        except Exception as error:  # one bad article must not stop a batch
            yield Rejected(
                origin=article.origin,
                row=article.row,
                id=article.id,
                reason=Reason.FAILED,
                detail=f"{type(error).__name__}: {error}",
            )


def extract(text: str, **metadata: Any) -> Annotation:
    """Annotate one text with the default pipeline.

    Args:
        text: Japanese text of any length.
        **metadata: `id title authors published source url genre targets`.

    Raises:
        UsageError: the text holds a lone surrogate, which no file can hold.
    """
    try:
        digest = sha256(text.encode()).hexdigest()[:16]
    except UnicodeEncodeError as error:
        raise UsageError(
            f"text: lone surrogate at character {error.start}; "
            "decode the text with errors='strict' first"
        ) from error
    targets = list(metadata.pop("targets", []))
    given = metadata.pop("id", None)
    article = Article(
        id=str(given) if given else digest,
        text=text,
        metadata=Metadata(**metadata),
        targets=targets,
        given_id=given is not None,
    )
    return _annotation(article, _process(_default(), article))


@cache
def _default() -> Language:
    return load()


def _process(nlp: Language, article: Article) -> Doc:
    doc = nlp.make_doc(article.text)
    doc._.ronten_metadata = article.metadata.dump()
    return nlp(doc)


def _annotation(article: Article, doc: Doc) -> Annotation:
    claims: list[Claim] = []
    taken: dict[str, int] = {}
    for values in doc._.ronten_claims:
        start, end = values["content"][0]
        key = f"{article.id}:{start}-{end}"
        taken[key] = taken.get(key, 0) + 1
        name = key if taken[key] == 1 else f"{key}.{taken[key]}"
        claims.append(Claim(id=name, position=None, stance=None, **values))
    return Annotation(
        id=article.id,
        text=article.text,
        metadata=article.metadata,
        targets=article.targets,
        holders=[Holder(**values) for values in doc._.ronten_holders],
        claims=claims,
        entities=[Entity(**values) for values in doc._.ronten_entities],
        figures=[Figure(**values) for values in doc._.ronten_figures],
    )
