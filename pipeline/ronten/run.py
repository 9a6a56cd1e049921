"""The main job: whatever lies under some paths becomes, or joins, an output folder.

read → annotate in batches → store → embed → positions → emit. Every step takes up what an earlier
run left: unchanged articles are skipped, claims keep their positions, files that would not change
are not touched.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from ronten import __version__, emit, models, positions
from ronten.authors import holder_rows, read_aliases
from ronten.config import Config
from ronten.errors import Exit, Reason, UsageError
from ronten.same_point import MODEL as SAME_POINT
from ronten.same_point import Point, SamePoint
from ronten.store import Entry, Known, Place, Store, content_hash, digest
from ronten.types import Annotation, Article, Rejected

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.language import Language

    from ronten.embed import Embedder

Progress = Callable[[str, int], None]
"""Called with a step's name and how many more items it has done."""

BATCH_CHARS = 50_000
BATCH_ARTICLES = 200
EMBED_BATCH = 4096
_ANNOTATION_CODE = (
    "authors.py",
    "extraction.py",
    "linear.py",
    "ranking.py",
    "positions.py",
    "claim_text.py",
    "stances.py",
    "topics.py",
    "names.py",
    "types.py",
)
_MODELS = (
    "ner",
    "claims",
    "holders",
    "confidence",
    "types",
    "checkworthiness",
    "stance",
    "embedding",
)
_ANNOTATORS = ("spacy", "ginza", "ja_ginza", "sudachipy", "sudachidict_core")

log = logging.getLogger(__name__)


