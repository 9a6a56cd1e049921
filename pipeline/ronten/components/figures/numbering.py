"""Counters that number a thing where they stand instead of counting: page 45, act 2, volume 70."""

from __future__ import annotations

import re

_ALL = re.compile(r"(?:全|計|各|約|ほぼ|およそ|さらに|残り|既刊|最新|上下|わずか|たった|もう)[ ]?$")
_PAGE = re.compile(
    r"の(?:図|表|写真|グラフ|注|下段|上段|中段|記述|記載|一節|末尾|冒頭)|を(?:開|参照|見よ|めく|繰)"
    r"|に(?:[はも](?![及渡上達わの])|ある|載|出て|出る|掲|書|描|こう|記|引用)|参照|以下参照|目|[0-9]+行|[)）]?参照|[あ当]たりで"
)
_VOLUME = re.compile(r"[0-9一二三四五六七八九十]{1,4}号")
_WORK = re.compile(
    r"構成|もの|物|仕立て|から(?:な|成)|に(?:分|わた|及)|完結|連続|入り|収録|[製制]作|[あ当]たり|分|ずつ|以上|ある|の(?:長編|大作|芝居|構成|うち)"
    r"|[0-9一二三四五六七八九十]{1,3}場"
)
_ACT = re.compile(r"[0-9一二三四五六七八九十]{1,3}幕$")
_GAME_HALF = re.compile(r"[表裏](?![現情示明面])|戦|忌|生(?!産)|途")
_PREFECTURE = re.compile(
    r"(?:北海道|青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|東京|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重"
    r"|滋賀|京都|大阪|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)[都府県]?$"
)
_AIRLINE = re.compile(r"(?:航空|エアウェイズ|エアラインズ?|エアー?|(?<![A-Z])[A-Z]{2,3})[ ]?$")
# Words that begin with a counter: the number stands before a word of its own (5類移行, 6対応).
_WORD = {
    "対": re.compile(r"[応策処象立話抗外内中米日韓比面戦局談校露欧]"),
    "本": re.compile(r"[線体件人質格]"),
    "組": re.compile(r"[閣曲]"),
    "行": re.compile(r"[政動為事員]"),
    "点": re.compile(r"[滅検灯火]"),
    "発": re.compile(r"[表展達見言信売]"),
    "戦": re.compile(r"[略争線場車闘後前士]"),
    "部": re.compile(
        r"[長下員活作]|リーグ|上場|市場|昇格|降格|残留|練習|に(?:[上昇降落]|復帰|転落|残留)|の(?:クラブ|チーム|首位|優勝)"
    ),
    "品": re.compile(r"[質格薄]"),
    "選": re.compile(r"を(?:目指|めざ|果た|狙|阻)|出馬|禁止|に(?:向|挑)"),
    "県": re.compile(r"[民道立議庁営](?!会)"),
    "市": re.compile(r"[民場街況立販](?!会)"),
    "町": re.compile(r"[民立内](?!会)"),
    "村": re.compile(r"[民立](?!会)"),
    "区": re.compile(r"[民立](?!会)"),
    "編": re.compile(r"[集入曲]"),
    "通": re.compile(r"[信常過行貨知学勤称用訳]"),
    "合": re.compile(r"[格計併意同わっ体議致板目]"),
    "石": re.compile(r"[油炭材像]"),
    "首": re.compile(r"[位都長席筋]"),
    "床": re.compile(r"[下上面]"),
    "里": re.compile(r"[親山帰道芋]"),
    "群": re.compile(r"[馬衆雄像]"),
    "灯": re.compile(r"[油台籠]"),
    "作": re.compile(r"[業戦成物]"),
}


def numbering(view: str, pos: int, number_end: int, end: int) -> bool:
    """Tell whether the counter between `number_end` and `end` only numbers or names a thing."""
    counter = view[number_end:end].strip()
    if counter in ("ページ", "頁"):
        return _page(view, pos, end)
    if counter == "巻":
        return _VOLUME.match(view, end) is not None
    if counter in ("幕", "話", "章", "場"):
        before = view[max(0, pos - 4) : pos]
        return not (_ALL.search(before) or _ACT.search(before) or _WORK.match(view, end))
    if counter == "回":
        return _GAME_HALF.match(view, end) is not None
    if counter == "組" and view[pos - 1 : pos] == "年":  # 1年1組
        return True
    if counter == "便" and _AIRLINE.search(view[max(0, pos - 8) : pos]):  # 北洋航空417便
        return True
    if counter == "区" and _PREFECTURE.search(view[max(0, pos - 5) : pos]):  # 埼玉9区
        return True
    word = _WORD.get(counter)
    return word is not None and word.match(view, end) is not None


def _page(view: str, pos: int, end: int) -> bool:
    before = view[max(0, pos - 3) : pos]
    if _ALL.search(before):
        return False
    return before.endswith(("号", "号(")) or _PAGE.match(view, end) is not None
