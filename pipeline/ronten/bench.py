"""What extraction costs: every step against a full parse of the same texts, in one run.

The machine may be busy with other things. So throughput counts processor seconds, repetitions take
turns, a ratio compares what was measured in the same repetition, and medians over them are quoted.
Waiting times (one short text, loading) are what a clock on the wall shows.
"""

from __future__ import annotations

import gc
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from ronten.errors import RontenError, UsageError
from ronten.types import Annotation, Article, Rejected

if TYPE_CHECKING:
    from spacy.language import Language

    from ronten.train.ginza_parser import GinzaParser

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

STEPS = (
    "tokens", "text", "mentions", "figures", "cues", "parse", "measures", "claims", "records"
)  # fmt: skip
"""Steps of an extraction in order; `parse` is the selective one, `records` makes annotations."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "entities_figures": ("mentions", "figures", "measures"),
    "cues_claims": ("cues", "claims"),
    "ours": ("text", "mentions", "figures", "cues", "measures", "claims", "records"),
    "extraction": STEPS,
}
"""Steps that are judged together; `ours` is all but tokens and parse."""
FULL_PARSE = "full_parse"
"""GiNZA's parser on every sentence, with OpenBLAS on one thread; without the tokens."""

_SHORT = 50
"""Characters of the short texts."""
_SHORT_TEXTS = 100
_LOADS = 3
_LOAD = (
    "import time; start = time.perf_counter(); import ronten; ronten.load(); "
    "print(time.perf_counter() - start)"
)


def measures(*, stock: bool = True) -> list[str]:
    """Return the names of what is measured; the end of a name is its unit.

    `_us` microseconds of processor time per character, `_pct` percent of a full parse, `_per_s` in
    a processor second, `_ms`, `_s`, `_mb`; `stock_ratio` says how many times as long stock ja_ginza
    takes.
    """
    timed = (*STEPS, *GROUPS)
    return [
        *(f"{name}_us" for name in (*timed, FULL_PARSE)),
        *(f"{name}_pct" for name in timed),
        *("characters_per_s", "articles_per_s"),
        *("extract_median_ms", "extract_p95_ms", "load_s", "memory_mb"),
        *(("stock_us", "stock_ratio") if stock else ()),
    ]


