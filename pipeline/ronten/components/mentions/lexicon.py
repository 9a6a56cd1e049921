"""Known names: surface → label and canonical name, found in the text by longest match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ronten.components.mentions.view import (
    USER,
    Candidate,
    View,
    fold,
    is_katakana,
    is_latin,
    plain,
)
from ronten.errors import UsageError
from ronten.types import Label

FOLDER = Path(__file__).parent / "lexicon"
LABELS = {label.value: label for label in Label}
NOTES = {"guard", "case", "abbr", "site", "version", "hyphen", "hyphens", "joined", "use"}
PEOPLE = re.compile(
    r"[人語](?![口民権材工気事質類身])|人民元"
)  # 日本人, 中国語: no mention of the place
COMPANY_AFTER = re.compile(
    r"社(?![会説長])|株(?!主総|式会)|(?:の)?(?:社長|会長|CEO|最高経営責任者|株価|製品|幹部|本社|子会社|創業者)"
    r"|ホールディングス|グループ|(?:が|は)(?:発売|買収|開発|発表|提供|運営|公開|出資|投資)|との(?:提携|契約)"
)
# More parts of a foreign name; what the name of a type goes on with (DHC-8).
FURTHER = re.compile(r"(?:・[ァ-ヶー]+)+")
# A number behind the name, not its last part: マツダ3%安, ボーイング737万円.
COUNTED = re.compile(r"[%.,\d]|[万億兆年月日時分秒歳位期社人台回個割倍円機両枚号館メ本]|-\d")
# Titles of people only: ウィックス監督.
NAMED = re.compile(r"氏(?![名族子])|選手|監督|教授|投手|博士")
SERIES = re.compile(r"-\d{1,4}(?![\d.%位対円])")
COMPANY_BEFORE = re.compile(r"(?:株式会社|[米英独仏]|IT大手|大手の?|企業の)$")
# A name that a firm and its service share: what a firm does, what one does with a service.
ACTS = re.compile(
    r"社(?![会説長])|(?:の)?(?:株(?!主総|式会)|社長|会長|CEO|最高経営責任者|経営|業績|決算|従業員|社員|株価|幹部|本社|子会社|創業者|広報|買収|上場)"
    r"|(?:日本法人|側)?(?:は|が|も)[^。「」]{0,24}?(?:発表|決算|上場|買収|解雇|提訴|訴え|値上げ|値下げ|出資|投資|増益|減益|増収|減収|赤字|黒字|従業員"
    r"|人員|社員|業績|売上|利益|参入|提携|契約|開発し|設立|創業|社名|規約を|声明|会員数|大手だ|株)"
)
ACTS_BEFORE = re.compile(r"(?:株式会社|運営する米?|大手の?|企業の|傘下の|親会社の|[米英])$")
USED = re.compile(
    r"(?:の(?:検索|アプリ|サイト|アカウント|レシピ|口コミ))?(?:で|に|上[でのに]|を(?:使|利用|見|開)|から|アプリ|検索)[^。、]{0,12}?"
    r"(?:検索|出品|購入|買(?!収)|売[っれり]|投稿|書き込|連絡|予約|調べ|見[てたる]|聴|視聴|配信|保存|払|決済|送[っる]|注文|探|翻訳|使[っいう]|利用|登録|呼[んびぶ]|帰|表示)"
)
PARTY_AFTER = re.compile(r"両?党|の?(?:議員|代表|幹事長|党首)|会派")
CHIPS = re.compile(
    r"チップ|半導体|[CGNT]PU|プロセッサ|アクセラレ|クラウド|アーキテクチャ|推論|学習|NVIDIA|エヌビディア"
)
EUROPEAN = re.compile(r"(?:EU|欧州|ヨーロッパ)の?$")
LIST = frozenset("、・やと,/")
SITE_AFTER = re.compile(
    r"\(旧|の?(?:アカウント|公式|投稿)|[でに](?:も)?(?:投稿|発信|告知|公開|書き|つぶや|反論|掲載)|上で|への投稿|ポスト"
)
SITE_BEFORE = re.compile(r"(?:自身の|公式|SNSの?|SNS「|交流サイト(?:\(SNS\))?の?「?|旧Twitterの)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a lexicon file."""

    surface: str
    label: Label
    canonical: str
    notes: frozenset[str] = frozenset()


