"""Tables of invented sentences: what is a name, of which kind, and what it is called."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from ronten.components.mentions import (
    Lexicon,
    Mentions,
    latest_before,
    predict,
    resolve_person,
)
from ronten.errors import UsageError
from ronten.types import Label
from timing import seconds

UNUSED = ["parser", "ner", "bunsetu_recognizer", "compound_splitter", "attribute_ruler"]
NLP: Language = spacy.load("ja_ginza", exclude=[*UNUSED, "morphologizer"])
LEXICON = Lexicon.load()


def find(text: str, title: str = "", lexicon: Lexicon = LEXICON) -> Mentions:
    return predict(NLP.tokenizer(text), title=title, lexicon=lexicon)


def shown(text: str, title: str = "", lexicon: Lexicon = LEXICON) -> list[str]:
    """Mentions as `surface/LABEL/canonical`, without the canonical name where it is the surface."""
    result = []
    for entity in find(text, title, lexicon).entities:
        surface = text[slice(*entity.span)]
        name = "" if entity.entity == surface else f"/{entity.entity}"
        result.append(f"{surface}/{entity.label.value}{name}")
    return result


NAMES = [
    ("同社の乾由希彦アナリストは強気だ。", ["乾由希彦/PERSON"]),
    # companies: scripts, width and case
    ("ＮＶＩＤＩＡの決算", ["ＮＶＩＤＩＡ/COMPANY/NVIDIA"]),
    ("nvidiaとエヌビディア", ["nvidia/COMPANY/NVIDIA", "エヌビディア/COMPANY/NVIDIA"]),
    ("ディープシークが値下げした", ["ディープシーク/COMPANY/DeepSeek"]),
    ("オープンAIは反論した", ["オープンAI/COMPANY/OpenAI"]),
    ("Hugging Face社に投稿された", ["Hugging Face/COMPANY"]),
    ("トヨタ自動車とトヨタ", ["トヨタ自動車/COMPANY", "トヨタ/COMPANY/トヨタ自動車"]),
    ("華為技術が開発した", ["華為技術/COMPANY/Huawei"]),
    (
        "テスラ（NASDAQ: TSLA）が下げた",
        ["テスラ/COMPANY/Tesla", "NASDAQ/ORG", "TSLA/COMPANY/Tesla"],
    ),
    ("株式会社みどり工房が開店した", ["株式会社みどり工房/COMPANY/みどり工房"]),
    ("Hoshikuzu Robotics Inc.が設立された", ["Hoshikuzu Robotics Inc./COMPANY/Hoshikuzu Robotics"]),
    ("みなと製作所の社長は黙った", []),
    ("みなと製作所社長は黙った", ["みなと製作所/COMPANY"]),
    # no names: longer words, common nouns
    ("アップルパイを焼いた", []),
    ("アマゾネスの伝説", []),
    ("鉛筆の先はシャープだ", []),
    ("シャープ社の液晶", ["シャープ/COMPANY"]),
    ("米を食べ、米価を調べる", []),
    ("コンビニは人口10万人当たり44店ある", []),
    ("テーマは人口一極集中だ", []),
    ("データセンターは、人口80万人の都市と同じだけ使う", []),
    ("別紙「実施要領」と手紙「お母さんへ」を付けた", []),
    ("世界の国ランキングを見る", []),
    ("受賞作「該当なし」と発表した", []),
    ("日本人は日本語を話す", []),
    ("地方銀行と国立大学の提携", []),
    ("同社と同委員会は方法を変えた", []),
    ("https://openai.com/blog を見た", []),
    # the service X and the letter
    ("自身のXに投稿した", ["X/PRODUCT"]),
    ("X線で調べた。変数Xを使う", []),
    # abbreviations of countries and parties
    ("米中が接近した", ["米/PLACE/米国", "中/PLACE/中国"]),
    ("日米韓の首脳", ["日/PLACE/日本", "米/PLACE/米国", "韓/PLACE/韓国"]),
    ("対中輸出を止めた", ["中/PLACE/中国"]),
    ("首相が訪米した", ["米/PLACE/米国"]),
    ("米エヌビディアの発表", ["米/PLACE/米国", "エヌビディア/COMPANY/NVIDIA"]),
    ("米企業の決算", ["米/PLACE/米国"]),
    ("仏外相が来た", ["仏/PLACE/フランス"]),
    ("日米欧の当局", ["日/PLACE/日本", "米/PLACE/米国", "欧/PLACE/欧州"]),
    ("日・米・欧の中銀", ["日/PLACE/日本", "米/PLACE/米国", "欧/PLACE/欧州"]),
    ("米・中両国の合意", ["米/PLACE/米国", "中/PLACE/中国"]),
    ("土・日は休み、小・中・高の教員と中・西部の雨", []),
    ("欧米の規制", ["欧米/PLACE"]),
    ("20日朝に会見した。前日比3円高い", []),
    ("日朝首脳会談が開かれた", ["日/PLACE/日本", "朝/PLACE/北朝鮮"]),
    ("日中は暖かい", []),
    ("日中関係は冷えた", ["日/PLACE/日本", "中/PLACE/中国"]),
    ("自公連立が続く", ["自/ORG/自民党", "公/ORG/公明党"]),
    ("自民・公明両党が合意した", ["自民/ORG/自民党", "公明/ORG/公明党"]),
    # places
    ("アメリカと米国", ["アメリカ/PLACE/米国", "米国/PLACE"]),
    ("北海道千歳市に工場を建てる", ["北海道/PLACE", "千歳市/PLACE"]),
    ("ザブロンスキー州で選挙があった", ["ザブロンスキー州/PLACE"]),
    ("熊本県で会見した。熊本の工場は", ["熊本県/PLACE", "熊本/PLACE/熊本県"]),
    # bodies
    ("経産省と経済産業省", ["経産省/ORG/経済産業省", "経済産業省/ORG"]),
    ("米商務省が発表した", ["米/PLACE/米国", "商務省/ORG/米商務省"]),
    ("英財務省と英国議会", ["英/PLACE/英国", "財務省/ORG/英財務省", "英国議会/ORG"]),
    ("独立行政法人国際協力機構", ["国際協力機構/ORG"]),
    ("ＥＵが合意した", ["ＥＵ/ORG/EU"]),
    ("トロント大学で学んだ", ["トロント大学/ORG"]),
    ("衆院の予算調査特別委員会が開かれた", ["衆院/ORG/衆議院", "予算調査特別委員会/ORG"]),
    ("日本代表が勝った", ["日本代表/ORG"]),
    # laws and programmes
    ("著作権法を改めた", ["著作権法/POLICY"]),
    ("CHIPS法とCHIPS・科学法", ["CHIPS法/POLICY/CHIPS・科学法", "CHIPS・科学法/POLICY"]),
    ("EUのAI法が成立した", ["EU/ORG", "AI法/POLICY/EU AI法"]),
    # products
    ("ChatGPTとClaude", ["ChatGPT/PRODUCT", "Claude/MODEL"]),
    ("Windows 11とUbuntu 24.04 LTS", ["Windows 11/PRODUCT", "Ubuntu 24.04 LTS/PRODUCT"]),
    ("N3Eで量産する", ["N3E/PRODUCT"]),
    ("映画「夜明けの橋」が公開された", ["夜明けの橋/PRODUCT"]),
    ("市議会の会派「青嵐」が反対した", ["青嵐/ORG"]),
    ("地元の週刊紙「浜の風」が報じた", ["浜の風/COMPANY"]),
    ("作者の @hoshi_kuzu さんが書いた", ["@hoshi_kuzu/PERSON"]),
    ("単価@100円で売る", []),
    ("DHC-8型機が降りた", []),
    ("会社の「働き方改革」が進む", []),
    ("繊維会社「丸八ヰ織」が動いた", ["丸八ヰ織/COMPANY"]),
    ("演出はロッテ・ファン・デル・メールだ", ["ロッテ・ファン・デル・メール/PERSON"]),
    ("量刑支援システム「ミチビ」を試した", ["ミチビ/PRODUCT"]),
    ("システム「もう止められない」", []),
    ("『灯台の数式』を読んだ", ["灯台の数式/PRODUCT"]),
    ("「『もう無理だ』と述べた」", []),
    # types in front, and the name alone afterwards
    ("新興企業のHoshiLabが出た。HoshiLabは", ["HoshiLab/COMPANY", "HoshiLab/COMPANY"]),
    ("人気バンドHOSHIKAZEの新曲", ["HOSHIKAZE/ORG"]),
    # chips
    ("Nvidia H800を買う", ["Nvidia H800/CHIP/H800"]),
    ("H100とH20、GB200 NVL72", ["H100/CHIP", "H20/CHIP", "GB200 NVL72/CHIP"]),
    ("昇騰910Cを積む", ["昇騰910C/CHIP/Ascend 910C"]),
    ("MI300XとTPU v5p", ["MI300X/CHIP", "TPU v5p/CHIP"]),
    ("HBM3EとDDR5とNAND", ["HBM3E/CHIP", "DDR5/CHIP", "NAND/CHIP"]),
    ("Trainium2とGaudi 3", ["Trainium2/CHIP", "Gaudi 3/CHIP"]),
    ("64M DRAMの時代", ["64M DRAM/CHIP/DRAM"]),
    ("AMD Ryzen 8450 Series搭載", ["AMD Ryzen 8450 Series/CHIP/Ryzen 8450"]),
    ("将来のNVIDIA Z900が出る", ["NVIDIA Z900/CHIP/Z900"]),
    ("同社のQX7000チップ", ["QX7000/CHIP"]),
    ("A4用紙に印刷する", []),
    ("半導体メモリとプロセッサ", []),
    # models
    ("GPT-4oとo3-mini", ["GPT-4o/MODEL", "o3-mini/MODEL"]),
    ("GPT-7 Turboが出る", ["GPT-7 Turbo/MODEL"]),
    ("Claude 3.5 Sonnetを使う", ["Claude 3.5 Sonnet/MODEL"]),
    (
        "Gemini 2.0 FlashとGemini 5（Ultra / Flash）",
        [
            "Gemini 2.0 Flash/MODEL",
            "Gemini 5/MODEL",
            "Ultra/MODEL/Gemini 5 Ultra",
            "Flash/MODEL/Gemini 5 Flash",
        ],
    ),
    ("Llama 3.1 405Bを公開", ["Llama 3.1 405B/MODEL"]),
    ("Qwen2.5-72B-Instruct", ["Qwen2.5-72B-Instruct/MODEL"]),
    ("無名のtanuki-8b-chatも", ["tanuki-8b-chat/MODEL"]),
    ("DeepSeek-R1。R1は賢い", ["DeepSeek-R1/MODEL/DeepSeek R1", "R1/MODEL/DeepSeek R1"]),
    ("R1という道路", []),
    ("Claude 4 OpusとSonnet", ["Claude 4 Opus/MODEL", "Sonnet/MODEL/Claude 4 Sonnet"]),
    # aliases that the text introduces
    (
        "DeepSeek-V3(以下V3)は速い。V3は安い",
        ["DeepSeek-V3/MODEL", "V3/MODEL/DeepSeek-V3", "V3/MODEL/DeepSeek-V3"],
    ),
    ("深度求索（DeepSeek）は", ["深度求索/COMPANY/DeepSeek", "DeepSeek/COMPANY"]),
    (
        "青嶺急行鐵道（以下、「AKR」）。AKRは",
        ["青嶺急行鐵道/COMPANY", "AKR/COMPANY/青嶺急行鐵道", "AKR/COMPANY/青嶺急行鐵道"],
    ),
    ("人工知能（以下、AI）を使う", []),
    # people
    (
        "ダリオ・アモデイ氏。アモデイ氏は",
        ["ダリオ・アモデイ/PERSON", "アモデイ/PERSON/ダリオ・アモデイ"],
    ),
    ("佐伯直人さんが来た。佐伯さんは", ["佐伯直人/PERSON", "佐伯/PERSON/佐伯直人"]),
    ("トランプ大統領が署名した", ["トランプ/PERSON"]),
    ("金正恩総書記が視察した", ["金正恩/PERSON"]),
    ("大島健三元首相の演説", ["大島健三/PERSON"]),
    ("滝川元総務大臣が話した", ["滝川/PERSON"]),
    ("Mira Koskinen氏が書いた", ["Mira Koskinen/PERSON"]),
    ("経済学者のJ. Hartwickは書いた", ["J. Hartwick/PERSON"]),
    (
        "テレシタ・オカンポ＝リム氏は語る。オカンポ＝リム氏は",
        ["テレシタ・オカンポ＝リム/PERSON", "オカンポ＝リム/PERSON/テレシタ・オカンポ＝リム"],
    ),
    # newspapers act like firms, books do not
    (
        "『中陸新聞』はこう書く。中陸新聞の取材に",
        ["中陸新聞/COMPANY", "中陸新聞/COMPANY"],
    ),
    ("『波止場一代』によれば違う。", ["波止場一代/PRODUCT"]),
    ("結局『波止場』が一位になったと報じられた。", ["波止場/PRODUCT"]),
    ("『ニューヨーク・タイムズ』が報じた。", ["ニューヨーク・タイムズ/COMPANY/New York Times"]),
    ("マツダ3%安、ボーイング737万円", ["マツダ/COMPANY", "ボーイング/COMPANY/Boeing"]),
    (
        "『タウアモ・クロニクル』(Tauamo)紙は",
        [
            "タウアモ・クロニクル/COMPANY",
            "Tauamo/COMPANY/タウアモ・クロニクル",
        ],
    ),
    ("『信越往来』、MTNニュースなどが報じた。", ["信越往来/COMPANY", "MTNニュース/COMPANY"]),
    ("全報通信の取材に答えた。", ["全報通信/COMPANY"]),
    ("衛星通信の記者会見が開かれた。次世代通信などが話題だ。", []),
    ("『失われた町』は、人は変わらないと伝える。", ["失われた町/PRODUCT"]),
    ("・『貨物船が沈没』 — 5日", []),
    # countries that no list knows
    ("高原の国オルメガ（Olmega）で、", ["オルメガ/PLACE", "Olmega/PLACE/オルメガ"]),
    ("ヴラヌフカは人口約3万人で、", ["ヴラヌフカ/PLACE"]),
    ("水を調べるNGO「青い糸」（Plava Nit）は", ["青い糸/ORG", "Plava Nit/ORG/青い糸"]),
    ("監督の二作目「夜の検札」は", ["夜の検札/PRODUCT"]),
    ("島国のマルコヴィアで噴火した。マルコヴィアは", ["マルコヴィア/PLACE", "マルコヴィア/PLACE"]),
    ("駐テセイラ大使は、テセイラ外務省に", ["テセイラ/PLACE", "テセイラ外務省/ORG"]),
    ("オルンガ共和国の首都で", ["オルンガ共和国/PLACE"]),
    ("途上国のエネルギーが足りない。エネルギーは", []),
    ("隣国のコルヴィン外相は", ["コルヴィン/PERSON"]),
    # what every town has is no name
    ("市議会は可決した。", []),
    ("経済紙『メルカート』によると", ["メルカート/COMPANY"]),
    ("『エンタ速達』などが伝えた。", ["エンタ速達/COMPANY"]),
    (
        "『東雲新報』が報じた。東雲の取材に、",
        ["東雲新報/COMPANY", "東雲/COMPANY/東雲新報"],
    ),
    (
        "『ザ・サザン・レジスター』が報じた。レジスター紙は",
        ["ザ・サザン・レジスター/COMPANY", "レジスター/COMPANY/ザ・サザン・レジスター"],
    ),
    ("『中陸新聞』が報じた。新聞の取材に、", ["中陸新聞/COMPANY"]),
    (
        "『大原新報』が書いた。大原誠氏は語る。大原の取材に、",
        ["大原新報/COMPANY", "大原誠/PERSON", "大原/PERSON/大原誠"],
    ),
    ("女性は内国通信の取材に応じた。", ["内国通信/COMPANY"]),
    (
        "ヨハン・ベステン欧州議会議員も述べた。",
        ["ヨハン・ベステン/PERSON", "欧州議会/ORG"],
    ),
    ("隣国のテレビ局に出た。", []),
    ("青葉銀行が認めた。銀行は損失が出たと伝えた。", ["青葉銀行/COMPANY"]),
    ("東の取材に応じた。『東雲新報』が報じた。", ["東雲新報/COMPANY"]),
    (
        "不動産ファンド「リグナム・キャピタル(Lignum Capital)」が",
        ["リグナム・キャピタル/COMPANY", "Lignum Capital/COMPANY/リグナム・キャピタル"],
    ),
    (
        "弥栄野市選挙管理委員会は認めた。選管によると",
        ["弥栄野市選挙管理委員会/ORG", "選管/ORG/弥栄野市選挙管理委員会"],
    ),
    (
        "Ryzen AI 9 HX 370、Snapdragon X、Core Ultra 200V",
        ["Ryzen AI 9 HX 370/CHIP", "Snapdragon X/CHIP", "Core Ultra 200V/CHIP"],
    ),
    ("つばめ証券の試算では", ["つばめ証券/COMPANY"]),
    ("うどん食品の輸出は", []),
    ("ある証券の担当者は", []),
    ("7月に東京都内で会った。北海道内では", ["東京都/PLACE", "北海道/PLACE"]),
    ("ノルダル連邦に渡った。", ["ノルダル連邦/PLACE"]),
    ("検査装置「ミトオシ」を納めた。", ["ミトオシ/PRODUCT"]),
    ("装置の「使い勝手」がよい。", []),
    ("下訳には「むらさめ-32B」を使った。", ["むらさめ-32B/MODEL"]),
    ("ベルドソン漁業相は会見で、", ["ベルドソン/PERSON"]),
    (
        "Joris van Eeckhout氏は述べた。van Eeckhout氏らは",
        ["Joris van Eeckhout/PERSON", "van Eeckhout/PERSON/Joris van Eeckhout"],
    ),
    ("エネルギー相は会見で、", []),
    ("喪主は長男茂夫(しげお)さん。", ["茂夫/PERSON"]),
    ("茅渟(ちぬ)県の工事で", ["茅渟(ちぬ)県/PLACE/茅渟県"]),
    ("茅渟(ちぬ)町長は", []),
    ("アニメーション監督とバドミントン選手", []),
    ("同氏と専門家は語った", []),
]


@pytest.mark.parametrize(("text", "expected"), NAMES, ids=[text for text, _ in NAMES])
def test_names(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


def test_full_name_from_the_title() -> None:
    title = "佐伯直人氏が新会社"
    assert shown("佐伯氏は語った。", title) == ["佐伯/PERSON/佐伯直人"]


def test_short_model_name_from_the_title() -> None:
    assert shown("R1は安い。", "DeepSeek-R1の衝撃") == ["R1/MODEL/DeepSeek R1"]


ROLES = [
    ("ラピダスの小池淳義社長は述べた", ("小池淳義", "社長", "ラピダス")),
    ("オープンAIのサム・アルトマンCEO", ("サム・アルトマン", "CEO", "OpenAI")),
    ("みなと製作所CEOの佐伯直人氏", ("佐伯直人", "CEO", "みなと製作所")),
    ("佐伯直人・みなと製作所社長", ("佐伯直人", "社長", "みなと製作所")),
    ("藤本恵子氏（北都大学教授）", ("藤本恵子", "教授", "北都大学")),
    ("トロント大学教授の藤本恵子氏", ("藤本恵子", "教授", "トロント大学")),
    ("高市早苗首相", ("高市早苗", "首相", None)),
    ("フランスのデュランドル大統領", ("デュランドル", "大統領", "フランス")),
    ("町長は佐伯直人。", ("佐伯直人", "町長", None)),
]


@pytest.mark.parametrize(("text", "expected"), ROLES, ids=[text for text, _ in ROLES])
def test_roles(text: str, expected: tuple[str, str, str | None]) -> None:
    roles = find(text).roles
    assert [(r.person, r.role, r.organization) for r in roles] == [expected]
    assert text[slice(*roles[0].span)] == expected[1]


def test_role_at_the_same_company() -> None:
    roles = find("ラピダスが発表した。同社の村田健会長は述べた。").roles
    assert [(r.person, r.organization) for r in roles] == [("村田健", "ラピダス")]


def test_role_belongs_to_the_name_before_it() -> None:
    roles = find("習近平国家主席、李在明大統領").roles
    assert [(r.person, r.role) for r in roles] == [("習近平", "国家主席"), ("李在明", "大統領")]


PEOPLE = find(
    "ラピダスの佐伯直人社長とサム・アルトマン氏。大島健三氏と大島礼子氏。佐伯氏は述べた。"
)


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("佐伯", "佐伯直人"),
        ("佐伯氏", "佐伯直人"),
        ("佐伯社長", "佐伯直人"),
        ("直人", "佐伯直人"),
        ("佐伯直人", "佐伯直人"),
        ("アルトマンCEO", "サム・アルトマン"),
        ("サム", "サム・アルトマン"),
        ("社長", "佐伯直人"),
        ("大島氏", None),
        ("大島礼子さん", "大島礼子"),
        ("田中氏", None),
        ("", None),
    ],
)
def test_resolve_person(surface: str, name: str | None) -> None:
    assert resolve_person(PEOPLE, surface) == name


def test_aliases_leave_ambiguous_surnames_out() -> None:
    assert PEOPLE.aliases["佐伯"] == "佐伯直人"
    assert "大島" not in PEOPLE.aliases


def test_latest_before() -> None:
    text = "トヨタ自動車とホンダ。同社は"
    mentions = find(text)
    at = text.index("同社")
    found = latest_before(mentions, at, {Label.COMPANY})
    assert found is not None
    assert found.entity == "本田技研工業"
    assert latest_before(mentions, 3, {Label.COMPANY}) is None
    assert latest_before(mentions, at, {Label.PERSON}) is None


def test_user_lexicon_wins(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(
        "# ours\nエヌビディア\tORG\tN社\n"
        "ひまわり堂\tCOMPANY\tひまわり堂\nTanpopo\tMODEL\tTanpopo\n",
        encoding="utf-8",
    )
    lexicon = Lexicon.load([path])
    text = "エヌビディアとひまわり堂、Tanpopo 2 Pro"
    assert shown(text, lexicon=lexicon) == [
        "エヌビディア/ORG/N社",
        "ひまわり堂/COMPANY",
        "Tanpopo 2 Pro/MODEL",
    ]


def test_alias_table_renames(tmp_path: Path) -> None:
    path = tmp_path / "alias.tsv"
    path.write_text("NVIDIA\tエヌビディア株式会社\tCOMPANY\n", encoding="utf-8")
    lexicon = Lexicon.load(alias_files=[path])
    expected = ["エヌビディア/COMPANY/エヌビディア株式会社"]
    assert shown("エヌビディアは", lexicon=lexicon) == expected


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("名前だけ\n", "own.tsv:1: expected surface, label, canonical"),
        ("a\tPERSN\ta\n", "own.tsv:1: unknown label 'PERSN'"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        Lexicon.load([path])


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.tsv"):
        Lexicon.load([tmp_path / "none.tsv"])


PIECES = [
    *["米中", "氏", "（", "）", "「", "Claude 3", "H100", "・", "ア", "山田", "社長", "\r\n", "\0"],
    *["か\u3099", "\U00020bb7", "ＡＢ", "①", "㍿", " ", "以下", "AKR", "大学", "İ", "。"],
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_spans_are_sorted_apart_and_inside(text: str) -> None:
    mentions = find(text)
    end = 0
    for entity in mentions.entities:
        assert end <= entity.span[0] < entity.span[1] <= len(text)
        assert entity.entity
        end = entity.span[1]
    for role in mentions.roles:
        assert 0 <= role.span[0] < role.span[1] <= len(text)


@pytest.mark.parametrize(
    "unit", ["・ア", "山田", "A社の", "GPT-", "a-", "社長", "Claude ", "（以下", "GPUのA1"]
)
def test_time_grows_with_the_length(unit: str) -> None:
    short, long = (NLP.tokenizer((unit * size)[:size]) for size in (1_000, 12_000))
    once = seconds(lambda: predict(short, lexicon=LEXICON))
    assert seconds(lambda: predict(long, lexicon=LEXICON)) < 12 * 4 * max(once, 0.005)