@dataclass(frozen=True)
class Bench:
    """What was measured on which texts."""

    articles: int
    characters: int
    tokens: int
    short_texts: int
    """How many texts of about 50 characters were extracted one by one."""
    repeat: int
    values: Mapping[str, float]
    """Medians over the repetitions, by the names of `measures()`."""
    spread: Mapping[str, tuple[float, float]]
    """Least and greatest value of a repetition."""

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready data: the measures by name, the texts and the spread beside them."""
        return {
            "articles": self.articles,
            "characters": self.characters,
            "tokens": self.tokens,
            "short_texts": self.short_texts,
            "repeat": self.repeat,
            **{name: _rounded(value) for name, value in self.values.items()},
            "spread": {
                name: [_rounded(low), _rounded(high)] for name, (low, high) in self.spread.items()
            },
        }

    def misses(self, least: Mapping[str, float], most: Mapping[str, float]) -> list[str]:
        """Return a line for each measure below its minimum or above its maximum."""
        lines = []
        for name, limit in least.items():
            if not self._value(name) >= limit:
                lines.append(f"{name} {self._value(name):.4g} is below {limit:g}")
        for name, limit in most.items():
            if not self._value(name) <= limit:
                lines.append(f"{name} {self._value(name):.4g} is above {limit:g}")
        return lines

    def _value(self, name: str) -> float:
        return self.values.get(name, math.nan)


class _Pass(NamedTuple):
    """One article taken through all steps: processor seconds by step, and its tokens."""

    seconds: dict[str, float]
    tokens: int


def bench(
    paths: Sequence[str | Path], *, repeat: int = 5, stock: bool = False
) -> tuple[Bench, list[Rejected]]:
    """Measure extraction on the articles under some paths.

    Args:
        paths: files or folders.
        repeat: how often each text is taken through each step.
        stock: also measure `spacy.load("ja_ginza").pipe`, which takes several times as long as all
            the rest.

    Returns:
        The measures, and what could not be used as a text.

    Raises:
        UsageError: a path does not exist, or nothing under the paths can be read.
        ModelNotFound: ja_ginza is not installed.
    """
    import spacy

    from ronten.extraction import load
    from ronten.read import read
    from ronten.train.ginza_parser import GinzaParser

    items = list(read(paths))
    nlp = load()
    # Also the warm-up, and all that the peak of memory is to hold.
    articles, rejected = _usable(nlp, items)
    if not articles:
        raise UsageError(f"no article to measure with under {', '.join(map(str, paths))}")
    memory = _peak_memory()
    characters = sum(len(article.text) for article in articles)
    ginza = GinzaParser()
    rounds: list[dict[str, float]] = []
    tokens = 0
    for _ in range(repeat):
        gc.collect()
        passes = [_through(nlp, ginza, article) for article in articles]
        tokens = sum(one.tokens for one in passes)
        rounds.append(_per_round(passes, characters))
    short = _short_texts(articles)
    waits = _waits(short, repeat)
    loads = [_load_seconds() for _ in range(_LOADS)]
    samples = {name: [values[name] for values in rounds] for name in rounds[0]}
    samples |= {"load_s": loads, "memory_mb": [memory]}
    speeds = [1e6 / micros for micros in samples["extraction_us"]]
    samples["characters_per_s"] = speeds
    samples["articles_per_s"] = [speed * len(articles) / characters for speed in speeds]
    if stock:
        theirs = spacy.load("ja_ginza")
        pairs = [_against_stock(theirs, nlp, articles) for _ in range(repeat)]
        samples["stock_us"] = [pair[0] * 1e6 / characters for pair in pairs]
        samples["stock_ratio"] = [pair[0] / pair[1] for pair in pairs]
    values = {name: median(found) for name, found in samples.items()}
    values |= {"extract_median_ms": median(waits), "extract_p95_ms": _quantile(waits, 0.95)}
    found = Bench(
        len(articles),
        characters,
        tokens,
        len(short),
        repeat,
        {name: values[name] for name in measures(stock=stock)},
        {name: (min(many), max(many)) for name, many in samples.items() if len(many) > 1},
    )
    return found, rejected


def _usable(
    nlp: Language, items: Sequence[Article | Rejected]
) -> tuple[list[Article], list[Rejected]]:
    """Return the articles that can be extracted, and what cannot."""
    from ronten.extraction import annotate

    articles = [item for item in items if isinstance(item, Article)]
    results = list(annotate(nlp, articles))
    used = [
        a for a, result in zip(articles, results, strict=True) if isinstance(result, Annotation)
    ]
    return used, [item for item in (*items, *results) if isinstance(item, Rejected)]


def _through(nlp: Language, ginza: GinzaParser, article: Article) -> _Pass:
    """Take an article through every step of the pipeline, and through a full parse by GiNZA."""
    from ronten.components.columns import borders
    from ronten.components.parse import sentence_tokens
    from ronten.extraction import make_doc, to_annotation

    seconds: dict[str, float] = {}
    doc, seconds["tokens"] = _timed(make_doc, nlp, article)
    for name, component in nlp.pipeline:
        doc, seconds[name.removeprefix("ronten_")] = _timed(component, doc)
    _, seconds["records"] = _timed(to_annotation, article, [(0, doc)])
    sentences = sentence_tokens(doc, *borders(doc))
    _, seconds[FULL_PARSE] = _timed(ginza, doc, sentences)
    return _Pass(seconds, len(doc))


def _per_round(passes: Sequence[_Pass], characters: int) -> dict[str, float]:
    """Sum a repetition up: microseconds per character, and percent of its full parse."""
    total = {name: math.fsum(one.seconds[name] for one in passes) for name in (*STEPS, FULL_PARSE)}
    total |= {name: math.fsum(total[step] for step in steps) for name, steps in GROUPS.items()}
    result = {f"{name}_us": seconds * 1e6 / characters for name, seconds in total.items()}
    for name in (*STEPS, *GROUPS):
        result[f"{name}_pct"] = 100 * total[name] / total[FULL_PARSE]
    return result


def _short_texts(articles: Sequence[Article]) -> list[str]:
    """Return the different sentences of the articles that are nearest to 50 characters long."""
    from ronten.text.sentences import analyze

    sentences = {
        article.text[sentence.start : sentence.end]: None
        for article in articles
        for sentence in analyze(article.text).sentences
    }
    nearest = sorted(sentences, key=lambda text: abs(len(text) - _SHORT))[:_SHORT_TEXTS]
    return nearest or [articles[0].text[:_SHORT]]


def _waits(texts: Sequence[str], repeat: int) -> list[float]:
    """Return how long `ronten.extract` takes for each text once loaded (ms, median)."""
    from ronten.extraction import extract

    extract(texts[0])
    rounds = []
    for _ in range(repeat):
        times = []
        for text in texts:
            start = time.perf_counter()
            extract(text)
            times.append(1000 * (time.perf_counter() - start))
        rounds.append(times)
    return [median(times) for times in zip(*rounds, strict=True)]


def _load_seconds() -> float:
    """Return how long a fresh process takes for `import ronten; ronten.load()` (s)."""
    done = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RontenError(f"ronten.load() fails in a fresh process: {done.stderr.strip()[-500:]}")
    return float(done.stdout)


def _against_stock(
    stock: Language, nlp: Language, articles: Sequence[Article]
) -> tuple[float, float]:
    """Return the processor seconds of stock ja_ginza and, right after, of our extraction."""
    from ronten.extraction import annotate

    gc.collect()
    _, theirs = _timed(_exhaust, stock.pipe(article.text for article in articles))
    gc.collect()
    _, ours = _timed(_exhaust, annotate(nlp, articles))
    return theirs, ours


def _exhaust(results: Iterable[object]) -> None:
    for _ in results:
        pass


def _timed(
    call: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> tuple[Result, float]:
    """Return what a call returns and its processor seconds, over all threads."""
    start = time.process_time()
    result = call(*args, **kwargs)
    return result, time.process_time() - start


def _peak_memory() -> float:
    """Return the greatest memory of this process so far (MB); not a number where nothing tells."""
    try:
        import resource
    except ImportError:  # Windows
        return math.nan
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, KiB elsewhere.
    return peak / 1e6 * (1 if sys.platform == "darwin" else 1024)


def _quantile(values: Sequence[float], share: float) -> float:
    """Return the least value that a share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
