"""The holders of one article: each listed once, with the names and roles the text gives them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from ronten.components.claims.candidates import Candidate
from ronten.components.claims.document import Document
from ronten.names import canonical
from ronten.types import Entity, Holder, Kind, Label


class Holders:
    """The holders of one article, in the order of first use.

    Args:
        document: the article.
        authors: names of its writers, empty if nobody signs.
    """

    def __init__(self, document: Document, authors: Sequence[str]) -> None:
        self.document = document
        self.authors = list(authors)
        self._holders: dict[tuple[Kind, str], Holder] = {}

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

    def named(self, name: str, kind: Kind, *, proper: bool = True) -> Holder:
        """The holder of this name."""
        return self._get(kind, name, proper=proper)

    def of(self, candidate: Candidate) -> Holder:
        """The holder that a candidate stands for."""
        if candidate.sort == "author":
            return self.author()
        if candidate.names:
            return self._joint(candidate.names)
        return self._get(candidate.kind, candidate.name, proper=candidate.proper)

    def _get(self, kind: Kind, name: str, *, proper: bool, members: Sequence[str] = ()) -> Holder:
        key = (kind, canonical(name))
        if key not in self._holders:
            known = self.document.names.get(name) if proper else None
            values: dict[str, object] = {
                "id": f"h{len(self._holders) + 1}",
                "name": known.fullest if known else name,
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
        members = [self._get(kind, name, proper=True) for name, kind in names]
        return self._get(
            names[0][1],
            "、".join(member.name for member in members),
            proper=True,
            members=[member.id for member in members],
        )

    def _roles_of(self, name: str) -> list[str]:
        found = [
            f"{role['organization']} {role['role']}"
            if role.get("organization")
            else str(role["role"])
            for role in self.document.roles
            if role["person"] == name
        ]
        return sorted(set(found))

    def _aliases_of(self, name: str) -> list[str]:
        return sorted(
            {
                str(e.model_extra.get("surface"))
                for e in self.document.entities
                if e.entity == name
                and e.model_extra
                and e.model_extra.get("surface") not in (None, name)
            }
        )


def writers(doc: Doc, document: Document) -> list[str]:
    """The writers of a Doc, whom its metadata or its own text names."""
    signed = [str(name) for name in doc._.ronten_metadata.get("authors") or []]
    return signed or introduced_writers(document.text, document.entities)


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
