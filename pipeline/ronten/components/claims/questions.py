"""The question who holds a claim: its candidates with the features that tell them apart.

`ranking.Ranker` weighs the features; `ronten.train.holders` learns the weights.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ronten.components.claims.asked import POINTS, Asked, Source
from ronten.components.claims.candidates import Candidate, Candidates, History
from ronten.components.claims.document import Document, Name, holding
from ronten.components.claims.resembling import likeness
from ronten.types import Kind, Label, Span

# Distances whose features are kept; few different ones occur.
_KEPT = 4_096
_SPOKEN_OF = frozenset(
    ["entity", "earlier", "mentioned"]
)  # sorts that the text speaks of elsewhere
# Whoever is told like this was not spoken of before.
_INDEFINITE = re.compile(
    r"とある|ある(?!い)|或る|別の|他の|ほかの|もう一[人つ]|複数|一部|若い|匿名"
)
_GENDERED = frozenset("彼 彼女 男性 女性 男 女".split())
_FEMALE = re.compile(
    r"(?:[子美恵江代枝香奈菜花里穂帆乃莉沙紗咲絵理佳加緒織音希]|女性?|妻|母親?|娘|姉|妹|夫人|女史|嬢|婆さん|主婦)\Z"
)
_MALE = re.compile(
    r"(?:[郎男夫雄彦介助太平一二三司治志樹輝之史哉弘博朗人]|男性?|父親?|息子|兄|弟|爺さん)\Z"
)
_PUBLISHED = re.compile(r"まとめ|発表|公表|出し|作成|提出|公開|寄せ|書い|刊行")
_IN_BRACKETS = re.compile(r"[^（()）]*[)）]")
_PASSIVE = ("れ", "られ", "れる", "られる")
_HEARSAY = frozenset(["という", "とい", "いう", "そう", "とのこと", "とか"])
_PARTICLES = frozenset(["が", "の", "も", "だ", "です", "を", "に", "は", "で", "と"])


class Question(NamedTuple):
    """The candidates of a claim, the features of each, and the contexts of the choice."""

    contexts: tuple[str, ...]
    candidates: list[Candidate]
    features: list[list[str]]


class Asker:
    """Puts the question who holds a claim, for the claims of one document in text order."""

    def __init__(self, document: Document, authors: Sequence[str]) -> None:
        self.document = document
        self._candidates = Candidates(document, authors)
        people = document.people
        self._first = people[0].name if people else None
        self._only = len(people) == 1
        self._signed = bool(authors)
        self._contents: list[Span] = []

    def hear(self, contents: Iterable[Span]) -> None:
        """Learn what is said in the document: fragments of reported contents."""
        self._contents = sorted(contents)

    def ask(self, asked: Asked, history: History) -> Question:
        """Return the candidates for a claim with their features."""
        source = Source.of(self.document, asked.source)
        candidates = self._candidates.of(asked, source, history)
        word, report = self._report(asked)
        sort = source.sort if source else "none"
        contexts: tuple[str, ...] = ("", sort, f"{report} {asked.attribution}")
        if source is None:
            contexts += (f"none {report}",)
        elif _INDEFINITE.match(source.text):
            contexts += (f"{sort} indefinite",)
        place = _Place(self.document, asked, candidates)
        features = []
        for candidate, last in zip(candidates, place.lasts, strict=True):
            found = [f"sort={candidate.sort}", f"kind={candidate.kind}"]
            if source is not None:
                self._resemblance(found, candidate, source, place)
            self._position(found, candidate, last, asked, place)
            self._past(found, candidate, history, place)
            if candidate.sort in ("unspecified", "author"):
                found.append(f"{candidate.sort} cue={word}")
            features.append(found)
        return Question(contexts, candidates, features)

    def _report(self, asked: Asked) -> tuple[str, str]:
        """Return the reporting word and what sort it is."""
        if asked.cue is None:
            return "", "turn" if asked.turn else "no cue"
        document, tokens = self.document, self.document.tokens
        first = document.token(asked.cue[0])
        last = bisect_left(tokens.start, asked.cue[1])
        norms, tags = tokens.norm[first:last], tokens.tag[first:last]
        open_words = [
            norm for norm, tag in zip(norms, tags, strict=True) if not tag.startswith(("助", "補"))
        ]
        surface = document.text[slice(*asked.cue)]
        after = tokens.norm[last] if last < len(tokens.norm) else ""
        word = "".join(open_words) or surface
        if surface.endswith(_PASSIVE) or "れる" in norms:
            return word, "passive"
        if not open_words or surface in _HEARSAY:
            return word, "hearsay"
        if all(tag.startswith("名詞") for tag in tags):
            if after in ("為る", "為さる", "致す", "。", ""):
                return word, "verbal noun"
            return word, f"noun {after if after in _PARTICLES else ''}"
        return word, "verb"

    def _resemblance(
        self, found: list[str], candidate: Candidate, source: Source, place: _Place
    ) -> None:
        """What the words of the source say of a candidate."""
        text, mentions = self.document.text, candidate.mentions
        if candidate.sort == "self":
            self._itself(found, source, place)
            found.append(f"self joint={any(c.sort == 'joint' for c in place.candidates)}")
        if candidate.sort == "joint":
            found.append(f"joint {POINTS.match(source.text) is not None}")
        if candidate.sort == "entity" and mentions is not None:
            inside = [e.span for e in source.names if e.entity == candidate.name]
            if inside:
                start, end = inside[0]
                where = (
                    "whole" if (start, end) == source.span
                    else "start" if start == source.span[0]
                    else "end" if inside[-1][1] == source.span[1]
                    or text[end : source.span[1]] in ("氏", "さん")
                    else "middle"
                )  # fmt: skip
                rest = text[end : source.span[1]]
                found += ["in source", f"in source {where}"]
                found.append(f"in source {where} {rest[:1]}")
                if len(rest) < 6:
                    found.append(f"in source before {rest}")
                return
        if candidate.sort not in _SPOKEN_OF or mentions is None:
            return
        like = likeness(source, mentions)
        if like:
            found.append(f"like={like}")
        if source.bare in _GENDERED:
            found.append(f"gender={_gender(candidate.name) or '?'} of {source.bare}")
        if source.kind is not None:
            found.append(f"fits={source.kind == candidate.kind} like={like}")
        if candidate.sort == "entity" and candidate.kind == Kind.PERSON:
            called = self._candidates.resemblance.in_role(source)
            if candidate.name in called:
                only = len(called) == 1
                found += [
                    "in role",
                    f"in role rank={place.rank(candidate)}",
                    f"in role bare={source.bare == source.role} only={only}",
                ]
            if any(
                str(role["person"]) == candidate.name
                and (
                    source.text.endswith(str(role["role"]))
                    or str(role["role"]).endswith(source.bare)
                )
                for role in self.document.roles
            ):
                found.append("role known")
        if source.sort == "document":
            self._published(found, mentions, source)

    def _itself(self, found: list[str], source: Source, place: _Place) -> None:
        text = source.text
        if len(text) < 5:
            found.append(f"self={text}")
        found += [
            f"self ends {text[-1:]}",
            f"self ends {text[-2:]}",
            f"self size={_bucket(len(text) // 2)}",
            f"self of={'の' in text}",
        ]
        if source.sort == "name":
            person = next(e for e in reversed(source.names) if e.label == Label.PERSON)
            found.append(f"self covered={person.span[0] == source.span[0]}")
        same = any(
            source.bare in c.mentions.surfaces or source.bare == c.name
            for c in place.candidates
            if c.sort == "entity" and c.mentions is not None
        )
        found.append(f"self named={same}")
        longer = sum(
            c.kind != Kind.PERSON and c.name != source.bare and c.name.endswith(source.bare)
            for c in place.candidates
            if c.sort in ("entity", "earlier")
        )
        found.append(f"self longer={min(longer, 2)} size={_bucket(len(source.bare))}")
        taken = min(len(self._candidates.resemblance.in_role(source)), 2)
        found += [
            f"self role taken={taken}",
            f"self role taken={taken} bare={source.bare == source.role}",
        ]

    def _published(self, found: list[str], mentions: Name, source: Source) -> None:
        noun = source.text.rpartition("の")[2][-4:]
        text = self.document.text
        for start, end in mentions.spans:
            if start >= source.span[0]:
                return
            sentence = text[end : end + 200].partition("。")[0]
            if _IN_BRACKETS.match(sentence):
                continue
            after = sentence[:40]
            if after.startswith("の") and noun in after[:20]:
                found.append("owns document")
            if _PUBLISHED.search(after) or f"{noun}を" in sentence:
                found.append("published")
                return

    def _position(
        self,
        found: list[str],
        candidate: Candidate,
        last: Span | None,
        asked: Asked,
        place: _Place,
    ) -> None:
        """Where the text mentions a candidate, seen from the claim."""
        document = self.document
        if candidate.sort == "author":
            found.append(f"signed={self._signed}")
        if candidate.sort not in _SPOKEN_OF or candidate.mentions is None:
            return
        mentions = candidate.mentions
        if candidate.sort == "mentioned":
            found.append(f"mentioned rank={place.mentioned(candidate)}")
        if place.heading and (named := mentions.first_from(place.heading.start)):
            found.append(f"heading={named[0] < place.heading.end}")
        if last is None:
            found.append("new")
        else:
            if holding(self._contents, last[0]):  # in what somebody says
                found += ["told", f"told rank={place.rank(candidate)}"]
            sentence = document.sentence(last[0])
            found += _mentioned_before(
                _bucket(place.sentence - sentence),
                document.sentences[sentence].block == place.block,
                document.subject_particle(last),
                place.rank(candidate),
                place.topic(candidate),
            )
        following = mentions.first_from(asked.source[1] if asked.source else place.at)
        if following is not None:
            apart_after = document.sentence(following[0]) - place.sentence
            if apart_after <= 1:
                found.append(f"after={apart_after} {document.subject_particle(following)}")
        if candidate.sort == "entity":
            if mentions.product:
                found.append("product")
            found.append(f"mentions={_bucket(len(mentions.spans))}")
            if candidate.kind == Kind.PERSON and self._only:
                found.append("only person")
            if candidate.name == self._first:
                found.append("first person")
            if candidate.name == self._candidates.most:
                found.append("most mentioned")
            if candidate.name in document.title:
                found.append("in title")

    @staticmethod
    def _past(found: list[str], candidate: Candidate, history: History, place: _Place) -> None:
        """What a candidate has held so far."""
        key = candidate.key
        found.append(f"held={_bucket(history.held[key])}")
        if not history.keys:
            found.append("no history")
            return
        main, times = history.main
        if main == key:
            found.append(f"main={_bucket(times)}")
        if candidate.sort == "unspecified":
            found.append(f"others main={_bucket(times)}")
        if history.keys[-1] == key:
            apart, block = place.behind(history)
            found += [
                "last",
                f"last apart={apart}",
                f"last block={block}",
                f"last {place.attribution}",
            ]
        elif len(history.keys) > 1 and history.keys[-2] == key:
            found.append(f"last but one apart={_bucket(place.own - history.sentences[-2])}")
        if candidate.sort == "unspecified":
            apart, block = place.behind(history)
            found.append(f"since last={apart} {block}")


@lru_cache(_KEPT)
def _mentioned_before(
    apart: str, block: bool, particle: str, rank: str, topic: str
) -> tuple[str, ...]:
    """Say how far before the claim a candidate was mentioned last, and how."""
    as_subject = (f"apart={apart} {particle}",) if particle else ()
    return (
        f"apart={apart}",
        f"block={block}",
        *as_subject,
        f"rank={rank}",
        f"topic rank={topic}",
    )


class _Place:
    """Where a claim stands, and how near its candidates are."""

    def __init__(self, document: Document, asked: Asked, candidates: Sequence[Candidate]) -> None:
        self.candidates = candidates
        self.attribution = asked.attribution
        self.at = asked.source[0] if asked.source else asked.content[0]
        self.sentence = document.sentence(self.at)
        self.own = document.sentence(asked.content[0])
        self.block = document.sentences[self.own].block
        self.heading = document.heading(self.own)
        self.lasts = [
            candidate.mentions.last_before(self.at)
            if candidate.sort in _SPOKEN_OF and candidate.mentions is not None
            else None
            for candidate in candidates
        ]
        """The last mention of each candidate before the claim."""
        lasts = []
        topics = []
        unnamed = [c.name for c in candidates if c.sort == "mentioned"]
        self._mentioned = {name: rank for rank, name in enumerate(unnamed)}
        for candidate, last in zip(candidates, self.lasts, strict=True):
            if candidate.sort != "entity" or candidate.mentions is None or last is None:
                continue
            lasts.append((last[0], candidate))
            topic = _last_topic(document, candidate.mentions, self.at)
            if topic is not None:
                topics.append((topic, candidate.name))
        lasts.sort(key=lambda pair: -pair[0])
        self._ranks: dict[str, int] = {}
        seen: Counter[Kind] = Counter()
        for _, candidate in lasts:
            self._ranks[candidate.name] = seen[candidate.kind]
            seen[candidate.kind] += 1
        topics.sort(reverse=True)
        self._topics = {name: rank for rank, (_, name) in enumerate(topics)}

    def behind(self, history: History) -> tuple[str, bool]:
        """How far behind the last claim of others it stands, and whether in the same paragraph."""
        return _bucket(self.own - history.sentences[-1]), history.blocks[-1] == self.block

    def rank(self, candidate: Candidate) -> str:
        """How many of its kind were mentioned later."""
        return _bucket(self._ranks.get(candidate.name, 9))

    def mentioned(self, candidate: Candidate) -> str:
        """How many without a name were mentioned later."""
        return _bucket(self._mentioned[candidate.name])

    def topic(self, candidate: Candidate) -> str:
        """How many candidates were topic or subject later."""
        return _bucket(self._topics.get(candidate.name, 9))


def _last_topic(document: Document, name: Name, at: int) -> int | None:
    index = bisect_left(name.spans, (at, 0))
    for span in reversed(name.spans[max(0, index - 8) : index]):
        if document.subject_particle(span):
            return span[0]
    return None


@lru_cache(_KEPT)
def _gender(name: str) -> str:
    """What the end of a name says of its bearer: f, m or nothing."""
    return "f" if _FEMALE.search(name) else "m" if _MALE.search(name) else ""


def _bucket(count: int) -> str:
    return str(count) if count < 3 else "3" if count < 6 else "6"
