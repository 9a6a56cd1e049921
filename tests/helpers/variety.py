"""Many different articles out of those of this project: paragraphs mixed, figures changed."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "corpus"


def paragraphs() -> list[str]:
    """Return the paragraphs of all articles of the corpora, longest lines first."""
    texts = [path.read_text("utf-8") for path in sorted((CORPUS / "articles").rglob("*.txt"))]
    for path in sorted((CORPUS / "gold" / "final").rglob("*.json*")):
        if path.name == "splits.json":
            continue
        records = (
            [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
            if path.suffix == ".jsonl"
            else [json.loads(path.read_text("utf-8"))]
        )
        texts += [record["text"] for record in records]
    found = {part.strip(): None for text in texts for part in text.split("\n") if len(part) > 30}
    return sorted(found, key=lambda part: (-len(part), part))


def articles(count: int, *, seed: int = 1, length: int = 700) -> Iterator[str]:
    """Yield `count` different articles of about `length` characters, always the same ones."""
    chance = random.Random(seed)
    pool = paragraphs()
    for number in range(count):
        parts: list[str] = []
        while sum(map(len, parts)) < length:
            part = chance.choice(pool)
            parts.append(re.sub(r"\d", lambda _: str(chance.randint(1, 9)), part))
        yield f"第{number + 1}号の記事\n\n" + "\n\n".join(parts) + "\n"


def write(folder: Path, count: int, **settings: int) -> Path:
    """Write articles as files of a folder, a thousand to a subfolder."""
    for number, text in enumerate(articles(count, **settings)):
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
