"""Companies, bodies, places, laws and works by the form of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ronten.components.mentions.lexicon import Lexicon
from ronten.components.mentions.people import ROLE
from ronten.components.mentions.view import (
    PROPER,
    Candidate,
    View,
    is_kanji,
    is_katakana,
    is_latin,
)
from ronten.types import Label

SUFFIXES = {
    Label.COMPANY: """銀行 信用金庫 証券 證券 生命保険 火災保険 新聞 新聞社 通信社 放送 テレビ ラジオ 電力 ガス 製作所 工業 重工
        重工業 製薬 薬品 自動車 電鉄 鉄道 鐵道 航空 汽船 海運 運輸 建設 化学 電機 電気 電子 精機 製鉄 製鋼 鉄鋼 物産 商事 商会 商店 不動産
        ホールディングス HD グループ コーポレーション カンパニー ジャパン 出版 出版社 書店 書房 書院 社 印刷 製紙 食品 酒造 醸造 紡績 繊維 百貨店
        エンタテインメント エンターテインメント エンタテイメント エンターテイメント プロダクション レコード ミュージック ピクチャーズ スタジオ
        テクノロジー テクノロジーズ システムズ ソリューションズ ファイナンシャル キャピタル セミコンダクター エレクトロニクス
        モーターズ インダストリーズ エアラインズ コンサルティング パートナーズ ゲームス タイムズ タイムス 総合研究所 総研""",
    Label.ORG: """大学 大学院 大 学院 学園 高校 高等学校 高等専門学校 中学校 小学校 学校 省 庁 府庁 県庁 市役所 委員会 協会 学会 研究所
        機構 連盟 連合 連合会 同盟 協議会 審議会 分科会 調査会 評議会 理事会 財団 裁判所 地裁 高裁 家裁 地検 高検 病院 医院 クリニック
        警察 県警 府警 警察署 消防署 議会 市議会 県議会 労組 労働組合 組合 軍 党 派 センター 教会 教団 司令部 師団 旅団
        連隊 艦隊 騎士団 楽団 交響楽団 劇団 図書館 機関 当局 陸軍 海軍 空軍 解放軍 商工会議所 総局 局 本部 会議 同友会 クラブ スクール アカデミー
        ユナイテッド インスティテュート 合唱団 球団 部隊 事務所 ユニバーシティ オーケストラ""",
    Label.PLACE: """市 区 町 村 県 府 都 州 郡 島 諸島 半島 山 岳 川 湖 湾 海 海峡 駅 空港 港 城 寺 神社 大社 宮 公園 地方
        地区 山脈 盆地 平野 渓谷 峠 岬 高原 砂漠 通り 橋 ダム タワー ビル ホール ドーム スタジアム 球場 競技場 美術館 博物館
        動物園 水族館 劇場 工場 省 道 自治区 自治州 帝国 王国 共和国 公国 連邦 藩 運河 大聖堂 宮殿 刑務所 発電所 原発 基地""",
    Label.POLICY: "法 法案 条約 協定 議定書 規則 条例 憲章 憲法 プロジェクト プラン 計画 綱領 基本計画 戦略 政策 宣言 特措法 アクト",
    Label.PRODUCT: "線 本線 新幹線 鉄道線",
}
LABEL_OF = {s: label for label, row in reversed(SUFFIXES.items()) for s in row.split()}
KATAKANA_SUFFIXES = sorted((s for s in LABEL_OF if all(map(is_katakana, s))), key=len, reverse=True)
LEGAL_FORM = ("株式会社", "有限会社", "合同会社", "合資会社", "合名会社")
BODY_FORM = ("学校法人", "財団法人", "社団法人", "一般社団法人", "公益財団法人", "独立行政法人", "国立大学法人", "宗教法人")
LEGAL_LATIN = re.compile(r"(?:,? (?:Inc|Corp|Corporation|LLC|Ltd|Co|GmbH|AG|S\.A|plc|PLC|KG)\b\.?){1,3}", re.ASCII)
INCORPORATED = re.compile(
    r"(?<![A-Za-z0-9&.'-])[A-Z][\w&.'-]{0,24}(?: [A-Z&][\w&.'-]{0,24}){0,4}?" + LEGAL_LATIN.pattern,
    re.ASCII,
)
GENERIC = set(
    "各 同 当 両 本 他 全 某 新 旧 前 元 現 計 約 諸 国立 公立 私立 県立 市立 都立 地方 民間 大手 主要 有力 中央 地元 関連 関係 外国 海外 "
    "国内 国際 共同 政府 与党 野党 保守 革新 右 左 反対 賛成 独立 特別 総合 専門 一般 今回 以下 上記 下記 前記 最大 世界 世界的 "
    "法人 財団法人 社団法人 公益財団法人 公益社団法人 一般社団法人 一般財団法人 学校法人 独立行政法人 国立大学法人 株式会社 有限会社 合同会社 "
    "これ それ あれ この その どの 何 自分 会社 企業 社会 国家 国 市 県 都 府 町 村 区 党 省 庁 我々 貴 弊 御 株式 有限".split()
)
WEAK = set("グループ センター 本部 局 会議 計画 プロジェクト 事務所 当局 機関 組合 チーム 部隊 クラブ 派 政策 戦略".split())
STRONG = set("大学 製作所 銀行 新聞 新聞社 製薬 電機 重工 工業 鉄道 鐵道 証券 電力 放送 テレビ 学園 研究所 精機 化学 物産 商事 建設 不動産 航空 食品 自動車 総研".split())
ORDINARY = re.compile(
    r"国立|公立|私立|州立|市立|県立|女子|短期|医科|総合|地方|都市|中央|投資|民間|大手|中堅|有名|海外|国内|名門|一流|出身|各|全国|商業|信託|学級|機関|外国|"
    r"政府系|公共|専門|軽|中古|電気|乗用|燃料電池|衛星|生|再|地上|民放|国営|国際|研究|重|軽|工業|観光|加工|冷凍|健康|有機|新|旧|同|当|本|他|別|次世代"
)
DEFINITION = re.compile(r"[(](?:以下|略称|通称)")
# Bodies and laws without a proper name in them: 政治改革特別委員会, 著作権分科会, 公文書管理法.
FORMAL = re.compile(
    r"[一-鿿・]{2,}(?:特別委員会|審議会|分科会|小委員会|調査会|諮問会議)"
    r"|[一-鿿]{2,}(?:規正|基本|推進|保護|規制|取引|管理|処罰|促進|特別措置|労働|対策|支援|防止|適正化|改正|振興|整備|保障|制限|確保|救済|再生|更生|"
    r"商標|保険|年金|税|登記|選挙|訴訟|秘密|自衛隊|教育|福祉|介護|廃棄物|建築|計画|道路|鉄道|事業|通信|放送|銀行|信託|自治|公務員|国籍|戸籍|難民|競争|活用|調停)法"
)
REGION = re.compile(r"(?P<area>東京都|北海道|京都府|大阪府|[一-鿿]{2,3}[県省])(?P<rest>.{2,})")
KATAKANA_PLACE = re.compile(
    r"(?<![ァ-ヺー・])[ァ-ヺー・]*[ァ-ヺー]{2}(?:州|市(?![場民長])|県|郡|島|諸島|半島|山脈|川|湖|湾|海峡|地方|空港|宮殿|大聖堂|駅|帝国|王国|共和国|公国)"
)
COMPANY_SHA = re.compile(r"社(?![会員長説内外屋交運債宅葬用史風是製紙歴主名])")
WORK = re.compile(r"『(?P<title>[^『』「」。\n]{1,40})』")
QUOTATIVE = re.compile(r"と(?!は|の|いう|いった|題|や|、)|という(?:意見|声|主張|批判|指摘|考え)")
TEAM = re.compile(r"代表(?![取理幹者的例権部])|・[ァ-ヺー]+[ズツス](?![ァ-ヺー])")
PLACE_TAG = f"{PROPER}-地名"


def forms(view: View, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield names that their last word gives away (…大学, …省, …製作所, …法, …市)."""
    tokens = view.tokens
    for i, token in enumerate(tokens):
        if not token.tag.startswith(("名詞-", "接尾辞-名詞的")):
            continue
        label, suffix = _suffix(token.text)
        if label is None:
            if token.tag.startswith(PLACE_TAG) and view.borders(token.start, token.end):
                yield from _place(view, i)
            continue
        longer = view.noun(i + 1) and tokens[i + 1].start == token.end
        if longer and _suffix(tokens[i + 1].text)[0] and tokens[i + 1].text not in WEAK:
            continue
        whole = len(token.text) > len(suffix)
        if whole and not token.tag.startswith(PROPER) and label is not Label.POLICY:
            continue
        if (label is Label.PLACE or suffix == "省") and token.tag.startswith(PLACE_TAG):
            yield from _place(view, i)
            continue
        first = _head(view, i, label)
        name = view.text[tokens[first].start : token.end]
        if first == i and not (whole and _proper_whole(token.text, suffix, token.tag)):
            continue
        if len(name) < 3 or not (_distinctive(view, first, i, suffix) or _formal(name, suffix) or _supported(view, first, i, suffix)):
            continue
        if suffix in WEAK and lexicon.get(name.removesuffix(suffix)):
            continue
        if label is Label.COMPANY and suffix == "社":
            if not COMPANY_SHA.match(view.plain, token.end - 1):
                continue
            if first < i and (name[-2:] != "聞社" and not name.endswith("通信社")):
                known = lexicon.get(name[:-1])
                canonical = known.canonical if known else name[:-1]
                kind = known.label if known else Label.COMPANY
                if all(is_kanji(c) for c in name):
                    yield Candidate(tokens[first].start, token.end, Label.COMPANY, name, 1)
                elif kind is Label.COMPANY:
                    yield Candidate(tokens[first].start, token.start, kind, canonical, 2)
                continue
        if suffix == "省" and tokens[max(first, i - 1)].tag.startswith(PLACE_TAG):
            label = Label.PLACE
        yield Candidate(tokens[first].start, token.end, label, name, 1)


