"""Blocks of a text: headings, bullets, quoted blocks, captions, questions and paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is; claims are looked for in paragraphs, bullets and quoted blocks."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    QUOTE = "quote"
    QUESTION = "question"
    CAPTION = "caption"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A line of text without its marker (`- `, `## `, `> `), `[start, end)`, never empty."""

    start: int
    end: int
    kind: BlockKind


_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_SPACE = " \t\u3000\xa0\ufeff\u200b"
_MARKDOWN_HEADING = re.compile(r"#{1,6}[ \u3000]+")
_BULLET = re.compile(
    r"(?:[-*+•‣◦▪■□◆◇●○▶▷➤※·][ \t\u3000]*(?![-*+])|・[ \t\u3000]*"
    r"|[（(]?(?:\d{1,2}|[０-９]{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Zア-ン])[)）][ \t\u3000]*"
    r"|(?:\d{1,2}|[０-９]{1,2})[.．、][ \t\u3000]+|[①-⑳][ \t\u3000]*)"
)
_QUOTE = re.compile(r">[> ]*")
_QUESTION = re.compile(r"(?:――|──|——|--|―|[QＱ問][0-9０-９]{0,2}[.:：．])[ \t\u3000]*")
# Q1 may be a quarter as well: only what asks is a question.
_SPACED_QUESTION = re.compile(
    r"[QＱ問][0-9０-９]{0,2}[ \u3000]+(?=.*(?:[?？]|[かは]。?)(?:[（(][^（()）]*[)）])?\Z)"
)
_CAPTION = re.compile(
    r"(?:図|表|写真|画像|Figure|Fig|資料|出典|出所|提供|写真提供|撮影)[ \d０-９\-.:：＝=／/（(【]"
)
_RULE = re.compile(r"[-=*_~―─━＝＊\s・]+")
_END = re.compile(r"[。．！？!?…」』\"”’、，,;；:：][\s\u3000]*\Z")
_STOP = re.compile(r"[。！？]")
_BYLINE = re.compile(
    r"(?:[（(【\[［]?(?:文|取材|執筆|記者|編集|聞き手|構成|文責|訳|翻訳|著者|筆者|執筆者|寄稿|"
    r"共同|ロイター|AP|時事)[ 　:：=＝・/／]|[\d０-９]{4}[年./-].{0,24}\Z)"
)
_HEADING_MAX = 60


def find_blocks(text: str) -> list[Block]:
    """Split a text into blocks, one per line that has text.

    A short line that ends without a full stop and stands alone before or between paragraphs is a
    heading; a text that has no full stop at all has no headings by this rule.
    """
    lines = [(match.start(), match.end()) for match in _LINE.finditer(text)]
    stripped = [span for span in (_strip(text, *line) for line in lines) if span[0] < span[1]]
    has_stops = _STOP.search(text) is not None
    blocks: list[Block] = []
    in_code = False
    for index, (start, end) in enumerate(stripped):
        if text.startswith("```", start):
            in_code = not in_code
            continue
        if in_code:
            blocks.append(Block(start, end, BlockKind.CODE))
            continue
        line = text[start : min(end, start + 200)]
        if _RULE.fullmatch(line) and end - start <= 200:
            continue
        last = index == len(stripped) - 1
        if index == 0 and not last and _is_headline(line, end - start):
            blocks.append(Block(start, end, BlockKind.HEADING))
        else:
            blocks.append(_classify(text, start, end, line, has_stops, last))
    return [block for block in blocks if block.start < block.end]


def _is_headline(line: str, length: int) -> bool:
    """Whether a first line is a headline: short, and no full stop outside brackets."""
    outside = re.sub(r"「[^」]*」|『[^』]*』|“[^”]*”", "", line)
    starts_body = line.startswith(("「", "『", "“")) and not outside.strip()
    return length <= 80 and not re.search(r"[。，,:：]\s*\Z|。", outside) and not starts_body


def _classify(text: str, start: int, end: int, line: str, has_stops: bool, last: bool) -> Block:
    if match := _MARKDOWN_HEADING.match(line):
        return Block(start + match.end(), end, BlockKind.HEADING)
    if line.startswith("|") and end - start <= 200 and line.count("|") >= 2:
        return Block(start, end, BlockKind.CAPTION)
    if match := _QUOTE.match(line):
        return Block(start + match.end(), end, BlockKind.QUOTE)
    if match := _QUESTION.match(line) or _SPACED_QUESTION.match(line):
        return Block(start + match.end(), end, BlockKind.QUESTION)
    short = end - start <= _HEADING_MAX and not _STOP.search(line)
    if short and line[0] in "■◆▼◇□◎【":
        return Block(start, end, BlockKind.HEADING)
    if match := _BULLET.match(line):
        return Block(start + match.end(), end, BlockKind.BULLET)
    if end - start <= _HEADING_MAX and not _STOP.search(line[:-1]):
        if _CAPTION.match(line) and not _STOP.search(line):
            return Block(start, end, BlockKind.CAPTION)
        if _BYLINE.match(line) and not _STOP.search(line):
            return Block(start, end, BlockKind.CAPTION)
        if line[0] in "〈《" or (has_stops and not last and not _END.search(line)):
            return Block(start, end, BlockKind.HEADING)
        if has_stops and not last and line.endswith(("…", "？", "?", "！", "!")):
            return Block(start, end, BlockKind.HEADING)
    return Block(start, end, BlockKind.PARAGRAPH)


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _SPACE:
        start += 1
    while end > start and text[end - 1] in _SPACE:
        end -= 1
    return start, end
