"""Writing the output folder from the dataset: atomic, and only what changed."""

from __future__ import annotations

import filecmp
import json
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from unicodedata import category, normalize

from ronten import authors, cluster, duplicates, names, positions, relations, topics, types
from ronten.relations import Relations
from ronten.store import FileRow, Store, digest
from ronten.types import AuthorPositions, Record

ANNOTATIONS = "annotations.jsonl"
AUTHORS = "authors"
ANONYMOUS = "anonymous.jsonl"
INDEX = "index.json"
REJECTED = "rejected.jsonl"
RECLUSTER = "recluster.json"
MANIFEST = "run.json"

MANY = 10_000
"""Above this number author files are spread over folders."""

_AUTHOR_FILE = re.compile(r"(?:.*-)?a-[0-9a-f]{12}\.json")
# Strings hold no raw line breaks in JSON, so this matches offsets alone.
_SPAN = re.compile(r"\[\n *(\d+),\n *(\d+)\n *\]")
_MAKERS = (
    authors,
    cluster,
    duplicates,
    names,
    positions,
    relations,
    sys.modules[__name__],
    topics,
    types,
)
_SCORES = frozenset({"confidence", "score", "check_worthiness"})
_READABLE = 40


@dataclass
class Emitted:
    """What emitting did: authors and anonymous holders shown, files written and removed."""

    authors: int = 0
    anonymous: int = 0
    written: int = 0
    removed: int = 0


def emit(
    store: Store, out: Path, aliases: Mapping[str, str], min_confidence: float, version: str
) -> Emitted:
    """Write every file but run.json into `out` from the dataset, unless all of them are up to date.

    `aliases` is what `read_aliases` returns; claims below `min_confidence` (0 to 1) stay out of the
    author documents.
    """
    key = key_of(store, aliases, min_confidence, version)
    done = Emitted()
    _remove_unfinished(out)
    if store.emitted() == key and not damaged(store, out):
        counts = manifest(out, INDEX)["counts"]
        done.authors, done.anonymous = counts["authors"], counts["anonymous"]
        return done
    done.written += write_lines(out / ANNOTATIONS, store.annotations())
    done.written += write_lines(out / REJECTED, (_rejection(r) for r in store.rejected()))
    files = _emit_authors(store, out, aliases, min_confidence, version, done)
    files |= {out / name for name in (ANNOTATIONS, REJECTED, ANONYMOUS, INDEX)}
    stamps = (_stamp(out, path.relative_to(out).as_posix()) for path in sorted(files))
    with store.transaction():
        store.set_emitted(key, [stamp for stamp in stamps if stamp])
    return done


def key_of(store: Store, aliases: Mapping[str, str], min_confidence: float, version: str) -> str:
    """Return what the files are written under: a hash of all that they depend on."""
    settings = json.dumps([version, _code(), sorted(aliases.items()), min_confidence])
    return digest(settings + store.state())


def damaged(store: Store, out: Path) -> list[str]:
    """Return the files, by path in the folder, that are not what was written last."""
    return [file.path for file in store.files() if _stamp(out, file.path) != file]