def teams(view: View, known: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield teams named by a place: 日本代表, ロサンゼルス・レイカーズ."""
    places = [c for c in known if c.label == Label.PLACE]
    starts = {c.start for c in places}
    for place in places:
        if (match := TEAM.match(view.plain, place.end)) and place.end + 1 not in starts:
            name = view.text[place.start : match.end()]
            yield Candidate(place.start, match.end(), Label.ORG, name, 2)


def legal_forms(view: View) -> Iterator[Candidate]:
    """Yield 株式会社X, X株式会社 and X Inc.; the legal form belongs to the span, not to the name."""
    tokens = view.tokens
    for i, token in enumerate(tokens):
        if token.text in LEGAL_FORM or token.text in BODY_FORM:
            label = Label.COMPANY if token.text in LEGAL_FORM else Label.ORG
            last = i
            while last + 1 < len(tokens) and last - i < 8 and _name_part(view, last + 1, last):
                last += 1
            first = i
            while first > 0 and i - first < 8 and _name_part(view, first - 1, first, left=True):
                first -= 1
            if last > i and not (first < i and last == i):
                name = view.text[token.end : tokens[last].end].strip()
                start = token.start if label is Label.COMPANY else tokens[i + 1].start
                yield Candidate(start, tokens[last].end, label, name, 2)
            elif first < i:
                name = view.text[tokens[first].start : token.start].strip()
                yield Candidate(tokens[first].start, token.end, label, name, 2)
    for match in INCORPORATED.finditer(view.plain):
        name = LEGAL_LATIN.sub("", match[0])
        end = match.end() - (match[0].endswith(".") and view.plain[match.end() : match.end() + 1] == "")
        yield Candidate(match.start(), end, Label.COMPANY, name, 2)


def works(view: View) -> Iterator[Candidate]:
    """Yield titles of works in 『』 that are not quoted speech."""
    text = view.plain
    for match in WORK.finditer(text):
        title = match["title"]
        if QUOTATIVE.match(text, match.end()) or _inside_quote(text, match.start()):
            continue
        if title.endswith(("た", "だ", "です", "ます", "ない", "る", "よ", "?", "!")) and len(title) > 12:
            continue
        yield Candidate(*match.span("title"), Label.PRODUCT, view.text[slice(*match.span("title"))], 3)


def _inside_quote(text: str, at: int) -> bool:
    near = text[max(0, at - 200) : at]
    return near.rfind("「") > near.rfind("」")


def _suffix(text: str) -> tuple[Label | None, str]:
    for size in (5, 4, 3, 2, 1):
        tail = text[-size:]
        if len(tail) == size and tail in LABEL_OF:
            return LABEL_OF[tail], tail
    if is_katakana(text[-1]):
        for suffix in KATAKANA_SUFFIXES:
            if text == suffix:
                return LABEL_OF[suffix], suffix
    return None, ""


def _supported(view: View, first: int, last: int, suffix: str) -> bool:
    """A name of common words (みなと製作所) where a role, a person or a definition follows."""
    head = view.tokens[first]
    if suffix not in STRONG or first == last or ORDINARY.fullmatch(head.text):
        return False
    end = view.tokens[last].end
    if ROLE.match(view.plain, end) or DEFINITION.match(view.plain, end):
        return True
    after = view.tokens[last + 2] if last + 2 < len(view.tokens) else None
    of = view.plain[end : end + 1] in ("の", "・")
    return bool(after and of and after.tag.startswith(f"{PROPER}-人名"))


def _formal(name: str, suffix: str) -> bool:
    return suffix in ("委員会", "審議会", "分科会", "調査会", "会議", "法") and bool(FORMAL.fullmatch(name))


def foreign_places(view: View) -> Iterator[Candidate]:
    """Yield katakana names with a word of geography: ドニプロペトロフスク州."""
    for match in KATAKANA_PLACE.finditer(view.plain):
        if match.start() in view.by_start and not match[0].startswith("・"):
            yield Candidate(*match.span(), Label.PLACE, view.text[slice(*match.span())], 1)


def _proper_whole(text: str, suffix: str, tag: str) -> bool:
    return tag.startswith(PROPER) and not tag.startswith(f"{PROPER}-人名") and text != suffix


def _head(view: View, last: int, label: Label) -> int:
    """Walk left over the words that belong to the name."""
    tokens = view.tokens
    first = last
    limit = 4 if label is Label.PLACE else 8
    while first > 0 and last - first < limit:
        before, here = tokens[first - 1], tokens[first]
        if before.end != here.start or before.text in GENERIC:
            break
        if before.text in "・&＆" and first > 1 and tokens[first - 2].end == before.start:
            pair = tokens[first - 2].text[-1], here.text[0]
            if all(is_katakana(c) or is_latin(c) for c in pair):
                first -= 2
                continue
            break
        if not before.tag.startswith(("名詞-", "接頭辞")) or before.tag.startswith("名詞-数詞"):
            break
        counter = before.tag.startswith("名詞-普通名詞-助数詞可能") and first > 1
        if counter and tokens[first - 2].tag.startswith("名詞-数詞"):
            break
        if before.tag.startswith(f"{PROPER}-人名-名") and (
            label is Label.PLACE or tokens[last].text in WEAK
        ):
            break
        if label is Label.PLACE and before.tag.startswith(PLACE_TAG):
            break
        if before.tag.startswith("名詞-普通名詞-副詞可能") or _suffix(before.text)[0] is Label.PLACE and (
            label is Label.PLACE or before.tag.startswith(PLACE_TAG) and len(before.text) > 2
            and first < last
        ):
            break
        first -= 1
    return first


def _distinctive(view: View, first: int, last: int, suffix: str) -> bool:
    """Tell whether the words before the suffix contain a proper or foreign name."""
    for i in range(first, last + 1):
        token = view.tokens[i]
        stem = token.text.removesuffix(suffix) if i == last else token.text
        if not stem or stem in GENERIC:
            continue
        if token.tag.startswith(PROPER) and i < last:
            return True
        if i == last and _proper_whole(token.text, suffix, token.tag):
            return True
    return False


def _name_part(view: View, index: int, beside: int, left: bool = False) -> bool:
    token, other = view.tokens[index], view.tokens[beside]
    gap = view.text[token.end : other.start] if left else view.text[other.end : token.start]
    if gap not in ("", " ", "\u3000") or token.text in GENERIC or ROLE.match(view.plain, token.start):
        return False
    if token.text in "・&＆-.!":
        return True
    return token.tag.startswith(("名詞-固有名詞", "名詞-普通名詞-一般", "名詞-普通名詞-サ変", "名詞-普通名詞-形状", "名詞-普通名詞-助数", "名詞-数詞")) and not (
        token.tag.startswith("名詞-普通名詞") and token.text in ("社長", "会長", "代表", "取締役", "以下", "本社", "子会社", "社員", "現", "旧")
    )


def _place(view: View, index: int) -> Iterator[Candidate]:
    token = view.tokens[index]
    after = view.plain[token.end : token.end + 1]
    if after in ("人", "語") and view.plain[token.end : token.end + 2] not in ("人口", "人民", "人権"):
        return
    if len(token.text) < 2 and not token.tag.endswith("国"):
        return
    if parts := REGION.fullmatch(token.text):
        middle = token.start + parts.end("area")
        yield Candidate(token.start, middle, Label.PLACE, parts["area"], 2)
        yield Candidate(middle, token.end, Label.PLACE, parts["rest"], 2)
        return
    if index + 1 < len(view.tokens):
        following = view.tokens[index + 1]
        if following.start == token.end and following.text in ("さん", "氏", "君", "ちゃん"):
            return
    yield Candidate(token.start, token.end, Label.PLACE, token.text, 1)
