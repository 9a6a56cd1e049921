"""All finders together: the longest name wins, and every mention gets its canonical name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from spacy.tokens import Doc

from ronten.components.mentions import abbreviations, aliases, families, orgs, people, roles, typed
from ronten.components.mentions.decide import decide
from ronten.components.mentions.lexicon import PEOPLE, Lexicon
from ronten.components.mentions.roles import Role
from ronten.components.mentions.tagger import Tagger
from ronten.components.mentions.view import Candidate, View, plain
from ronten.components.mentions.whole import whole
from ronten.types import Entity, Label

DOMAIN = "news"
"""By whose guidelines the tagger tags: those of the gold corpus."""


@dataclass(frozen=True)
class Mentions:
    """The names of a text.

    `entities` are sorted and do not overlap. `aliases` maps surfaces to the canonical name
    they stand for in this text, ambiguous ones left out; `people` maps full names, surnames
    and given names to the full names they can mean.
    """

    entities: list[Entity]
    aliases: dict[str, str]
    roles: list[Role]
    people: dict[str, tuple[str, ...]]


def predict(
    doc: Doc,
    *,
    title: str = "",
    lexicon: Lexicon,
    tagger: Tagger | None = None,
) -> Mentions:
    """Find and link the names in a tokenised text (ja_ginza's tokenizer is enough).

    `title` helps with full names and short forms; no mention lies in it. Without `tagger`, the
    rules decide alone.
    """
    view = View(doc)
    found = find(view, title, lexicon)
    chosen = found.chosen
    if tagger is not None:
        spans = tagger.spans(view, chosen, DOMAIN)
        chosen = decide(view, found.all, chosen, found.known, found.typed, spans)
        chosen = whole(view, chosen, found.names, tagger.encoder.names)
        chosen = people.named(view, chosen, found.names)
        chosen = people.surnames(view, chosen, found.names, found.known)
    chosen = [
        part
        for mention in chosen
        if not (mention.label == Label.PLACE and _of_people(view, mention))
        for part in abbreviations.apart(view, mention, lexicon)
    ]
    extra, table = aliases.learned(view, chosen, lexicon)
    picked = set(chosen)
    for candidate in found.typed:
        if candidate in picked and typed.spreads(candidate.entity):
            table.setdefault(plain(candidate.entity), (Label(candidate.label), candidate.entity))
    if table or extra:
        chosen = longest([*chosen, *extra, *aliases.occurrences(view, table)])
    chosen = _full_places([_canonical(view, c, lexicon, table) for c in chosen])
    entities = [
        Entity.model_construct(span=(c.start, c.end), label=Label(c.label), entity=c.entity)
        for c in chosen
    ]
    return Mentions(
        entities=entities,
        aliases=_aliases(view, chosen, found.names, table, lexicon),
        roles=sorted(set(roles.roles(view, chosen)), key=lambda role: (role.span, role.person)),
        people=_people(chosen, found.names),
    )


class Found(NamedTuple):
    """What lexicon, grammar and context find by themselves."""

    all: list[Candidate]
    known: list[Candidate]
    """What the lexicon knows."""
    chosen: list[Candidate]
    """Sorted and without overlap."""
    typed: list[Candidate]
    """Those with their type in front."""
    names: people.Names


def find(view: View, title: str, lexicon: Lexicon) -> Found:
    """Find names by lexicon, grammar and context; the tagger sees the result as a feature."""
    known = list(lexicon.match(view, title))
    found = [
        *known,
        *map_makers(
            view, [*families.chips(view, lexicon), *(c for c in known if c.label == Label.CHIP)]
        ),
        *families.models(view, lexicon, plain(title)),
        *orgs.forms(view, lexicon),
        *orgs.legal_forms(view),
        *orgs.foreign_places(view),
        *orgs.lands(view, lexicon),
        *orgs.press(view),
        *orgs.elections(view),
        *orgs.read_towns(view),
        *orgs.works(view, known),
        *orgs.teams(view, known),
        *families.products(view, known),
        *(by_type := list(typed.typed(view))),
        *abbreviations.abbreviations(view, lexicon),
    ]
    names = people.Names()
    found += people.people(view, names, found, title)
    chosen = longest(c for c in found if not _governed(view, c, names))
    return Found(found, known, chosen, by_type, names)


def _of_people(view: View, place: Candidate) -> bool:
    """Tell whether people or a language are meant, not their country: 日本人, 英語, (英: name)."""
    language = place.end - place.start == 1 and view.plain[place.end : place.end + 1] == ":"
    return language or PEOPLE.match(view.plain, place.end) is not None


def map_makers(view: View, chips: Iterable[Candidate]) -> list[Candidate]:
    """Extend every chip's span by the maker in front of it."""
    return [families.with_maker(view, chip) for chip in chips]


def longest(found: Iterable[Candidate]) -> list[Candidate]:
    """Choose mentions without overlap: longer before shorter, then rank, then first."""
    order = sorted(found, key=lambda c: (c.start - c.end, -c.rank, c))
    used: set[int] = set()
    chosen = []
    for candidate in order:
        span = range(candidate.start, candidate.end)
        if span and used.isdisjoint(span):
            used.update(span)
            chosen.append(candidate)
    return sorted(chosen)


def _canonical(
    view: View, mention: Candidate, lexicon: Lexicon, table: dict[str, tuple[Label, str]]
) -> Candidate:
    surface = view.text[mention.start : mention.end]
    entity = mention.entity
    meant = table.get(view.plain[mention.start : mention.end])
    if meant and meant[0] == mention.label:
        entity = meant[1]
    elif mention.rank < 3 and (entry := lexicon.get(entity)) and entry.label == mention.label:
        entity = entry.canonical
    renamed = lexicon.rename(surface)
    return mention._replace(entity=renamed if renamed != surface else lexicon.rename(entity))


def _governed(view: View, place: Candidate, names: people.Names) -> bool:
    """Tell whether a seeming place is a governor's name: モーガン州知事."""
    stem = view.text[place.start : place.end - 1]
    governor = view.text.startswith("知事", place.end)
    return place.label == Label.PLACE and governor and (stem in names.parts or stem in names.fulls)


def _full_places(mentions: list[Candidate]) -> list[Candidate]:
    """熊本 is 熊本県 where the text says 熊本県 (and not 熊本市 as well)."""
    places = {m.entity for m in mentions if m.label == Label.PLACE}
    longer: dict[str, set[str]] = {}
    for name in places:
        if name[-1] in "都府県州市" and len(name) > 2:
            longer.setdefault(name[:-1], set()).add(name)
    return [
        m._replace(entity=next(iter(longer[m.entity])))
        if m.label == Label.PLACE and len(longer.get(m.entity, ())) == 1
        else m
        for m in mentions
    ]


def _aliases(
    view: View,
    mentions: Iterable[Candidate],
    names: people.Names,
    table: dict[str, tuple[Label, str]],
    lexicon: Lexicon,
) -> dict[str, str]:
    counts: dict[str, Counter[str]] = {}
    for mention in mentions:
        surface = view.text[mention.start : mention.end]
        counts.setdefault(surface, Counter())[mention.entity] += 1
    result = {surface: seen.most_common(1)[0][0] for surface, seen in counts.items()}
    for surface, (_, entity) in table.items():
        result.setdefault(surface, lexicon.rename(entity))
    for part, fulls in names.parts.items():
        if len(part) < 2:
            continue
        if len(fulls) == 1:
            result.setdefault(part, lexicon.rename(next(iter(fulls))))
        elif len(fulls) > 1:
            result.pop(part, None)
    return result


def _people(mentions: Iterable[Candidate], names: people.Names) -> dict[str, tuple[str, ...]]:
    table = {m.entity: {m.entity} for m in mentions if m.label == Label.PERSON}
    for full in names.fulls:
        table.setdefault(full, {full})
    for part, fulls in names.parts.items():
        if len(part) >= 2:
            table.setdefault(part, set()).update(fulls)
            table[part] -= {part} if fulls - {part} else set()
    return {part: tuple(sorted(fulls)) for part, fulls in sorted(table.items())}


TITLE = re.compile(rf"(?:{people.HONORIFIC.pattern}|{people.FORMER}|{people.CORE}|代行|代理)+$")


def resolve_person(mentions: Mentions, surface: str) -> str | None:
    """Return the full name that a surname, given name or name with title stands for, if only one.

    A role alone (社長, 首相) gives the one person who holds it in this text.
    """
    name = surface.strip()
    bare = TITLE.sub("", plain(name))
    fulls: Collection[str]
    if bare:
        fulls = mentions.people.get(name) or mentions.people.get(name[: len(bare)].strip()) or ()
        if not fulls and (spaced := "".join(name[: len(bare)].split())) in mentions.people:
            fulls = mentions.people[spaced]
    else:
        fulls = {r.person for r in mentions.roles if r.role == name}
    return next(iter(fulls)) if len(fulls) == 1 else None


def latest_before(mentions: Mentions, position: int, labels: Collection[Label]) -> Entity | None:
    """Return the last mention with one of `labels` that ends at or before `position`."""
    before = [e for e in mentions.entities if e.span[1] <= position and e.label in labels]
    return before[-1] if before else None
