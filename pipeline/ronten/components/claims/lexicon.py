"""The reporting lexicon: predicates, idioms and nouns that put a claim into a holder's mouth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from ronten.errors import UsageError


@dataclass(frozen=True, slots=True)
class Predicate:
    """A reporting predicate: its kind (say, think, predict …) and the frames it takes."""

    kind: str
    frames: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReportingNoun:
    """A reporting noun and how its content is cut (`clause`, `phrase` or `any`)."""

    kind: str
    use: str


FRAMES = frozenset({"to", "koto", "you", "np"})
KINDS = frozenset({"say", "think", "predict", "demand", "concede", "deny", "warn", "evaluate"})


@dataclass(frozen=True, eq=False)
class CueLexicon:
    """Reporting expressions by Sudachi normal form."""

    predicates: dict[str, Predicate]
    idioms: dict[tuple[str, str], str]
    nouns: dict[str, ReportingNoun]


def load_cues(user_files: Sequence[Path] = ()) -> CueLexicon:
    """Read the reporting lexicon; users' files (lemma, kind, frames) add to it and win.

    Raises:
        UsageError: a user's file cannot be read or holds a line of another form.
    """
    base = _builtin()
    if not user_files:
        return base
    predicates = dict(base.predicates)
    for path in user_files:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"reporting verbs: cannot read {path}: {error}") from error
        for number, fields in _rows(text):
            if len(fields) != 3:
                raise UsageError(
                    f"{path}:{number}: expected 3 tab-separated fields (lemma, kind, frames), "
                    f"got {len(fields)}"
                )
            lemma, kind, frames = fields
            unknown = ({kind} - KINDS) | (set(frames.split(",")) - FRAMES)
            if unknown:
                raise UsageError(
                    f"{path}:{number}: unknown {', '.join(sorted(unknown))}; "
                    f"kinds: {', '.join(sorted(KINDS))}; frames: {', '.join(sorted(FRAMES))}"
                )
            predicates[lemma] = Predicate(kind, frozenset(frames.split(",")))
    return CueLexicon(predicates, base.idioms, base.nouns)


@cache
def _builtin() -> CueLexicon:
    return CueLexicon(
        predicates={
            lemma: Predicate(kind, frozenset(frames.split(",")))
            for lemma, kind, frames in table("cues.tsv")
        },
        idioms={(noun, verb): kind for noun, verb, kind in table("idioms.tsv")},
        nouns={noun: ReportingNoun(kind, use) for noun, kind, use in table("nouns.tsv")},
    )


def word_list(name: str) -> frozenset[str]:
    """Read a one-column list that stands beside this module."""
    return frozenset(fields[0] for fields in table(name))


def word_lists(name: str) -> dict[str, frozenset[str]]:
    """Read a file of several word lists (list, word) that stands beside this module."""
    result: dict[str, set[str]] = {}
    for title, word in table(name):
        result.setdefault(title, set()).add(word)
    return {title: frozenset(words) for title, words in result.items()}


def table(name: str) -> list[list[str]]:
    return [row for _, row in _rows(files(__package__).joinpath(name).read_text(encoding="utf-8"))]


def _rows(text: str) -> list[tuple[int, list[str]]]:
    return [
        (number, [field.strip() for field in line.split("\t")])
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
