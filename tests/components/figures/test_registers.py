"""What other kinds of text write numerals for: law reports, the stage, sport, medicine, old essays.

A row is a text and all its figures.
"""

from __future__ import annotations

import pytest
from sudachipy import Dictionary, SplitMode

from ronten.components.figures import Words, find_figures

LAW = [
    ("最判平成28年12月19日民集70巻8号2121頁。", ["平成28年12月19日"]),
    ("判時2300号25頁参照。", []),
    ("原判決12頁3行目の「10条」を改める。", []),
    ("民法709条と715条1項1号の要件だ。", []),
    ("甲1から甲5まで提出した。", []),
    ("前記1のとおりである。", []),
    ("別紙2の1記載の土地を売る。", []),
    ("一審は棄却し、二審の高裁は110万円の支払いを命じた。", ["110万円"]),
    ("懲役3年、執行猶予5年とした。", ["3年", "5年"]),
    ("2項の「2年以内」に当たる。", ["2年以内"]),
    ("裁判官5人のうち2人が反対した。", ["5人", "2人"]),
    ("資料5を参照し、請求項3を読む。", []),
]

STAGE = [
    ("1幕は静かに始まり、2幕で爆発する。", []),
    ("3幕7場の芝居で、2幕構成ではない。", ["3幕", "7場", "2幕"]),
    ("全12話のうち5話で降りた。", ["全12話"[1:]]),
    ("十三回忌の追善で、十八番を演じた。", []),
    ("二枚刃の人は人一倍働く。", []),
    ("三つ星の店で星は3つだ。", ["3つ"]),
    ("四百頁の本の45頁の図を見る。", ["四百頁"]),
    ("本は48ページにも及ぶ。", ["48ページ"]),
    ("ホテルの一室で話し、供給先の一社が聞く。", []),
    ("最初の一粒を一本の線に置く。", ["一粒", "一本"]),
    ("この一冊を薦めたい。机に本が一冊ある。", ["一冊"]),
]

SPORT = [
    ("9回裏2死満塁で4番打者。", []),
    ("2回戦で負け、3回表に投げる。", []),
    ("3回戦い、2回勝つ。", ["2回"]),
    ("背番号10の選手が3試合に出る。", ["3試合"]),
    ("五輪の二塁打は3本。", ["3本"]),
]

MEDICINE = [
    ("5類に移り、2型の人が3人いる。", ["3人"]),
    ("38度5分の熱が2日続く。", ["38度5分", "2日"]),
    ("3交代制で、患者7人を診る。", ["7人"]),
    ("Wi-Fi 6対応の機械が2台。", ["2台"]),
    ("三回忌に三人が来た。", ["三人"]),
]

ESSAY = [
    ("三十代の女性と十代の少年。", ["三十代", "十代"]),
    ("三十代目の当主は二十代続く家の人。", []),
    ("何十人もの人が何百年も住む。", ["何十人", "何百年"]),
    ("蔵に米十俵、田は五反、道は二里。", ["十俵", "五反", "二里"]),
    ("賛成3反対2で決めた。", ["3", "2"]),
    ("一銭五厘の葉書。十年一昔という。", []),
    ("唯一ダムのない川。同一地域の人。", []),
    ("昨日今日の話ではない。明日を担う子。", []),
    ("今日なお残る。今日まで受け継がれた。", []),
    ("3人きょうだいの長女。", ["3人"]),
    ("闘いつつ進む。家にいつつ待つ。", []),
    ("春に巣を分け、冬の間は球になる。", []),
    ("日曜営業をやめ、土曜授業を減らす。", []),
    ("3つめは費用だ。2回めの会議。", []),
    ("二けたの伸び、2けたの伸び。", ["二けた", "2けた"]),
]


@pytest.mark.parametrize(("text", "expected"), [*LAW, *STAGE, *SPORT, *MEDICINE, *ESSAY])
def test_all_figures(text: str, expected: list[str]) -> None:
    found = [text[slice(*figure.span)] for figure in find_figures(text, "2031-05-16")]
    assert found == expected


WORDS = [
    ("利根川の腹八分の話。", []),
    ("安倍晋三氏が来た。", []),
    ("声を世界じゅうに発信した。", []),
    ("5人組が2人乗りの車3台で来た。", ["5人", "2人", "3台"]),
    ("41市町村長が集まり、3割増の予算を組む。", ["41市町村", "3割"]),
    ("2段式で、900万回分をつくる。", ["2段", "900万回"]),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_a_numeral_inside_a_word_is_none(text: str, expected: list[str]) -> None:
    tokens = Dictionary().create().tokenize(text, SplitMode.C)
    words = Words([token.begin() for token in tokens], [token.end() for token in tokens])
    found = [text[slice(*figure.span)] for figure in find_figures(text, words=words)]
    assert found == expected
