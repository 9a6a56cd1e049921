"""Which side a text takes on a target: a linear model and a pretrained encoder together.

The linear model counts words and where they stand, and is trained by `ronten.train.stance`. A
target is a noun phrase (輸出規制) or a proposition (…べきである); texts on the two are worded so
differently that each kind has its own weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import chain
from math import exp
from typing import NamedTuple, Self
from zlib import crc32

import numpy as np

from ronten.claim_text import Inside, claim_text
from ronten.components.pair_encoder import PairEncoder
from ronten.components.sequence import FloatArray
from ronten.linear import LinearModel
from ronten.stance_context import MODEL, Chances, ContextModel
from ronten.types import Annotation, Stance
from ronten.word_vectors import WordVectors

SECOND = "stance_encoder"
"""The model beside the linear one: it knows what a measure leads to (雨漏りが直る), which no list
of words says, and nothing of who else says what in the article."""
LABELS = ("none", "favor", "against")
PARTS = 3
"""Roles of words: all but the target's, the last ones, those near the target."""
CERTAIN = 0.5
"""Chance from which on a text alone is said to take a side."""
CERTAIN_IN_ARTICLE = 0.40
"""The same of a claim among those of its article: lower ones find more sides on the dev split of
the gold corpus, but positions then depend on the order in which articles come."""
ASKED = 0.08
"""Chance of a side from which on the encoder is asked what a claim in its article says."""
ENCODER = 0.4
"""Share of the encoder in the mean of both; chosen on the dev split."""
RECURRENT = 3
"""Times a measure stands in a text before it is a target by itself."""
DISCOVERED = 2
_COMPOUND = ("名詞-普通名詞-一般", "名詞-普通名詞-サ変", "名詞-固有名詞")
# What is decided on: 開発 or 競争 is nothing to be for or against by itself.
_MEASURES = frozenset(
    "規制 禁止 廃止 制限 緩和 解禁 導入 義務化 無償化 無料化 有料化 民営化 法制化 増税 減税 課税 "
    "値上げ 値下げ 引き上げ 引き下げ 増額 減額 削減 縮小 拡大 延長 統合 再編 合併 移転 建設 誘致 "
    "招致 再稼働 稼働 延期 中止 撤廃 撤回 撤退 凍結 改正 改定 見直し 制裁 支援 補助 助成 給付 配布 "
    "公開 開放 免税 許可 認可 承認 派遣 配備 輸出 輸入 "
    "受け入れ 売却 買収 分割 集約 伐採 駆除 放流 埋め立て".split()
)
_LONGEST = 80
_TAIL = 10
_BEFORE, _AFTER = 4, 6
_CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞"})
_EMPTY = frozenset("為る 成る 有る 居る 無い 事 物 為 良い 出来る 言う べし".split())
# What is done to a thing that one may be for or against: against the thing, for the target.
_RESTRICTING = frozenset(
    "廃止 削減 縮小 規制 禁止 制限 引き下げる 引き下げ 中止 撤廃 取り止める 減らす 凍結 厳罰 抑制 "
    "統合 統廃合 停止 駆除 除去 禁煙 負担 制裁 課税 有料 値上げ 集約".split()
)
_OTHER = frozenset({"補助記号", "空白"})
_KEPT = 2_000
"""Texts whose words are kept."""

Word = tuple[str, str]
"""Normalised form and part of speech."""

Shares = tuple[float, ...]
"""Chances of `LABELS`."""


class Signs(NamedTuple):
    """What the model sees of a text and a target: feature keys, and words by role."""

    features: list[int]
    parts: list[list[int]]


class StanceModel:
    """The model and the embedding whose rows stand for words. Not to be shared between threads."""

    def __init__(self, model: LinearModel, table: WordVectors) -> None:
        self.model = model
        self.table = table
        # All claims are asked about the same target, and about each target the same claims.
        self._words = lru_cache(_KEPT)(partial(_words, table))

    @classmethod
    def load(cls) -> Self:
        """Find, verify and read the models; raises ModelNotFound."""
        return cls(LinearModel.load(MODEL), WordVectors.shipped())

    def shares(self, pairs: Iterable[tuple[str, str]]) -> list[Shares]:
        """Return the chances of `LABELS` for pairs of target and text."""
        found = []
        for target, text in pairs:
            signs = _signs(self.table, self._words(target), self._words(text))
            scores = self.model.scores(signs.features, signs.parts)
            powers = [exp(score - max(scores)) for score in scores]
            found.append(tuple(round(power / sum(powers), 4) for power in powers))
        return found


def signs_of(table: WordVectors, target: str, text: str) -> Signs:
    """Read the signs of one text about one target."""
    return _signs(table, _words(table, target), _words(table, text))


