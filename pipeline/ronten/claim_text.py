"""What a claim says, as the models of meaning read it."""

from __future__ import annotations

from ronten.types import Annotation, Claim


def claim_text(article: Annotation, claim: Claim) -> str:
    """Return the content of a claim with every name in its canonical form.

    So ディープシーク and DeepSeek are one word to whatever compares claims.
    """
    parts: list[str] = []
    for start, end in claim.content:
        at = start
        for entity in article.entities:
            first, last = entity.span
            if at <= first and last <= end:
                parts += [article.text[at:first], entity.entity]
                at = last
        parts.append(article.text[at:end])
    return "".join(parts)
