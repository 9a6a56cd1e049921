"""An article of many lines, a claim in each."""

from __future__ import annotations

from typing import Any

LINE = "大原誠「規制は産業を弱める」と述べた。\n"


def long_article(lines: int = 10_000) -> dict[str, Any]:
    """Return it as an annotation, JSON-ready."""
    claims = [
        {
            "id": f"two:{n}",
            "content": [[n * len(LINE) + 4, n * len(LINE) + 13]],
            "holder": "h1",
            "attribution": "direct",
            "type": "fact",
        }
        for n in range(lines)
    ]
    holders = [{"id": "h1", "name": "大原誠", "kind": "person"}]
    return {"id": "two", "text": LINE * lines, "holders": holders, "claims": claims}
