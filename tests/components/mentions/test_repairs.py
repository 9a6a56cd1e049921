"""Tagged names get the ends that belong to them, and the label of the word in front."""

import pytest

from ronten.components.language import base
from ronten.components.mentions.discourse import Span
from ronten.components.mentions.repairs import repaired
from ronten.components.mentions.view import View


@pytest.fixture(scope="module")
def nlp():
    return base()


@pytest.mark.parametrize(
    ("text", "tagged", "expected"),
    [
        ("桐ケ谷雄三・副大臣は", ["桐ケ谷雄/PERSON"], ["桐ケ谷雄三/PERSON"]),
        ("葛城ひなのさんが", ["葛城ひな/PERSON"], ["葛城ひなの/PERSON"]),
        ("雪平ともさんは", ["雪平/PERSON"], ["雪平とも/PERSON"]),
        ("雪平悠人社長は", ["雪平悠/PERSON"], ["雪平悠人/PERSON"]),
        ("雪平英一元会長は", ["雪平英/PERSON"], ["雪平英一/PERSON"]),
        ("雪平ひさの議員は", ["雪平ひさ/PERSON"], ["雪平ひさの/PERSON"]),
        ("雪平ひさら選手は", ["雪平ひさ/PERSON"], ["雪平ひさ/PERSON"]),
        ("茂呂崎通商担当相は", ["茂呂崎通商/COMPANY"], ["茂呂崎/PERSON"]),
        ("おしげ婆さんは", ["おしげ婆/PERSON"], ["おしげ/PERSON"]),
        ("鳴海らんさんが", ["鳴海/PERSON"], ["鳴海らん/PERSON"]),
        ("紺野とよ子氏が", ["紺野/PERSON", "よ子/PERSON"], ["紺野とよ子/PERSON"]),
        ("竜崎もとみ書記長は", ["竜崎/PERSON", "とみ/PERSON"], ["竜崎もとみ/PERSON"]),
        ("田代とあや子が", ["田代/PERSON", "あや子/PERSON"], ["田代/PERSON", "あや子/PERSON"]),
        ("田代の三さんは", ["田代/PERSON"], ["田代/PERSON"]),
        ("田代みのり政策調査会長が", ["田代みのり政策調査会/ORG"], ["田代みのり/PERSON"]),
        ("港湾政策調査会長が", ["港湾政策調査会/ORG"], ["港湾政策調査会/ORG"]),
        ("南のサン・イシドロ島で", ["イシドロ島/PLACE"], ["サン・イシドロ島/PLACE"]),
        ("WTB立石晃太が", ["WTB立石晃太/PERSON"], ["立石晃太/PERSON"]),
        ("Veera Lindström氏", ["Veera /PERSON", "Lindstr/PERSON"], ["Veera Lindström/PERSON"]),
        ("Veldhoen & Partnersが", ["Veldhoen/COMPANY"], ["Veldhoen & Partners/COMPANY"]),
        ("長月市北台の牧場", ["長月市北台/PLACE"], ["長月市/PLACE", "北台/PLACE"]),
        (
            "大阪府凪原市河井町で",
            ["大阪府凪原市河井町/PLACE"],
            ["大阪府/PLACE", "凪原市/PLACE", "河井町/PLACE"],
        ),
        ("凪原市民会館で", ["凪原市民会館/PLACE"], ["凪原市民会館/PLACE"]),
        ("旧早瀬原駅の跡に", ["旧早瀬原駅/PLACE"], ["早瀬原駅/PLACE"]),
        ("旧道の町で", ["旧道/PLACE"], ["旧道/PLACE"]),
        ("JR早瀬駅の北東で", ["JR早瀬駅/PLACE"], ["早瀬駅/PLACE"]),
        ("早瀬駅前の乗り場で", ["早瀬駅前/PLACE"], ["早瀬駅/PLACE"]),
        ("早瀬駅東口に", ["早瀬駅東/PLACE"], ["早瀬駅/PLACE"]),
        ("南アルデールでは", ["アルデール/PLACE"], ["南アルデール/PLACE"]),
        ("凪原東アルデールでは", ["アルデール/PLACE"], ["アルデール/PLACE"]),
        ("鷺ノ瀬町の会館で", ["鷺ノ瀬町/PERSON"], ["鷺ノ瀬町/PLACE"]),
        ("戸祭憲町長は", ["戸祭憲町/PERSON"], ["戸祭憲町/PERSON"]),
        ("鷺ノ瀬町の会館で隣の町の人と", ["鷺ノ瀬町/PERSON"], ["鷺ノ瀬町/PLACE"]),
        ("下流の杉ノ俣村は隣の村と", ["杉ノ俣村/PERSON"], ["杉ノ俣村/PLACE"]),
        ("島崎藤村は小説を書いた", ["島崎藤村/PERSON"], ["島崎藤村/PERSON"]),
        ("早瀬川の流域の町では", ["早瀬川/PERSON"], ["早瀬川/PLACE"]),
        ("挑戦者は早瀬川を下し", ["早瀬川/PERSON"], ["早瀬川/PERSON"]),
        ("早瀬川の上流階級への", ["早瀬川/PERSON"], ["早瀬川/PERSON"]),
        ("社会学者デルブリエの説", ["デルブリエ/COMPANY"], ["デルブリエ/PERSON"]),
        ("発案者のアマ・デルセは", ["アマ・デルセ/COMPANY"], ["アマ・デルセ/PERSON"]),
        ("選手のJリーグ復帰が", ["Jリーグ/ORG"], ["Jリーグ/ORG"]),
        ("監督のディズニーへの移籍", ["ディズニー/COMPANY"], ["ディズニー/COMPANY"]),
        ("日本人記者ロイター通信", ["ロイター通信/COMPANY"], ["ロイター通信/COMPANY"]),
        ("文学者の米倉山敦である", ["倉山敦/PERSON"], ["米倉山敦/PERSON"]),
        ("欧米倉山敦である", ["倉山敦/PERSON"], ["倉山敦/PERSON"]),
        ("代表の米田中氏は", ["田中/PERSON"], ["田中/PERSON"]),
        ("所属事務所のオフィス鳴海が", ["オフィス鳴海/PERSON"], ["オフィス鳴海/COMPANY"]),
        (
            "市民団体のケイコ・タナカが語る。ケイコ・タナカさんは",
            ["ケイコ・タナカ/PERSON"],
            ["ケイコ・タナカ/PERSON"],
        ),
        ("新興企業のセナ・バイオが", ["セナ・バイオ/PERSON"], ["セナ・バイオ/COMPANY"]),
        ("市民団体の佐々木マリが", ["佐々木マリ/PERSON"], ["佐々木マリ/PERSON"]),
        ("公共放送のRTLVが", ["RTLV/PERSON"], ["RTLV/COMPANY"]),
        ("所属事務所のマリ鳴海さんが", ["マリ鳴海/PERSON"], ["マリ鳴海/PERSON"]),
        ("首都サン・エリアスで", ["サン・エリアス/PERSON"], ["サン・エリアス/PLACE"]),
        ("NVIDIA3社が", ["NVIDIA/COMPANY"], ["NVIDIA/COMPANY"]),
        ("田中の様子を見た", ["田中/PERSON"], ["田中/PERSON"]),
        ("田中から様々な声が", ["田中/PERSON"], ["田中/PERSON"]),
        ("健太とさくらさんが", ["健太/PERSON", "さくら/PERSON"], ["健太/PERSON", "さくら/PERSON"]),
        ("札幌市街地で", ["札幌市街地/PLACE"], ["札幌市街地/PLACE"]),
        ("比較サイトのカリカエが", ["カリカエ/COMPANY"], ["カリカエ/COMPANY"]),
        # Readings, offices and employers.
        ("新馬酔木(あせび)正之館長", ["正之/PERSON"], ["新馬酔木(あせび)正之/PERSON"]),
        ("冷水(しみず)拓・執行役員", ["拓・/PERSON"], ["冷水(しみず)拓/PERSON"]),
        ("国営ロアタ放送が伝えた", ["国営ロアタ放送/COMPANY"], ["ロアタ放送/COMPANY"]),
        (
            "瀬越鉄道は認めた。瀬越鉄道広報部は",
            ["瀬越鉄道/COMPANY", "瀬越鉄道広報部/ORG"],
            ["瀬越鉄道/COMPANY", "瀬越鉄道/COMPANY"],
        ),
        ("所属事務所であるオフィス鳴海は", ["オフィス鳴海/PERSON"], ["オフィス鳴海/COMPANY"]),
        ("首都大学の教授", ["首都大学/ORG"], ["首都大学/ORG"]),
        ("部長の直江津川は元整備兵で", ["直江津川/PLACE"], ["直江津川/PERSON"]),
        ("部長の直江津川出張", ["直江津川/PLACE"], ["直江津川/PLACE"]),
        (
            "伊佐敷ゆき江(アートプレス宝文代表取締役)は",
            ["伊佐敷ゆき江/PERSON", "アートプレス宝文/PERSON"],
            ["伊佐敷ゆき江/PERSON", "アートプレス宝文/COMPANY"],
        ),
        ("アオバ自動車(佐藤恒治社長)は", ["佐藤恒治/PERSON"], ["佐藤恒治/PERSON"]),
        ("岡田監督の阪神は", ["阪神/PLACE"], ["阪神/PLACE"]),
        ("昨日(きのう)田中さんに", ["田中/PERSON"], ["田中/PERSON"]),
        ("県南建設業協会(遠山傑会長)は", ["遠山傑/PERSON"], ["遠山傑/PERSON"]),
    ],
)
def test_repaired(nlp, text, tagged, expected):
    spans = []
    for row in tagged:
        name, _, label = row.rpartition("/")
        start = text.index(name, spans[-1].end if spans else 0)
        spans.append(Span(start, start + len(name), label))
    found = repaired(View(nlp.make_doc(text)), spans)
    assert [f"{text[span.start : span.end]}/{span.label}" for span in found] == expected