class Lexicon:
    """The names of our files and of the user's.

    `abbreviations` holds the one-character names (米, 自), `abbreviated` a regular expression for
    any of them, `models` the AI models of the user's
    files, which the grammar extends by versions like its own families; `aliases` maps folded
    names to the canonical name the user wants, `users` are the folded names of the user's rows.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        aliases: dict[str, str] | None = None,
        users: Iterable[str] = (),
    ) -> None:
        self.entries: dict[str, list[Entry]] = {}
        self.abbreviations: dict[str, Entry] = {}
        self.models: list[Entry] = []
        self.aliases = aliases or {}
        self.users = frozenset(users)
        for entry in entries:
            if "abbr" in entry.notes:
                self.abbreviations[entry.surface] = entry
                continue
            if entry.label is Label.MODEL:
                self.models.append(entry)
            if "version" not in entry.notes:
                self.entries.setdefault(fold(entry.surface), []).append(entry)
        self.abbreviated = f"[{re.escape(''.join(self.abbreviations))}]"
        lengths: dict[str, set[int]] = {}
        for key in self.entries:
            lengths.setdefault(key[:2], set()).add(len(key))
        self._lengths = {head: sorted(sizes, reverse=True) for head, sizes in lengths.items()}

    @classmethod
    def load(cls, user_files: Sequence[Path] = (), alias_files: Sequence[Path] = ()) -> Lexicon:
        """Read our files, then the user's, whose rows replace ours of the same surface.

        Lexicon rows are `surface, label, canonical[, note]`, alias rows `alias, canonical
        [, label]`, with tabs between; lines starting with `#` are comments. Raises UsageError
        for a bad row.
        """
        ours = [e for path in sorted(FOLDER.glob("*.tsv")) for e in _entries(path)]
        users = [e for path in user_files for e in _entries(path)]
        aliases: dict[str, str] = {}
        known = {e.canonical: e.label for e in [*ours, *users]}
        for path in alias_files:
            for number, row in _rows(path):
                if len(row) < 2:
                    raise UsageError(
                        f"{path}:{number}: expected alias, canonical[, label] with tabs between"
                    )
                aliases[fold(row[0])] = row[1]
                label = (
                    _label(row[2], path, number) if len(row) > 2 and row[2] else known.get(row[1])
                )
                if label:
                    users.append(Entry(row[0], label, row[1]))
        taken = {fold(e.surface) for e in users}
        if taken:
            ours = [e for e in ours if fold(e.surface) not in taken]
        return cls([*users, *ours], aliases, taken)

    def get(self, surface: str) -> Entry | None:
        """Return the entry of exactly this name (any case or width), if there is one."""
        found = self.entries.get(fold(surface), [])
        return min(found, key=lambda entry: bool(entry.notes & {"guard", "use"}), default=None)

    def rename(self, name: str) -> str:
        """Return the canonical name that the user's alias table gives to `name`, else `name`."""
        return self.aliases.get(fold(name), name) if self.aliases else name

    def match(self, view: View, title: str = "") -> Iterator[Candidate]:
        """Yield the known names in the text; a guarded one only where something supports it."""
        guarded: list[tuple[int, int, Entry]] = []
        seen = {e.canonical for e in self._in_title(title)}
        sure: set[int] = set()
        for start, end, entry in self._scan(view):
            if entry.notes & {"guard", "site"} and not self._supported(view, start, end, entry):
                guarded.append((start, end, entry))
                continue
            seen.add(entry.canonical)
            if entry.label in (Label.COMPANY, Label.ORG):
                sure.update((start, end))
            rank = USER if fold(entry.surface) in self.users else 3
            yield Candidate(start, end, entry.label, entry.canonical, rank)
        for start, end, entry in guarded:
            listed = view.plain[end : end + 1] in LIST and end + 1 in sure
            listed = listed or (view.plain[start - 1 : start] in LIST and start - 1 in sure)
            listed = listed and entry.label in (Label.COMPANY, Label.ORG)
            if (entry.canonical in seen or listed) and "site" not in entry.notes:
                yield Candidate(start, end, entry.label, entry.canonical, 3)

    def _scan(self, view: View) -> Iterator[tuple[int, int, Entry]]:
        folded, entries, lengths = view.folded, self.entries, self._lengths
        size = len(folded)
        until = 0
        begins = [
            at for at in view.by_start if folded[at : at + 2] in lengths or folded[at] in lengths
        ]
        for start in begins:
            if start < until:
                continue
            for head in (folded[start : start + 2], folded[start]):
                for length in lengths.get(head, ()):
                    end = start + length
                    if end > size or (length == 1) != (len(head) == 1):
                        continue
                    found = entries.get(folded[start:end])
                    entry = found and self._fits(view, start, end, found)
                    if entry:
                        yield start, end, entry
                        until = end
                        break
                if start < until:
                    break

    def _fits(self, view: View, start: int, end: int, found: list[Entry]) -> Entry | None:
        if not view.borders(start, end) or view.in_web(start):
            return None
        fitting = [entry for entry in found if self._fit(view, start, end, entry)]
        if len(fitting) < 2:
            return fitting[0] if fitting else None
        return self._twin(view, start, end, fitting)

    def _fit(self, view: View, start: int, end: int, entry: Entry) -> bool:
        if "case" in entry.notes and view.plain[start:end] != plain(entry.surface):
            return False
        if entry.label is Label.PLACE and PEOPLE.match(view.plain, end):
            return False
        if view.plain[end - 1].isdigit() and COUNTED.match(view.plain, end):
            return False
        foreign = entry.label is Label.COMPANY and is_katakana(view.plain[start])
        if foreign and NAMED.match(view.plain, end):
            return False
        if is_katakana(view.plain[start]) and self._goes_on(view.plain, end, entry):
            return False
        if entry.label is Label.COMPANY and SERIES.match(view.plain, end):
            return False
        return not (
            is_latin(view.plain[start]) and view.plain[max(0, start - 1) : start] in set("@_#")
        )

    def _goes_on(self, text: str, end: int, entry: Entry) -> bool:
        """Whether a name only begins a foreign one: ロッテ・ファン・デル・メール."""
        parts = FURTHER.match(text, end)
        if parts is None:
            return False
        unknown = [part for part in parts[0].split("・")[1:] if self.get(part) is None]
        return len(unknown) >= (1 if entry.label is Label.PLACE else 2)

    def _twin(self, view: View, start: int, end: int, fitting: list[Entry]) -> Entry:
        """Choose between a firm and its service of the same name: the plain row by default."""
        text, before = view.plain, view.plain[max(0, start - 12) : start]
        default = next((e for e in fitting if not e.notes & {"guard", "use"}), fitting[0])
        for entry in fitting:
            if "use" in entry.notes and USED.match(text, end) and not ACTS.match(text, end):
                return entry
            acts = ACTS.match(text, end) or ACTS_BEFORE.search(before)
            if "guard" in entry.notes and entry.label is Label.COMPANY and acts:
                return replace(entry, notes=entry.notes - {"guard"})
        return default

    def _supported(self, view: View, start: int, end: int, entry: Entry) -> bool:
        before = view.plain[max(0, start - 12) : start]
        if "site" in entry.notes:
            return bool(SITE_AFTER.match(view.plain, end) or SITE_BEFORE.search(before))
        if entry.label is Label.COMPANY:
            return bool(COMPANY_AFTER.match(view.plain, end) or COMPANY_BEFORE.search(before))
        if entry.label is Label.ORG:
            return bool(PARTY_AFTER.match(view.plain, end))
        if entry.label is Label.CHIP:
            return bool(CHIPS.search(view.plain, max(0, start - 30), end + 30))
        return entry.label is Label.POLICY and bool(EUROPEAN.search(before))

    def _in_title(self, title: str) -> Iterator[Entry]:
        folded = fold(title)
        for start in range(len(folded)):
            for length in self._lengths.get(folded[start : start + 2], ()):
                found = self.entries.get(folded[start : start + length])
                if found and "guard" not in found[0].notes:
                    yield found[0]
                    break


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot read this lexicon file as UTF-8 ({error})") from error
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("\t")]


def _label(name: str, path: Path, number: int) -> Label:
    label = LABELS.get(name)
    if label is None:
        known = ", ".join(Label)
        raise UsageError(f"{path}:{number}: unknown label '{name}'; known: {known}")
    return label


@lru_cache(maxsize=64)
def _notes(text: str) -> frozenset[str]:
    return frozenset(text.split()) & NOTES


def _entries(path: Path) -> Iterator[Entry]:
    for number, row in _rows(path):
        if len(row) < 3 or not row[0] or not row[2]:
            raise UsageError(
                f"{path}:{number}: expected surface, label, canonical[, note] with tabs between"
            )
        notes = _notes(row[3] if len(row) > 3 else "")
        yield Entry(row[0], _label(row[1], path, number), row[2], notes)
