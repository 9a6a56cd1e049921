"""A stand-in for the extraction: a line `名前「内容」と述べた。` is a claim of that name.

`# ` lines are headings; any other line is an authorial claim. A text with 「破裂」 fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ronten.config import Config
from ronten.types import Annotation, Article, Claim, Entity, Holder, Rejected

QUOTE = re.compile(r"(?P<name>[^「\n]+)「(?P<content>[^」\n]+)」と述べた。")
ROLES = {"首相", "専門家"}
KINDS = {"専門家": "group", "深星": "company", "DeepStar": "company"}
calls: list[list[str]] = []


def load(config: Config | None = None) -> str:
    return "nlp"


def annotate(nlp: str, articles: Iterable[Article]) -> Iterator[Annotation | Rejected]:
    articles = list(articles)
    calls.append([article.id for article in articles])
    for article in articles:
        if "破裂" in article.text:
            yield Rejected(
                origin=article.origin,
                row=article.row,
                id=article.id,
                reason="failed",
                detail="RuntimeError: 破裂",
            )
        else:
            yield annotation(article)


def annotation(article: Article) -> Annotation:
    holders: dict[str, Holder] = {}
    claims = []
    entities = [
        Entity(span=m.span(), label="COMPANY", entity="DeepStar")
        for m in re.finditer("深星|DeepStar", article.text)
    ]

    def holder(name: str, kind: str) -> str:
        members = []
        if "、" in name:
            members = [holder(part, "person") for part in name.split("、")]
        if name not in holders:
            proper = bool(name) and name not in ROLES
            holders[name] = Holder(
                id=f"h{len(holders) + 1}", name=name, kind=kind, members=members, proper=proper
            )
        return holders[name].id

    for line in re.finditer(r"[^\n]+", article.text):
        if line.group().startswith("# "):
            continue
        quote = QUOTE.fullmatch(line.group())
        if quote:
            name = quote["name"]
            start, end = (line.start() + offset for offset in quote.span("content"))
            who = holder(name, KINDS.get(name, "person"))
        else:
            start, end = line.span()
            joined = "、".join(article.metadata.authors)
            who = holder(joined, "person" if joined else "article_author")
        claims.append(
            Claim(
                id=f"{article.id}:{start}-{end}",
                content=[(start, end)],
                holder=who,
                attribution="direct" if quote else "authorial",
                type="interpretation",
                confidence=0.123456 if "おそらく" in line.group() else 0.9,
                sentence=line.span(),
                rule="quote" if quote else "authorial",
            )
        )
    return Annotation(
        id=article.id,
        text=article.text,
        metadata=article.metadata,
        holders=list(holders.values()),
        claims=claims,
        entities=entities,
        figures=[],
    )