def _signs(table: WordVectors, about: Sequence[Word], said: Sequence[Word]) -> Signs:
    words = [word for word, _ in said][-_LONGEST:]
    named = {word for word, part in about if part in _CONTENT and word not in _EMPTY}
    restricting = any(word in _RESTRICTING for word, _ in about)
    clause = bool(about) and about[-1][1] not in ("名詞", "接尾辞", "数詞")
    hits = [at for at, word in enumerate(words) if word in named]
    common = len(named.intersection(words))
    rest = [word for word in words if word not in named]
    near = sorted(
        {j for at in hits for j in range(at - _BEFORE, at + _AFTER) if 0 <= j < len(words)}
    )

    # A key is the hash of {clause}{name}={word}: its beginning is hashed once for all words.
    def keys(name: str, values: Iterable[str]) -> list[int]:
        begun = crc32(f"{clause}{name}=".encode())
        return [crc32(value.encode(), begun) for value in values]

    found = keys("hits", [str(min(common, 3))])
    found += keys("cover", [str(4 * common // max(len(named), 1))])
    found += keys("end", ["+".join(words[-size:]) for size in range(1, min(len(words), 4) + 1)])
    found += keys("tail", words[-_TAIL:])
    found += keys("word", rest)
    found += keys(f"word&{restricting}", rest)
    for at in hits:
        found += keys("after", words[at + 1 : at + 1 + _AFTER])
        found += keys("before", words[max(0, at - _BEFORE) : at])
        found += keys("next", ["+".join(words[at + 1 : at + 3])])
    parts = [rest, words[-_TAIL:], [words[j] for j in near if words[j] not in named]]
    return Signs(
        list(dict.fromkeys(found)),
        [[row for w in part for row, _ in table.lookup(w)] for part in parts],
    )


def _words(table: WordVectors, text: str) -> list[Word]:
    return [(word, part) for word, part in table.tagged(text) if part not in _OTHER]


@cache
def _default() -> StanceModel:
    return StanceModel.load()


@cache
def _context() -> ContextModel:
    return ContextModel.load()


@cache
def _encoder() -> PairEncoder:
    return PairEncoder.load(SECOND)


def stance(pairs: Sequence[tuple[str, str]]) -> list[Stance]:
    """Say which side each text takes on its target, which may be one never seen in training.

    Args:
        pairs: (target, text): a noun phrase or a proposition, and what somebody says.

    Returns:
        `label` favor, against or none, and `score`, its chance.

    Raises:
        ModelNotFound: a model is missing.
    """
    linear = np.array(_default().shares(pairs)).reshape(-1, len(LABELS))
    both = mean(linear, _encoder().shares(pairs)).tolist()
    return [_stance(target, shares) for (target, _), shares in zip(pairs, both, strict=True)]


def measures(words: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the compounds that end in something decided (輸出規制), each time one stands there.

    `words` are surfaces and Sudachi tags in order.
    """
    run: list[tuple[str, str]] = []
    for word, tag in chain(words, [("", "")]):
        if tag.startswith(_COMPOUND):
            run.append((word, tag))
            continue
        if len(run) > 1 and run[-1][0] in _MEASURES:
            yield "".join(part for part, _ in run)
        run = []


def discover(counts: Counter[str]) -> list[str]:
    """Return the measures that a text keeps coming back to: targets where none are given.

    They are the `DISCOVERED` most frequent ones of at least `RECURRENT` mentions.
    """
    found = [measure for measure, count in counts.most_common() if count >= RECURRENT]
    return found[:DISCOVERED]


def take_sides(article: Annotation, targets: Sequence[str], *, encoder: bool = True) -> Annotation:
    """Return the annotation with `stances` on its claims, one per target, and their `stance`.

    `stance` is the surest side that a claim takes, if any. What stands round a claim counts as well
    (`stance_context`): people seldom argue for both sides. `encoder`: whether the pretrained
    encoder is asked beside the linear model.
    """
    if not targets or not article.claims:
        return article
    names = Inside(article.entities)
    texts = [claim_text(article, claim, names.of(claim)) for claim in article.claims]
    alone = [_default().shares([(target, text) for text in texts]) for target in targets]
    chances = _context().chances(article, np.array(alone))
    if encoder:
        chances = _asked(chances, targets, texts)
    together = chances.tolist()
    found = [
        [
            _stance(target, shares, CERTAIN_IN_ARTICLE)
            for target, shares in zip(targets, of_claim, strict=True)
        ]
        for of_claim in zip(*together, strict=True)
    ]
    claims = []
    for claim, stances in zip(article.claims, found, strict=True):
        taken = [s for s in stances if s.label != "none"]
        surest = max(taken, key=lambda s: s.score or 0, default=None)
        stance_ = surest and Stance(target=surest.target, label=surest.label)
        claims.append(claim.model_copy(update={"stances": stances, "stance": stance_}))
    return article.model_copy(update={"claims": claims})


def _asked(chances: Chances, targets: Sequence[str], texts: Sequence[str]) -> Chances:
    """Join what the encoder says of the claims that may take a side (targets, claims, 3)."""
    possible = chances[..., 1:].max(axis=2) >= ASKED
    pairs = [(targets[i], texts[j]) for i, j in np.argwhere(possible).tolist()]
    found = chances.copy()
    found[possible] = mean(chances[possible], _encoder().shares(pairs))
    return found


def mean(linear: Chances, encoder: FloatArray | Chances) -> Chances:
    """Return the chances of `LABELS` (…, 3) that both models give together."""
    return (1 - ENCODER) * linear + ENCODER * encoder.astype(np.float64)


def _stance(target: str, shares: Sequence[float], certain: float = CERTAIN) -> Stance:
    side = max((1, 2), key=lambda label: shares[label])
    label = side if shares[side] >= certain else 0
    values = {"target": target, "label": LABELS[label], "score": round(shares[label], 4)}
    return Stance.model_validate(values)
