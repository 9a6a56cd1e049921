"""Names that the text itself introduces, and names that a firm and its service share."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from ronten.components.mentions import Lexicon, predict

UNUSED = ["parser", "ner", "bunsetu_recognizer", "compound_splitter", "attribute_ruler"]
NLP: Language = spacy.load("ja_ginza", exclude=[*UNUSED, "morphologizer"])
LEXICON = Lexicon.load()


def shown(text: str, lexicon: Lexicon = LEXICON) -> list[str]:
    """Return mentions as `surface/LABEL/name`, without the name where it is the surface."""
    entities = predict(NLP.tokenizer(text), lexicon=lexicon).entities
    surfaces = ((text[slice(*e.span)], e) for e in entities)
    return [
        f"{surface}/{e.label.value}" + ("" if e.entity == surface else f"/{e.entity}")
        for surface, e in surfaces
    ]


INTRODUCED = [
    # another name in a bracket
    ("深度求索（DeepSeek）は", ["深度求索/COMPANY/DeepSeek", "DeepSeek/COMPANY"]),
    (
        "欧州未来連合（EFU）が発足した。EFUは",
        ["欧州未来連合/ORG", "EFU/ORG/欧州未来連合", "EFU/ORG/欧州未来連合"],
    ),
    (
        "欧州未来連合（ＥＦＵ）が発足した。EFUは譲らず、ＥＦＵも",
        [
            "欧州未来連合/ORG",
            "ＥＦＵ/ORG/欧州未来連合",
            "EFU/ORG/欧州未来連合",
            "ＥＦＵ/ORG/欧州未来連合",
        ],
    ),
    (
        "日本未来財団（JMF、会員200社）は提言した。JMFは",
        ["日本未来財団/ORG", "JMF/ORG/日本未来財団", "JMF/ORG/日本未来財団"],
    ),
    (
        "独立行政法人青嶺開発機構（青嶺機構）が公表した。青嶺機構は",
        ["青嶺開発機構/ORG", "青嶺機構/ORG/青嶺開発機構", "青嶺機構/ORG/青嶺開発機構"],
    ),
    (
        "電池メーカーのアルカナ（Arcana）は増産する。アルカナは",
        ["アルカナ/COMPANY", "Arcana/COMPANY/アルカナ", "アルカナ/COMPANY"],
    ),
    # who made it, and its size, are no other names
    (
        "Gemma 2（グーグル、6月）とH100（80GB）を使う。",
        ["Gemma 2/MODEL", "グーグル/COMPANY/Google", "H100/CHIP"],
    ),
    # the abbreviation is not alone in its bracket
    (
        "独立行政法人青嶺開発機構（東京・江東、ARD）が公表した。ARDは",
        [
            "青嶺開発機構/ORG",
            "東京/PLACE",
            "江東/PLACE",
            "ARD/ORG/青嶺開発機構",
            "ARD/ORG/青嶺開発機構",
        ],
    ),
    (
        "独立行政法人青嶺開発機構（浜松市、LED）の照明。LEDは",
        ["青嶺開発機構/ORG", "浜松市/PLACE"],
    ),
    # a band and a country are no spelling
    ("トム・ヨーク氏（Radiohead）は歌う。", ["トム・ヨーク/PERSON"]),
    # as it is written abroad
    (
        "ヨナス・ヴェルデ（Jonas Verde）氏は勝った。",
        ["ヨナス・ヴェルデ/PERSON", "Jonas Verde/PERSON/ヨナス・ヴェルデ"],
    ),
    (
        "言語モデル「Hibari-2 34B」（ひばり2）に対応する。現行のHibari-2と比べる。",
        ["Hibari-2 34B/MODEL", "ひばり2/MODEL/Hibari-2 34B", "Hibari-2/MODEL"],
    ),
    # a definition
    (
        "DeepSeek-V3(以下V3)は速い。V3は安い",
        ["DeepSeek-V3/MODEL", "V3/MODEL/DeepSeek-V3", "V3/MODEL/DeepSeek-V3"],
    ),
    (
        "オープンAI（以下、O社）は反論した。O社の株は",
        ["オープンAI/COMPANY/OpenAI", "O社/COMPANY/OpenAI", "O社/COMPANY/OpenAI"],
    ),
    (
        "オープンＡＩ（以下、Ｏ社）は反論した。Ｏ社の株は",
        ["オープンＡＩ/COMPANY/OpenAI", "Ｏ社/COMPANY/OpenAI", "Ｏ社/COMPANY/OpenAI"],
    ),
    (
        "株式会社ひかり坂工房（以下「ひかり坂」という）は発表した。ひかり坂は",
        [
            "株式会社ひかり坂工房/COMPANY/ひかり坂工房",
            "ひかり坂/COMPANY/ひかり坂工房",
            "ひかり坂/COMPANY/ひかり坂工房",
        ],
    ),
    (
        "みどり電機株式会社（資本金1億円、以下「みどり電機」）は発表した。みどり電機は",
        ["みどり電機株式会社/COMPANY/みどり電機", "みどり電機/COMPANY", "みどり電機/COMPANY"],
    ),
    (
        "小型ロボット「ハコベR」を売る。以下、同製品をハコベと呼ぶ。ハコベは",
        ["ハコベR/PRODUCT", "ハコベ/PRODUCT/ハコベR", "ハコベ/PRODUCT/ハコベR"],
    ),
    # the seat or the stock code of a firm
    (
        "北都テクノロジーズ（本社・札幌市）は赤字だ。北都テクノロジーズは",
        ["北都テクノロジーズ/COMPANY", "札幌市/PLACE", "北都テクノロジーズ/COMPANY"],
    ),
    ("北星機械（証券コード6999）は下げた", ["北星機械/COMPANY"]),
    # short forms without a definition
    (
        "北星ロジスティクス株式会社が破綻した。北星ロジスティクスは",
        ["北星ロジスティクス株式会社/COMPANY/北星ロジスティクス", "北星ロジスティクス/COMPANY"],
    ),
    (
        "クラモトホールディングスは発表した。クラモトHDの株価。クラモトは",
        [
            "クラモトホールディングス/COMPANY",
            "クラモトHD/COMPANY/クラモトホールディングス",
            "クラモト/COMPANY/クラモトホールディングス",
        ],
    ),
    ("INP通信が伝えた。市民はINPに語った。", ["INP通信/COMPANY", "INP/COMPANY/INP通信"]),
    (
        "株式会社ラヤン航空は否定した。ラヤン側は",
        ["株式会社ラヤン航空/COMPANY/ラヤン航空", "ラヤン/COMPANY/ラヤン航空"],
    ),
    (
        "株式会社デジタル出版は否定した。デジタルの時代だ",
        ["株式会社デジタル出版/COMPANY/デジタル出版"],
    ),
    ("『市民新報』が報じた。市民に対し説明した。", ["市民新報/COMPANY"]),
    # the initials of a body are its own, whatever firm they stand for elsewhere
    (
        "独立行政法人青嶺開発機構（JIC）が反対した。JICは",
        [
            "青嶺開発機構/ORG",
            "JIC/ORG/青嶺開発機構",
            "JIC/ORG/青嶺開発機構",
        ],
    ),
    # no short forms
    (
        "伊藤ホールディングス株式会社が発表した。伊藤社長は",
        ["伊藤ホールディングス株式会社/COMPANY/伊藤ホールディングス", "伊藤/PERSON"],
    ),
    ("H100（以下、本GPU）を使う", ["H100/CHIP", "GPU/CHIP"]),
    ("大規模言語モデル（LLM）を使う。LLMは便利だ", []),
    ("人工知能（以下、AI）は便利だ", []),
    ("国内総生産（GDP）は増えた。GDPは", []),
    ("ヤマハ（写真左）は", ["ヤマハ/COMPANY"]),
    ("モスクワ（MGU）で", ["モスクワ/PLACE"]),
    ("パリ（Pernod）で", ["パリ/PLACE"]),
]


@pytest.mark.parametrize(("text", "expected"), INTRODUCED, ids=[text for text, _ in INTRODUCED])
def test_introduced_names(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


CLIPPED = [
    ("環洋政策研究所は発表した。環洋政策研の報告は", {"環洋政策研": "環洋政策研究所"}),
    ("湊野市教育委員会は決めた。市教委の資料は", {"市教委": "湊野市教育委員会"}),
    ("神奈川県警は逮捕した。県警の説明では、警官は", {"県警": "神奈川県警"}),
    ("長野県警察本部は逮捕した。県警の説明では", {"県警": "長野県警察本部"}),
    ("神奈川県警は千葉県警と捜査する。県警の説明では", {"県警": "県警"}),
    # Of two towns, either may be meant.
    (
        "札幌市教育委員会は函館市教育委員会に伝えた。札幌市教委と市教委は",
        {"札幌市教委": "札幌市教育委員会", "市教委": "市教委"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), CLIPPED, ids=[text for text, _ in CLIPPED])
def test_clipped_names_of_bodies(nlp: Language, text: str, expected: dict[str, str]) -> None:
    found = {text[slice(*e["span"])]: e["entity"] for e in nlp(text)._.ronten_entities}
    assert {short: found.get(short, short) for short in expected} == expected


SHARED = [
    ("LINEで連絡する。LINEは決算を発表した", ["LINE/PRODUCT", "LINE/COMPANY"]),
    ("Googleで検索した。Googleは提訴された", ["Google/PRODUCT/Google検索", "Google/COMPANY"]),
    ("メルカリに出品した。メルカリは増益だ", ["メルカリ/PRODUCT", "メルカリ/COMPANY"]),
    ("楽天で買った。楽天は赤字だ", ["楽天/PRODUCT/楽天市場", "楽天/COMPANY/楽天グループ"]),
    (
        "ツイッターに投稿した。ツイッター社は",
        ["ツイッター/PRODUCT/Twitter", "ツイッター/COMPANY/Twitter"],
    ),
    ("YouTubeを見た。YouTubeが規約を変えた", ["YouTube/PRODUCT", "YouTube/COMPANY"]),
    ("Netflixで見る。Netflixの株価が", ["Netflix/PRODUCT", "Netflix/COMPANY"]),
    ("PayPayで払う。PayPayは上場する", ["PayPay/PRODUCT", "PayPay/COMPANY"]),
    ("Uberで帰る。米Uberは", ["Uber/PRODUCT", "米/PLACE/米国", "Uber/COMPANY/Uber Technologies"]),
    ("GitHubに保存する", ["GitHub/PRODUCT"]),
    ("アマゾンが出資した", ["アマゾン/COMPANY/Amazon"]),
]


@pytest.mark.parametrize(("text", "expected"), SHARED, ids=[text for text, _ in SHARED])
def test_firm_or_service(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_the_user_decides(tmp_path: Path) -> None:
    rows, aliases = tmp_path / "own.tsv", tmp_path / "aliases.tsv"
    rows.write_text(
        "LINE\tCOMPANY\tライン社\nH100\tPRODUCT\tH100\nClaude\tPRODUCT\tClaude\n", encoding="utf-8"
    )
    aliases.write_text("メルカリ\t青嶺マーケット\n", encoding="utf-8")
    lexicon = Lexicon.load([rows], [aliases])
    assert shown("H100でClaudeを動かす", lexicon) == ["H100/PRODUCT", "Claude/PRODUCT"]
    assert shown("LINEで連絡し、メルカリは増益だ", lexicon) == [
        "LINE/COMPANY/ライン社",
        "メルカリ/COMPANY/青嶺マーケット",
    ]


def test_unknown_names_keep_their_surface() -> None:
    assert shown("株式会社アオバ計測が出資した") == ["株式会社アオバ計測/COMPANY/アオバ計測"]
    assert shown("欧州未来連合が公表した") == ["欧州未来連合/ORG"]