def manifest(out: Path, name: str = MANIFEST) -> dict[str, Any]:
    """Return run.json of a folder (or another file of it), nothing where it is not sound."""
    try:
        found = json.loads((out / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_manifest(out: Path, record: dict[str, Any], times: dict[str, Any]) -> bool:
    """Write run.json unless nothing but `times` would change; tells whether it did."""
    old = {key: value for key, value in manifest(out).items() if key != "times"}
    if old == record:
        return False
    return _write_json(out / MANIFEST, {**record, "times": times})


def write_moves(out: Path, before: Mapping[str, str], store: Store) -> None:
    """Write what became of old positions (claim → position) after clustering or annotating anew.

    Each old id maps to the new ids its claims stand in, most of them first; claims that are gone
    stand in none.
    """
    after = store.positions_of(before)
    moved: dict[str, Counter[str]] = defaultdict(Counter)
    for claim, position in before.items():
        if claim in after:
            moved[position][after[claim]] += 1
        else:
            moved.setdefault(position, Counter())
    record = {
        "schema": "ronten/recluster/1",
        "positions": {
            old: [
                {"id": id_, "claims": n}
                for id_, n in sorted(new.items(), key=lambda item: (-item[1], item[0]))
            ]
            for old, new in sorted(moved.items())
        },
    }
    _write_json(out / RECLUSTER, record)


def slug(name: str, id_: str) -> str:
    """Return a file name stem that is safe on every file system: readable part and author id."""
    kept = "".join(
        char if category(char)[0] in "LN" or char == "_" else "-"
        for char in normalize("NFKC", name)
    )
    readable = re.sub("-+", "-", kept).strip("-")[:_READABLE].rstrip("-")
    return f"{readable}-{id_}" if readable else id_


def _emit_authors(
    store: Store,
    out: Path,
    aliases: Mapping[str, str],
    min_confidence: float,
    version: str,
    done: Emitted,
) -> set[Path]:
    """Write the documents of all authors; return the paths of the identified ones."""
    known, credits = authors.authors(store.holders(), aliases)
    spread = sum(author.identified for author in known.values()) > MANY
    about = topics.topics(store.term_counts(), positions.groups(*store.centroids()))
    with store.transaction():
        store.set_authors(
            (authors.author_row(author) for author in known.values()),
            credits,
            (topics.topic_row(position, topic) for position, topic in about.items()),
        )
        store.set_originals(duplicates.twins(store.signatures()))
    relations = Relations({id_: author.name for id_, author in known.items() if author.identified})
    relations.add(positions.held(store.credited_claims(min_confidence), about))
    documents = positions.documents(
        known, store.credited_claims(min_confidence), about, relations, version
    )
    listed: list[dict[str, Any]] = []
    files: set[Path] = set()
    with _replacing(out / ANONYMOUS) as anonymous:
        for author, document in documents:
            record = document.model_dump(mode="json", by_alias=True)
            if not author.identified:
                anonymous.file.write(line(record))
                done.anonymous += 1
                continue
            folder = f"{AUTHORS}/{author.id[2:4]}" if spread else AUTHORS
            file = f"{folder}/{slug(author.name, author.id)}.json"
            done.written += _write_json(out / file, record)
            files.add(out / file)
            listed.append(_listing(document, file))
    done.written += anonymous.changed
    done.authors = len(listed)
    listed.sort(key=lambda entry: (-entry["claims"], entry["id"]))
    index = {
        "schema": "ronten/index/1",
        "counts": {
            "authors": done.authors,
            "anonymous": done.anonymous,
            **asdict(store.counts()),
        },
        "authors": listed,
    }
    done.written += _write_json(out / INDEX, index)
    done.removed = _remove_stale(out / AUTHORS, files)
    return files


def _stamp(out: Path, path: str) -> FileRow | None:
    """Return what tells whether a file is still what was written; None where there is none."""
    try:
        found = (out / path).stat()
    except OSError:
        return None
    return FileRow(path, found.st_size, found.st_mtime_ns)


@cache
def _code() -> str:
    """Return a hash of the code that makes the files from the dataset."""
    hashed = sha256()
    for module in _MAKERS:
        hashed.update(Path(str(module.__file__)).read_bytes())
    return hashed.hexdigest()


def _listing(document: AuthorPositions, file: str) -> dict[str, Any]:
    return {
        "id": document.id,
        "name": document.name,
        "kind": document.kind.value,
        "file": file,
        "claims": sum(position.weight for position in document.positions),
        "positions": len(document.positions),
    }


def _rejection(rejected: Record) -> dict[str, Any]:
    return rejected.model_dump(mode="json")


def _remove_stale(folder: Path, keep: set[Path]) -> int:
    removed = 0
    for path in sorted(folder.rglob("*.json")) if folder.is_dir() else []:
        if path not in keep and _AUTHOR_FILE.fullmatch(path.name):
            path.unlink()
            removed += 1
            if path.parent != folder and not any(path.parent.iterdir()):
                path.parent.rmdir()
    return removed


def _remove_unfinished(out: Path) -> None:
    """Remove what a killed run was writing; the lock of the dataset keeps others from writing."""
    for pattern in (".*.json.new", ".*.jsonl.new", f"{AUTHORS}/**/.*.json.new"):
        for path in out.glob(pattern):
            path.unlink()


def line(record: dict[str, Any]) -> str:
    """Return a record as a line of JSON, its scores rounded to 4 decimals."""
    return "".join(_pieces(record))


def _pieces(record: dict[str, Any]) -> Iterator[str]:
    """Yield the line of a record piece by piece: that of a very long article is huge."""
    _rounded(record)
    yield "{"
    for number, (key, value) in enumerate(record.items()):
        yield f"{',' if number else ''}{_dumps(key)}:"
        if not isinstance(value, list):
            yield _dumps(value)
            continue
        yield "["
        for place, held in enumerate(value):
            yield f"{',' if place else ''}{_dumps(held)}"
        yield "]"
    yield "}\n"


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> bool:
    """Write records as JSON lines, all or nothing; tells whether the file changed."""
    with _replacing(path) as target:
        for record in records:
            target.file.writelines(_pieces(record))
    return target.changed


def _write_json(path: Path, record: dict[str, Any]) -> bool:
    text = json.dumps(_rounded(record), ensure_ascii=False, indent=1) + "\n"
    text = _SPAN.sub(r"[\1, \2]", text)
    if path.is_file() and path.read_bytes() == text.encode():
        return False
    with _replacing(path) as target:
        target.file.write(text)
    return True


@dataclass
class _Target:
    file: IO[str]
    changed: bool = False


@contextmanager
def _replacing(path: Path) -> Iterator[_Target]:
    """Write beside `path`, then take its place at once, unless the bytes are what stands there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            target = _Target(file)
            yield target
            file.flush()
            os.fsync(file.fileno())
        target.changed = not (path.is_file() and filecmp.cmp(beside, path, shallow=False))
        if target.changed:
            os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _rounded(value: Any, key: str = "") -> Any:
    """Round scores to 4 decimals, in place; other numbers are data and stay as they are."""
    if isinstance(value, dict):
        for name, held in value.items():
            value[name] = _rounded(held, name)
    elif isinstance(value, list):
        for at, held in enumerate(value):
            value[at] = _rounded(held, key)
    elif isinstance(value, float) and key in _SCORES:
        return round(value, 4)
    return value
