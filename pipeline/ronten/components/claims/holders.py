"""Who a mention means: the holders of one article and the speaker the text is following."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from ronten.components.claims.speakers import ANAPHORS, Speaker, entity_kind, first_person
from ronten.names import canonical
from ronten.types import Entity, Holder, Kind, Label

# Characters within which a topic outranks the last mention.
_TOPIC_REACH = 800


class Holders:
    """The holders of one article, each listed once, in the order of first use.

    Args:
        entities: mentions of the article, sorted by span.
        roles: who holds which role where, as `ronten_roles` gives it.
        authors: names of the article's writers, empty if nobody signs.
        text: the article.
    """

    def __init__(
        self,
        text: str,
        entities: Sequence[Entity],
        roles: Sequence[dict[str, object]],
        authors: Sequence[str],
    ) -> None:
        self.text = text
        self.entities = entities
        self.roles = roles
        self._holders: dict[tuple[Kind, str], Holder] = {}
        self._spoken: list[tuple[int, str, Kind]] = []
        self.authors = list(authors)

    def all(self) -> list[Holder]:
        """Holders in order of first use."""
        return list(self._holders.values())

    def author(self) -> Holder:
        """The voice of the article."""
        if not self.authors:
            return self._get(Kind.ARTICLE_AUTHOR, "", proper=False)
        if len(self.authors) == 1:
            return self._get(Kind.PERSON, self.authors[0], proper=True)
        return self._joint([(name, Kind.PERSON) for name in self.authors])

    def unspecified(self) -> Holder:
        """The holder of hearsay without any source."""
        return self._get(Kind.UNSPECIFIED, "", proper=False)

    def named(self, name: str, kind: Kind, *, proper: bool = True) -> Holder:
        """The holder of this name."""
        return self._get(kind, name, proper=proper)

    def of(self, speaker: Speaker) -> Holder:
        """The holder a mention means; anaphors and roles look back in the text."""
        if first_person(speaker):
            return self._own_company() if speaker.kind == Kind.COMPANY else self.author()
        if len(speaker.names) > 1:
            return self._joint(list(speaker.names))
        if speaker.names:
            name, kind = speaker.names[0]
            self._spoken.append((speaker.span[0], name, kind))
            return self._get(kind, name, proper=True)
        if speaker.anaphoric:
            found = self._antecedent(speaker)
            if found is not None:
                return self._get(found[1], found[0], proper=True)
            return self._get(speaker.kind, speaker.surface, proper=False)
        if speaker.kind == Kind.PERSON:
            person = self._by_role(speaker)
            if person is not None:
                return self._get(Kind.PERSON, person, proper=True)
        longer = [
            holder
            for holder in self._holders.values()
            if holder.kind == speaker.kind
            and holder.name != speaker.surface
            and holder.name.endswith(speaker.surface)
        ]
        if len(longer) == 1 and len(speaker.surface) > 1:
            return longer[0]
        body = self._short_form(speaker)
        if body is not None:
            return self._get(entity_kind(body), body.entity, proper=True)
        return self._get(speaker.kind, speaker.surface, proper=False)

    def _own_company(self) -> Holder:
        """当社 and 弊社: the first company that the text names, else the author."""
        company = next((e for e in self.entities if e.label == Label.COMPANY), None)
        return self._get(Kind.COMPANY, company.entity, proper=True) if company else self.author()

    def _get(self, kind: Kind, name: str, *, proper: bool, members: Sequence[str] = ()) -> Holder:
        key = (kind, canonical(name))
        if key not in self._holders:
            values: dict[str, object] = {
                "id": f"h{len(self._holders) + 1}",
                "name": name,
                "kind": kind,
                "proper": proper,
            }
            if members:
                values["members"] = list(members)
            roles = self._roles_of(name) if proper else []
            if roles:
                values["roles"] = roles
            surfaces = self._aliases_of(name) if proper else []
            if surfaces:
                values["aliases"] = surfaces
            self._holders[key] = Holder.model_validate(values)
        return self._holders[key]

    def _joint(self, names: Sequence[tuple[str, Kind]]) -> Holder:
        members = [self._get(kind, name, proper=True).id for name, kind in names]
        if len(set(members)) == 1:
            name, kind = names[0]
            return self._get(kind, name, proper=True)
        return self._get(
            names[0][1], "、".join(name for name, _ in names), proper=True, members=members
        )

    def _roles_of(self, name: str) -> list[str]:
        found = [
            f"{role['organization']} {role['role']}"
            if role.get("organization")
            else str(role["role"])
            for role in self.roles
            if role["person"] == name
        ]
        return sorted(set(found))

    def _aliases_of(self, name: str) -> list[str]:
        return sorted(
            {
                str(e.model_extra.get("surface"))
                for e in self.entities
                if e.entity == name
                and e.model_extra
                and e.model_extra.get("surface") not in (None, name)
            }
        )

    def _antecedent(self, speaker: Speaker) -> tuple[str, Kind] | None:
        """Name and kind of whom 同氏, 同社, 同省 … point back to."""
        means = ANAPHORS[speaker.surface]
        if means == "person":
            labels, kinds = {Label.PERSON}, {Kind.PERSON}
        elif means == "company":
            labels, kinds = {Label.COMPANY}, {Kind.COMPANY}
        elif means == "body":
            labels, kinds = {Label.ORG}, {Kind.ORGANIZATION, Kind.GOVERNMENT}
            if speaker.kind == Kind.GOVERNMENT:
                labels.add(Label.PLACE)
        else:
            return None
        before = [e for e in self.entities if e.span[1] <= speaker.span[0] and e.label in labels]
        if speaker.surface in ("同市", "同県", "同町", "同区"):
            before = [e for e in before if e.entity.endswith(speaker.surface[1:])]
        # The last topic or speaker is meant rather than a name mentioned in passing.
        reach = speaker.span[0] - _TOPIC_REACH
        topics = [
            (e.span[0], e.entity, entity_kind(e))
            for e in before
            if e.span[1] >= reach and self.text[e.span[1] : e.span[1] + 1] in ("は", "が", "も")
        ]
        spoken = [s for s in self._spoken if reach <= s[0] < speaker.span[0] and s[2] in kinds]
        if topics or spoken:
            return max(topics + spoken)[1:]
        return (before[-1].entity, entity_kind(before[-1])) if before else None

    def _by_role(self, speaker: Speaker) -> str | None:
        """The person a role noun means, if the text names exactly one for it (同社CEO, 知事)."""
        surface = speaker.surface
        matches: list[str] = []
        for role in self.roles:
            noun = str(role["role"])
            if not (surface.endswith(noun) or noun.endswith(surface)):
                continue
            organization = role.get("organization")
            rest = surface[: -len(noun)] if surface.endswith(noun) else ""
            rest = rest.rstrip("の兼")
            if (
                rest
                and not rest.startswith("同")
                and organization
                and rest not in str(organization)
                and str(organization) not in rest
            ):
                continue
            matches.append(str(role["person"]))
        return matches[0] if len(set(matches)) == 1 else None

    def _short_form(self, speaker: Speaker) -> Entity | None:
        """The body a short form means: 党 → the only party named, 事務所 → the only office."""
        if (
            speaker.kind not in (Kind.COMPANY, Kind.ORGANIZATION, Kind.GOVERNMENT)
            or "の" in speaker.surface
        ):
            return None
        matches = {
            e.entity: e
            for e in self.entities
            if e.span[0] < speaker.span[0]
            and len(e.entity) > len(speaker.surface)
            and e.entity.endswith(speaker.surface)
            and e.label in (Label.ORG, Label.COMPANY)
        }
        return next(iter(matches.values())) if len(matches) == 1 else None


def document_holders(doc: Doc, entities: Sequence[Entity], text: str) -> Holders:
    """Holders of a Doc, with the writers its metadata or its own text names."""
    signed = [str(name) for name in doc._.ronten_metadata.get("authors") or []]
    writers = signed or introduced_writers(text, entities)
    return Holders(text, entities, doc._.ronten_roles, writers)


_WRITER = re.compile(
    r"(?:(?:本稿|本記事|この記事|今回)の)?(?:ゲスト)?(?:筆者|著者|執筆者|寄稿者|執筆|文責)"
    r"(?:である|の|は|、|：|:|＝|=)?\s*"
)
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z'’-]+(?: [A-Z]\.)?(?: [A-Z][A-Za-z'’-]+){1,2}")
# Names that no dictionary knows, where 「筆者である…と…は」 leaves nothing else.
_KANJI_NAME = re.compile(
    r"[一-龯々]{2,5}(?:[ァ-ヴー]{2,8}|[ぁ-ん]{2,3}(?=[、はとが]))?(?=[とはが、])"
)
_AND = re.compile(
    r"\s*(?:氏|さん)?\s*(?:[（(][^）)]{1,20}[）)])?\s*(?:と|、|・|,|，|および|及び|&|and)?\s*"
)


def introduced_writers(text: str, entities: Sequence[Entity]) -> list[str]:
    """Writers that the text itself introduces: 「筆者のAとB」, 「執筆：A」 (canonical names)."""
    persons = {e.span[0]: e for e in entities if e.label == Label.PERSON}
    for match in _WRITER.finditer(text):
        names: list[str] = []
        position = match.end()
        framed = match.group().rstrip().endswith("である")
        while True:
            if (person := persons.get(position)) is not None:
                names.append(person.entity)
                position = person.span[1]
            elif (latin := _LATIN_NAME.match(text, position)) is not None:
                names.append(latin.group())
                position = latin.end()
            elif framed and (kanji := _KANJI_NAME.match(text, position)) is not None:
                names.append(kanji.group())
                position = kanji.end()
            else:
                break
            if (link := _AND.match(text, position)) is not None:
                position = link.end()
        if names:
            return names
    return []
