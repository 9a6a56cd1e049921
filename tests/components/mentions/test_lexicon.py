"""The lexicon files: what every row must keep to, and how wide they are."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from ronten.components.mentions.lexicon import FOLDER, NOTES
from ronten.components.mentions.view import fold
from ronten.types import Label

FILES = sorted(FOLDER.glob("*.tsv"))
CONDITIONAL = {"guard", "version", "site", "use", "abbr"}
SPACES = ("  ", "\u3000", "\u00a0")


def rows(path: Path) -> list[list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


ROWS = [row for path in FILES for row in rows(path)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rows_are_clean(path: Path) -> None:
    for row in rows(path):
        assert 3 <= len(row) <= 4, row
        assert all(cell and cell == cell.strip() for cell in row), row
        assert not any(space in cell for cell in row for space in SPACES), row
        assert unicodedata.normalize("NFC", row[0]) == row[0], row
        assert row[1] in set(Label), row
        assert set((row[3] if len(row) > 3 else "").split()) <= NOTES, row


def test_a_surface_has_one_canonical_name_per_label() -> None:
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for surface, label, canonical, *notes in ROWS:
        if not CONDITIONAL & set(" ".join(notes).split()):
            seen[fold(surface), label].add(canonical)
    assert {key: names for key, names in seen.items() if len(names) > 1} == {}


def test_no_row_stands_twice() -> None:
    times = Counter((row[0], row[1], row[2]) for row in ROWS)
    assert [key for key, count in times.items() if count > 1] == []


def test_every_canonical_name_is_a_surface() -> None:
    surfaces = {(fold(row[0]), row[1]) for row in ROWS}
    assert {(row[2], row[1]) for row in ROWS if (fold(row[2]), row[1]) not in surfaces} == set()


@pytest.mark.parametrize(
    ("label", "least"),
    [
        (Label.COMPANY, 1_500),
        (Label.ORG, 300),
        (Label.PLACE, 1_000),
        (Label.PRODUCT, 400),
        (Label.POLICY, 200),
    ],
)
def test_the_files_are_wide(label: Label, least: int) -> None:
    assert len({row[2] for row in ROWS if row[1] == label}) >= least


PREFECTURES = (
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 "
    "東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 "
    "滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 "
    "香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
)
CITIES = (
    "札幌 仙台 さいたま 千葉 横浜 川崎 相模原 新潟 静岡 浜松 名古屋 京都 大阪 堺 神戸 岡山 "
    "広島 北九州 福岡 熊本 函館 旭川 青森 八戸 盛岡 秋田 山形 福島 郡山 いわき 水戸 宇都宮 "
    "前橋 高崎 川越 川口 越谷 船橋 柏 八王子 横須賀 富山 金沢 福井 甲府 長野 松本 岐阜 豊橋 "
    "豊田 岡崎 一宮 大津 高槻 東大阪 豊中 枚方 八尾 寝屋川 吹田 姫路 尼崎 明石 西宮 奈良 "
    "和歌山 鳥取 松江 倉敷 福山 呉 下関 高松 松山 高知 久留米 長崎 佐世保 大分 宮崎 鹿児島 "
    "那覇"
)
ABBREVIATED = "米 中 英 独 仏 伊 露 韓 台 印 豪 加 日 欧 朝 蘭"


def test_every_prefecture_city_and_abbreviated_country_is_there() -> None:
    places = {row[0] for row in ROWS if row[1] == Label.PLACE}
    short = {row[0] for row in ROWS if row[-1] == "abbr"}
    assert set(PREFECTURES.split()) - places == set()
    assert {f"{city}市" for city in CITIES.split()} - places == set()
    assert set(ABBREVIATED.split()) - short == set()