@dataclass
class RunSummary:
    """What a run did with its input, and what the output folder holds now."""

    out: Path
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    replaced: int = 0
    """Articles of earlier runs that are gone because other content has taken their place."""
    duplicates: int = 0
    rejected: int = 0
    state: dict[str, int] = field(default_factory=dict)
    """Counts of the folder after the run: articles, claims, positions, rejected, authors, …"""
    files_written: int = 0
    files_removed: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """Time taken, by step."""

    @property
    def exit_code(self) -> Exit:
        """REJECTED where an input was rejected (duplicates are no error), else DONE."""
        return Exit.REJECTED if self.rejected else Exit.DONE

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as JSON-ready data."""
        return {**asdict(self), "out": str(self.out), "exit_code": int(self.exit_code)}


def run(
    paths: Sequence[str | Path],
    out: Path,
    config: Config | None = None,
    *,
    stdin: BinaryIO | None = None,
    stdin_format: Literal["text", "jsonl"] = "text",
    progress: Progress | None = None,
    recluster: bool = False,
) -> RunSummary:
    """Process everything under `paths` into the output folder `out`.

    With `recluster`, all claims are put into positions anew, and `recluster.json` says what became
    of each old one.

    Raises `UsageError` for a path that does not exist or an unreadable user file, `StoreError`
    where `out` is locked or of another version, `ModelNotFound` where a model is missing.
    """
    from ronten.embed import load_embedder
    from ronten.read import STDIN, read

    config = config or Config()
    summary = RunSummary(out)
    check_apart(paths, out)
    items = read(paths, stdin=stdin, stdin_format=stdin_format)
    # Whatever the user named is looked at before any work: what is wrong shows at once.
    fingerprint = annotation_fingerprint(config)
    aliases = read_aliases(config.aliases)
    embedder = load_embedder(config.embedding, prompt=config.embedding_prompt)
    items = chain([first], items) if (first := next(items, None)) is not None else iter(())
    job = _Job(config, fingerprint, summary, progress or (lambda step, count: None))
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    with Store.open(out) as store:
        if STDIN in map(str, paths):
            store.forget_rejections(STDIN)
        with _timed(summary, "annotate"):
            job.annotate(store, items)
        with _timed(summary, "positions"):
            job.embed(store, embedder)
            if recluster:
                with store.transaction():
                    before = store.unplace()
            job.place(store)
            if recluster:
                emit.write_moves(out, before, store)
        with _timed(summary, "emit"):
            emitted = emit.emit(store, out, aliases, config.min_confidence, __version__)
        state = {
            **asdict(store.counts()),
            "authors": emitted.authors,
            "anonymous": emitted.anonymous,
        }
        manifest = {
            "schema": "ronten/run/1",
            "ronten": __version__,
            "configuration": config.model_dump(mode="json"),
            "fingerprints": {
                "annotation": fingerprint,
                "positions": config.position_fingerprint(),
                SAME_POINT: models.fingerprint(models.find(SAME_POINT)),
                "embedding": embedder.fingerprint,
                **{name: _installed(name) for name in _ANNOTATORS},
            },
            "counts": state,
        }
        times = {"started": started, "seconds": summary.seconds}
        written = emit.write_manifest(out, manifest, times)
    summary.state = state
    summary.files_written = emitted.written + written
    summary.files_removed = emitted.removed
    return summary


def extract(
    paths: Sequence[str | Path],
    config: Config | None = None,
    *,
    stdin: BinaryIO | None = None,
    stdin_format: Literal["text", "jsonl"] = "text",
) -> Iterator[Annotation | Rejected]:
    """Yield the annotation of every article under `paths`, or its rejection, in input order."""
    from ronten.extraction import annotate, load
    from ronten.read import read

    items = read(paths, stdin=stdin, stdin_format=stdin_format)
    nlp: Language | None = None
    for batch in _batches(items):
        articles = [item for item in batch if isinstance(item, Article)]
        if articles and nlp is None:
            nlp = load(config)
        results = iter(annotate(nlp, articles) if nlp else ())
        for item in batch:
            yield next(results) if isinstance(item, Article) else item


def check_apart(paths: Sequence[str | Path], out: Path) -> None:
    """Raise `UsageError` where `out`, a file or folder, is one of the inputs or inside of one."""
    for path in paths:
        if str(path) == "-" or not out.resolve().is_relative_to(Path(path).resolve()):
            continue
        if Path(path).is_file():
            raise UsageError(f"{out}: is also an input and would be overwritten; name another")
        raise UsageError(
            f"{out}: the output lies inside the input '{path}', where it would be read as "
            "articles; name a place outside"
        )


def annotation_fingerprint(config: Config) -> str:
    """Return a hash of all that annotations depend on besides the article.

    That is the configuration, the code and lexica of the extraction, and the models under it.
    """
    parts = [config.annotation_fingerprint(), _code_fingerprint()]
    parts += [f"{name} {_installed(name)}" for name in _ANNOTATORS]
    parts += [f"{name} {models.fingerprint(models.find(name))}" for name in _MODELS]
    return digest("\n".join(parts))


class _Job:
    """One run: its settings and its summary, and the models once they are needed."""

    def __init__(
        self, config: Config, fingerprint: str, summary: RunSummary, progress: Progress
    ) -> None:
        self.config = config
        self.fingerprint = fingerprint
        self.summary = summary
        self.progress = progress
        self.nlp: Language | None = None

    def annotate(self, store: Store, items: Iterable[Article | Rejected]) -> None:
        """Bring the articles of the dataset up to the input, batch by batch."""
        ledger = _Ledger(store, self.fingerprint, self.summary)
        for batch in _batches(items):
            self.summary.read += len(batch)
            with store.transaction():
                todo = ledger.todo(batch)
                self.progress("articles", len(batch) - len(todo))
                self._store(store, todo)
        # What stood in the way of an article may have made room later in the same input.
        while released := store.released(BATCH_ARTICLES):
            with store.transaction():
                self._store(store, ledger.todo(released))
        with store.transaction():
            ledger.close()

    def _store(self, store: Store, articles: Sequence[Article]) -> None:
        from ronten.extraction import annotate, load

        if not articles:
            return
        if self.nlp is None:
            self.nlp = load(self.config)
        entries: list[Entry] = []
        results = annotate(self.nlp, articles)
        for article, result in zip(articles, results, strict=True):
            self.progress("articles", 1)
            if isinstance(result, Rejected):
                self.summary.rejected += 1
                store.reject([result])
                log.warning("%s: %s", result.origin, result.detail)
            else:
                entries.append(
                    Entry(article, result, holder_rows(result), positions.claim_rows(result))
                )
        store.put(entries, self.fingerprint)

    def embed(self, store: Store, embedder: Embedder) -> None:
        """Give every claim text a vector of the model."""
        with store.transaction():
            store.prune_vectors(embedder.fingerprint)
        while todo := store.texts_to_embed(embedder.fingerprint, EMBED_BATCH):
            with store.transaction():
                hashes, texts = zip(*todo, strict=True)
                store.put_vectors(embedder.fingerprint, hashes, embedder.encode(list(texts)))
            self.progress("claims", len(todo))

    def place(self, store: Store) -> None:
        """Put every claim that stands in no position into one."""
        with store.transaction():
            store.prune_positions()
            if store.has_unplaced():
                claims, vectors = store.located()

                def points(numbers: NDArray[np.int64]) -> list[Point]:
                    held = store.records([claims[i].id for i in numbers.tolist()])
                    return [positions.point_of_record(*claim) for claim in held]

                placed = positions.place(
                    claims,
                    vectors,
                    partial(SamePoint.load().chances, points),
                    threshold=self.config.threshold,
                )
                store.place(*placed)


class _Ledger:
    """Decides what has to be done about each input, and keeps the places of articles true.

    A place (origin and row) holds one article. Other content at a place takes the place away from
    the article that had it; an article nobody gives a place is dropped when the input ends.
    """

    def __init__(self, store: Store, fingerprint: str, summary: RunSummary) -> None:
        self.store = store
        self.fingerprint = fingerprint
        self.summary = summary
        self.origins: set[str] = set()

    def todo(self, batch: Sequence[Article | Rejected]) -> list[Article]:
        """Return the articles of a batch that have to be annotated."""
        known = self.store.known([item for item in batch if isinstance(item, Article)])
        stored = {entry.id: entry for entry in known}
        todo: list[Article] = []
        for item in batch:
            if item.origin not in self.origins:
                self.origins.add(item.origin)
                self.store.forget_rejections(item.origin)
            if isinstance(item, Rejected):
                self._rejected(item, stored)
            elif self._is_todo(item, stored):
                todo.append(item)
        return todo

    def close(self) -> None:
        """Count what is still blocked and drop the articles that lost their place."""
        self.summary.duplicates += sum(1 for _ in self.store.blocked(conflict=False))
        conflicts = [
            Rejected(
                origin=origin,
                row=row,
                id=id_,
                reason=Reason.ID_CONFLICT,
                detail=f"{_name((other, other_row))} of an earlier run has this id and another "
                "text; give each text its own id",
            )
            for id_, origin, row, other, other_row in self.store.blocked(conflict=True)
        ]
        self.store.reject(conflicts)
        self.summary.rejected += len(conflicts)
        if homeless := self.store.homeless():
            self.summary.replaced += len(homeless)
            self.store.drop(homeless)

    def _rejected(self, item: Rejected, stored: dict[str, Known]) -> None:
        if item.reason != Reason.DUPLICATE:
            self.summary.rejected += 1
            self.store.reject([item])
            return
        self.summary.duplicates += 1
        here = self.store.at((item.origin, item.row))
        if here is not None and here != item.id:
            self._unhouse(here, stored)

    def _is_todo(self, article: Article, stored: dict[str, Known]) -> bool:
        place, text_hash = (article.origin, article.row), digest(article.text)
        twin = stored.get(article.id)
        if twin is None and not article.given_id:
            twin = next((k for k in stored.values() if k.text_hash == text_hash), None)
        if twin is not None and twin.place not in (None, place):
            conflict = twin.text_hash != text_hash
            self.store.wait(article, twin.id, conflict)
            if not conflict:
                self._vacate(place, article.id, stored)
            return False
        self._vacate(place, article.id, stored)
        if twin is None or twin.id != article.id:
            self.summary.new += 1
            return True
        if (twin.content_hash, twin.fingerprint) != (content_hash(article), self.fingerprint):
            self.summary.changed += 1
            return True
        if twin.place is None:
            self.store.house(article.id, place)
            stored[article.id] = twin._replace(place=place)
        self.summary.unchanged += 1
        return False

    def _vacate(self, place: Place, for_: str, stored: dict[str, Known]) -> None:
        for entry in list(stored.values()):
            if entry.place == place and entry.id != for_:
                self._unhouse(entry.id, stored)

    def _unhouse(self, id_: str, stored: dict[str, Known]) -> None:
        self.store.unhouse(id_)
        if id_ in stored:
            stored[id_] = stored[id_]._replace(place=None)


def _batches(
    items: Iterable[Article | Rejected],
) -> Iterator[list[Article | Rejected]]:
    """Group items by characters, so that memory does not depend on how long articles are."""
    batch: list[Article | Rejected] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item.text) if isinstance(item, Article) else 0
        if size >= BATCH_CHARS or len(batch) >= BATCH_ARTICLES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@contextmanager
def _timed(summary: RunSummary, step: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    summary.seconds[step] = round(time.perf_counter() - started, 2)


@cache
def _code_fingerprint() -> str:
    """Return a hash of the code and lexica that make annotations."""
    package = Path(__file__).parent
    files = [package / name for name in _ANNOTATION_CODE]
    for folder in ("text", "components"):
        files += (p for p in (package / folder).rglob("*") if p.suffix in (".py", ".tsv", ".txt"))
    hashed = sha256()
    for file in sorted(files):
        hashed.update(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes())
    return hashed.hexdigest()


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _name(place: Place) -> str:
    origin, row = place
    return f"'{origin}'" if row is None else f"'{origin} row {row}'"
