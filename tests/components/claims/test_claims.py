"""Claims of invented sentences, one table per rule family.

A row is a text and its claims as `attribution holder | source | cue | content`, with `*` for an
unspecified holder, `-` for none and ` … ` between fragments.
"""

from __future__ import annotations

import pytest
from spacy.language import Language

from ronten.components.claims.given import resolve_holders
from ronten.components.claims.models import load_holders
from ronten.extraction import annotate
from ronten.types import Annotation, Article, Attribution, Kind, Metadata

Row = tuple[str, list[str]]

DIRECT: list[Row] = [
    (
        "田代健一社長は「需要は堅調だ。値上げは避けられない」と述べた。",
        [
            "direct 田代健一 | 田代健一社長 | 述べ | 需要は堅調だ",
            "direct 田代健一 | 田代健一社長 | 述べ | 値上げは避けられない",
        ],
    ),
    (
        "田代健一氏は12日の会見で「増産は間に合う」「価格も下がる」と強調。",
        [
            "direct 田代健一 | 田代健一氏 | 強調 | 増産は間に合う",
            "direct 田代健一 | 田代健一氏 | 強調 | 価格も下がる",
        ],
    ),
    (
        "田代健一氏は会議のたびに、金属なら高くなるだけだ、と繰り返した。",
        ["indirect 田代健一 | 田代健一氏 | 繰り返し | 金属なら高くなるだけだ"],
    ),
    (
        "新聞社は「増税は避けられない」と題する社説を掲載した。",
        ["authorial  | - | - | 新聞社は「増税は避けられない」と題する社説を掲載した"],
    ),
    (
        "田代健一氏は「『値上げは悪だ』と題する本が売れている」と述べた。",
        ["direct 田代健一 | 田代健一氏 | 述べ | 『値上げは悪だ』と題する本が売れている"],
    ),
    (
        "金庫の廃止を提案する人はいない。",
        ["authorial  | - | - | 金庫の廃止を提案する人はいない"],
    ),
    (
        "田代健一社長は、許可を得たと説明しているが記録はない。",
        [
            "indirect 田代健一 | 田代健一社長 | 説明 | 許可を得た",
            "authorial  | - | - | 記録はない",
        ],
    ),
    (
        "「工期は守る」と田代健一氏は約束した。",
        ["direct 田代健一 | 田代健一氏 | 約束 | 工期は守る"],
    ),
    (
        "田代健一氏は、「工期は守る」。",
        ["direct 田代健一 | 田代健一氏 | - | 工期は守る"],
    ),
    (
        "田代健一氏は「工期は守る」とうそぶいてみせた。",
        ["direct 田代健一 | 田代健一氏 | うそぶい | 工期は守る"],
    ),
    (
        "田代健一氏は「工期は守る」と述べ、「費用も増やさない」",
        [
            "direct 田代健一 | 田代健一氏 | 述べ | 工期は守る",
            "direct 田代健一 | 田代健一氏 | - | 費用も増やさない",
        ],
    ),
    (
        "田代健一氏は次のように述べた。\n「工期は守る。費用も増やさない。」",
        [
            "direct 田代健一 | 田代健一氏 | 述べ | 工期は守る",
            "direct 田代健一 | 田代健一氏 | 述べ | 費用も増やさない",
        ],
    ),
    (
        "水野葵氏が現場を訪れた。「工期は守る。費用も増やさない」。田代健一氏はこう断言した。",
        [
            "authorial  | - | - | 水野葵氏が現場を訪れた",
            "direct 田代健一 | 田代健一氏 | 断言 | 工期は守る",
            "direct 田代健一 | 田代健一氏 | 断言 | 費用も増やさない",
        ],
    ),
    (
        "「工期は守る」と語る田代健一氏は、予算の追加を求めない方針を示した。",
        [
            "direct 田代健一 | 田代健一氏 | 語る | 工期は守る",
            "indirect 田代健一 | 田代健一氏 | 示し | 予算の追加を求めない",
        ],
    ),
]

INDIRECT: list[Row] = [
    (
        "田代健一氏は、需要は堅調だとし、値上げは避けられないと述べた。",
        [
            "indirect 田代健一 | 田代健一氏 | とし | 需要は堅調だ",
            "indirect 田代健一 | 田代健一氏 | 述べ | 値上げは避けられない",
        ],
    ),
    (
        "田代健一氏は12日の会見で、増産は間に合うとの見方を示した。",
        ["indirect 田代健一 | 田代健一氏 | 示し | 増産は間に合う"],
    ),
    (
        "田代健一氏は、設備の老朽化が進んでいることを明らかにした。",
        ["indirect 田代健一 | 田代健一氏 | 明らかにし | 設備の老朽化が進んでいる"],
    ),
    (
        "田代健一氏は政府に対し、補助金を延長するよう求めた。",
        ["indirect 田代健一 | 田代健一氏 | 求め | 補助金を延長する"],
    ),
    (
        "田代健一氏は技術力が高いことは認めた上で、価格が高すぎると批判した。",
        [
            "indirect 田代健一 | 田代健一氏 | 認め | 技術力が高い",
            "indirect 田代健一 | 田代健一氏 | 批判 | 価格が高すぎる",
        ],
    ),
    (
        "田代健一氏は人材への投資を続けることの重要性を強調した。",
        ["indirect 田代健一 | 田代健一氏 | 強調 | 人材への投資を続けることの重要性"],
    ),
    (
        "安全性は確保できるというのが田代健一氏の主張だ。",
        ["indirect 田代健一 | 田代健一氏 | 主張 | 安全性は確保できる"],
    ),
]

MIXED: list[Row] = [
    (
        "田代健一氏は、新型機は必要だが「言われるほど安くはない」と述べた。",
        ["mixed 田代健一 | 田代健一氏 | 述べ | 新型機は必要だが「言われるほど安くはない」"],
    ),
    (
        "田代健一氏は新型機が「誰も驚かない程度に」安いだけだと指摘した。",
        ["mixed 田代健一 | 田代健一氏 | 指摘 | 新型機が「誰も驚かない程度に」安いだけだ"],
    ),
    (
        "田代健一氏は新型機「ハヤテ」が安いだけだと指摘した。",
        ["indirect 田代健一 | 田代健一氏 | 指摘 | 新型機「ハヤテ」が安いだけだ"],
    ),
]

AUTHORITY: list[Row] = [
    (
        "専門家によると、需要は来年も伸びるという。",
        ["indirect 専門家 | 専門家 | によると | 需要は来年も伸びる"],
    ),
    (
        "田代健一氏によれば、工事は半年遅れている。",
        ["indirect 田代健一 | 田代健一氏 | によれば | 工事は半年遅れている"],
    ),
    (
        "工事は半年遅れているとみられている。",
        ["indirect * | - | みられ | 工事は半年遅れている"],
    ),
    ("工事は半年遅れているという。", ["indirect * | - | という | 工事は半年遅れている"]),
    ("工事は半年遅れているそうだ。", ["indirect * | - | そうだ | 工事は半年遅れている"]),
    (
        "関係者からは「準備が足りない」との声が上がっている。",
        ["direct 関係者 | 関係者 | 声 | 準備が足りない"],
    ),
    (
        "専門家によると、田代健一氏は「工事は遅れる」と述べた。",
        ["direct 田代健一 | 田代健一氏 | 述べ | 工事は遅れる"],
    ),
]

AUTHORIAL: list[Row] = [
    ("しかし、工事は遅れている。", ["authorial  | - | - | 工事は遅れている"]),
    (
        "田代健一氏は、需要が減っていることを否定した。",
        ["authorial  | - | - | 田代健一氏は、需要が減っていることを否定した"],
    ),
    ("工事は遅れるだろうか。", []),
    ("以下、要点を紹介する。", []),
    ("田代健一氏は5日、声明を発表した。", []),
    ("工事は遅れると考えられる。", ["authorial  | - | - | 工事は遅れると考えられる"]),
    ("私は工事が遅れると思う。", ["authorial  | - | - | 私は工事が遅れると思う"]),
    ("遅れも認識すべきである。", ["authorial  | - | - | 遅れも認識すべきである"]),
    ("同じ条件で比べると、差は小さい。", ["authorial  | - | - | 同じ条件で比べると、差は小さい"]),
    (
        "田代健一氏は工期は守ると訴えており、会社側も対応を迫られている。",
        [
            "indirect 田代健一 | 田代健一氏 | 訴え | 工期は守る",
            "authorial  | - | - | 会社側も対応を迫られている",
        ],
    ),
]

ANSWERED: list[Row] = [
    (
        "深星の田代健一社長は「高すぎる」との批判に「質に見合う」と反論した。",
        ["direct * | - | 批判 | 高すぎる", "direct 田代健一 | 田代健一社長 | 反論 | 質に見合う"],
    ),
    (
        "水野葵市長は、説明が足りないとの指摘に対し、丁寧に説明すると答えた。",
        [
            "indirect * | - | 指摘 | 説明が足りない",
            "indirect 水野葵 | 水野葵市長 | 答え | 丁寧に説明する",
        ],
    ),
    (
        "水野葵知事は野党の「増税だ」との批判に対し、「負担は増えない」と反論した。",
        [
            "direct 野党 | 野党 | 批判 | 増税だ",
            "direct 水野葵 | 水野葵知事 | 反論 | 負担は増えない",
        ],
    ),
    (
        "「遅すぎる」との批判を浴びた水野葵首相は、辞意を表明した。",
        ["direct * | - | 批判 | 遅すぎる"],
    ),
    (
        "田代健一氏は水野葵氏に「無責任だ」と批判された。",
        ["direct 水野葵 | 水野葵氏 | 批判 | 無責任だ"],
    ),
    ("田代健一氏が「無責任だ」と批判された。", ["direct * | - | 批判 | 無責任だ"]),
    (
        "水野葵知事は、田代健一氏が「遅すぎる」と述べたことについて、「事実と違う」と批判した。",
        [
            "direct 田代健一 | 田代健一氏 | 述べ | 遅すぎる",
            "direct 水野葵 | 水野葵知事 | 批判 | 事実と違う",
        ],
    ),
    (
        "田代健一氏は、水野葵氏が規制は無意味だと主張したことに反発し、「効果は出ている」と述べた。",
        [
            "indirect 水野葵 | 水野葵氏 | 主張 | 規制は無意味だ",
            "direct 田代健一 | 田代健一氏 | 述べ | 効果は出ている",
        ],
    ),
    (
        "田代健一氏は規制が技術革新を妨げるとの懸念を示した。",
        ["indirect 田代健一 | 田代健一氏 | 示し | 規制が技術革新を妨げる"],
    ),
    (
        "田代健一会長は、廃止すべきだとの主張に固執している。",
        ["indirect 田代健一 | 田代健一会長 | 主張 | 廃止すべきだ"],
    ),
]

WITHIN: list[Row] = [
    # what nobody is said to say begins with its topic
    (
        "水野工業は来春にも工場を閉鎖すると報じられた。",
        ["indirect * | - | 報じられ | 水野工業は来春にも工場を閉鎖する"],
    ),
    # the press prints what others say, and only the press reports
    (
        "曙光新聞は、水野葵氏が田代健一氏に「自分が身を引くしかない」と漏らしていたと伝えた。",
        ["direct 水野葵 | 水野葵氏 | 漏らし | 自分が身を引くしかない"],
    ),
    (
        "曙光新聞は、提携の動きが広がっていると伝え、主力銀行は態度を決めていないとも報じた。",
        [
            "indirect 曙光新聞 | 曙光新聞 | 伝え | 提携の動きが広がっている",
            "indirect 曙光新聞 | 曙光新聞 | 報じ | 主力銀行は態度を決めていない",
        ],
    ),
    (
        "隣に住む男性は「窓が割れた」と曙光新聞の記者に話した。",
        ["direct 隣に住む男性 | 隣に住む男性 | 話し | 窓が割れた"],
    ),
    # whoever told it to the press says it
    (
        "曙光新聞は大学の関係者の話として、工事は来春まで遅れると報じた。",
        ["indirect 大学の関係者 | 大学の関係者 | 報じ | 工事は来春まで遅れる"],
    ),
    (
        "曙光新聞は「説明会には模型しかなかった」という農家の話を伝えた。",
        ["direct 農家 | 農家 | 伝え | 説明会には模型しかなかった"],
    ),
    # who asks does not answer
    (
        "田代健一氏は会見を開いた。記者から公平さを問われると、同じ物差しで測るのは無理だと答えた。",
        ["indirect 田代健一 | - | 答え | 同じ物差しで測るのは無理だ"],
    ),
    # what is thought of somebody begins with him
    (
        "水野工業は、来春にも工場を閉鎖すると見られている。",
        ["indirect * | - | 見られ | 水野工業は、来春にも工場を閉鎖する"],
    ),
    (
        "水野工業は、来春にも工場を閉鎖すると伝えられた。",
        ["indirect * | - | 伝えられ | 水野工業は、来春にも工場を閉鎖する"],
    ),
    # nobody says what the writer only wishes to hear
    (
        "田代健一氏は計画を撤回すると明言してもらいたい。",
        ["authorial  | - | - | 田代健一氏は計画を撤回すると明言してもらいたい"],
    ),
    (
        "水野工業は「問題はない」と説明するべきではない。",
        ["authorial  | - | - | 水野工業は「問題はない」と説明するべきではない"],
    ),
    # whoever is spoken of in what another says does not say the next words
    (
        "田代健一氏は、電話の半分は家族からだと話す。「本人は恥ずかしくて電話できない」",
        [
            "indirect 田代健一 | 田代健一氏 | 話す | 電話の半分は家族からだ",
            "direct 田代健一 | - | - | 本人は恥ずかしくて電話できない",
        ],
    ),
    # a sentence that only leads in to the next one lends it its reporting word
    (
        "(田代健一氏は次のように主張している。契約は今も赤字である)",
        ["indirect 田代健一 | 田代健一氏 | 主張 | 契約は今も赤字である"],
    ),
    # whoever says the words that stand by themselves is named beside them, which claims nothing
    (
        "描き終えて、田代健一氏がようやく言う。「鳥は逃げるものです」。客席がどっと沸いた。",
        [
            "direct 田代健一 | 田代健一氏 | 言う | 鳥は逃げるものです",
            "authorial  | - | - | 客席がどっと沸いた",
        ],
    ),
    (
        "「跳ねた瞬間に後悔していました」。感想戦で田代健一氏は盤を見たままつぶやいた。",
        ["direct 田代健一 | 田代健一氏 | つぶやい | 跳ねた瞬間に後悔していました"],
    ),
    # what is reported has a reporting word, however unlikely each of its words is one
    (
        "水野工業が伝えるところでは、海外の出版社が蔵書を貸し出す契約を結び始めている。",
        [
            "indirect 水野工業 | 水野工業 | 伝えるところでは "
            "| 海外の出版社が蔵書を貸し出す契約を結び始めている"
        ],
    ),
    # what only announces a list leads in to nobody's words
    (
        "手順は次のように決められた。市は工事を急ぐ。",
        ["authorial  | - | - | 手順は次のように決められた", "authorial  | - | - | 市は工事を急ぐ"],
    ),
    # whoever speaks is not what he says
    (
        "県庁は対応に追われており、選挙管理委員会は集計に影響はないと発表した。",
        [
            "authorial  | - | - | 県庁は対応に追われており",
            "indirect 選挙管理委員会 | 選挙管理委員会 | 発表 | 集計に影響はない",
        ],
    ),
    (
        "田代健一氏は「言いがかりだ」と一蹴していたが、水野葵氏が5日、「誤りがあった」と認めた。",
        [
            "direct 田代健一 | 田代健一氏 | 一蹴 | 言いがかりだ",
            "direct 水野葵 | 水野葵氏 | 認め | 誤りがあった",
        ],
    ),
    # a party to a dispute is not the one it stands for
    (
        "田代健一被告は否認しており、弁護側は「画像は不鮮明だ」と訴えた。",
        ["direct 弁護側 | 弁護側 | 訴え | 画像は不鮮明だ"],
    ),
]

REFERENCE: list[Row] = [
    (
        "田代健一氏が会見した。同氏は「工期は守る」と述べた。",
        ["direct 田代健一 | 同氏 | 述べ | 工期は守る"],
    ),
    (
        "田代健一氏が現場を訪れた。田代氏は工期を守ると述べた。",
        [
            "authorial  | - | - | 田代健一氏が現場を訪れた",
            "indirect 田代健一 | 田代氏 | 述べ | 工期を守る",
        ],
    ),
    (
        "トヨタ自動車は新型車を公開した。同社は、来年発売すると発表した。",
        [
            "authorial  | - | - | トヨタ自動車は新型車を公開した",
            "indirect トヨタ自動車 | 同社 | 発表 | 来年発売する",
        ],
    ),
    (
        "田代健一氏は「工期は守る」と述べた。「費用も増やさない」とも語った。",
        [
            "direct 田代健一 | 田代健一氏 | 述べ | 工期は守る",
            "direct 田代健一 | - | 語っ | 費用も増やさない",
        ],
    ),
    (
        "[KM: この数字には異論もあります。] 工事は遅れている。",
        [
            "direct KM | - | - | この数字には異論もあります",
            "authorial  | - | - | 工事は遅れている",
        ],
    ),
]

DIALOGUE: list[Row] = [
    (
        "田代健一社長は売上高が伸びると述べた。\n【主な質疑】\nQ：値崩れしないか。\n"
        "A：認定には18カ月かかります。\nQ：原料は。\nA：在庫は4カ月分あります。",
        [
            "indirect 田代健一 | 田代健一社長 | 述べ | 売上高が伸びる",
            "direct 田代健一 | A | - | 認定には18カ月かかります",
            "direct 田代健一 | A | - | 在庫は4カ月分あります",
        ],
    ),
    (
        "――工事は遅れますか。\n\n田代健一　遅れません。人も足りています。\n\n"
        "――費用は。\n\n田代健一　増やさないつもりです。",
        [
            "direct 田代健一 | 田代健一 | - | 遅れません",
            "direct 田代健一 | 田代健一 | - | 人も足りています",
            "direct 田代健一 | 田代健一 | - | 増やさないつもりです",
        ],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(*row, id=f"{name}-{number}")
        for name, rows in [
            ("direct", DIRECT),
            ("indirect", INDIRECT),
            ("mixed", MIXED),
            ("authority", AUTHORITY),
            ("authorial", AUTHORIAL),
            ("answered", ANSWERED),
            ("within", WITHIN),
            ("reference", REFERENCE),
            ("dialogue", DIALOGUE),
        ]
        for number, row in enumerate(rows)
    ],
)
def test_claims(nlp: Language, text: str, expected: list[str]) -> None:
    assert written(annotation(nlp, text)) == expected


def test_signed_article_has_a_joint_holder_with_members(nlp: Language) -> None:
    result = annotation(nlp, "工事は遅れている。", authors=["水野 葵", "原田 蓮"])
    holders = {holder.id: holder for holder in result.holders}
    joint = holders[result.claims[0].holder]
    assert joint.name == "水野 葵、原田 蓮"
    assert [holders[member].name for member in joint.members] == ["水野 葵", "原田 蓮"]


def test_a_firm_holds_in_its_fullest_form(nlp: Language) -> None:
    text = "株式会社雁渡スポーツは12日、靴を売ると発表した。雁渡スポーツは「靴は軽い」としている。"
    result = annotation(nlp, text)
    assert [holder.name for holder in result.holders] == ["株式会社雁渡スポーツ"]
    assert {entity.entity for entity in result.entities} == {"雁渡スポーツ"}


def test_writers_introduced_in_the_text(nlp: Language) -> None:
    result = annotation(nlp, "筆者のMina Holt、Jon Berg。工事は遅れている。")
    assert "Mina Holt、Jon Berg" in {holder.name for holder in result.holders}


def annotation(nlp: Language, text: str, **metadata: object) -> Annotation:
    article = Article(id="t", text=text, metadata=Metadata.model_validate(metadata))
    result = next(annotate(nlp, [article]))
    assert isinstance(result, Annotation)
    return result


def written(annotation: Annotation) -> list[str]:
    text = annotation.text
    holders = {holder.id: holder for holder in annotation.holders}
    rows = []
    for claim in annotation.claims:
        holder = holders[claim.holder]
        name = "*" if holder.kind == Kind.UNSPECIFIED else holder.name
        source = text[slice(*claim.source)] if claim.source else "-"
        cue = text[slice(*claim.cue)] if claim.cue else "-"
        content = " … ".join(text[start:end] for start, end in claim.content)
        if claim.attribution == Attribution.AUTHORIAL:
            assert holder.kind == Kind.ARTICLE_AUTHOR
        rows.append(f"{claim.attribution} {name} | {source} | {cue} | {content}")
    return rows


def test_holders_of_given_claims(nlp: Language) -> None:
    text = (
        "田代健一氏は「工期は守る」と述べた。費用も増やさないと語った。"
        "工事は遅れていると見られている。"
    )
    given = annotation(nlp, text)
    blank = [claim.model_copy(update={"holder": "?"}) for claim in given.claims]
    found, everyone = resolve_holders(nlp(text), blank, load_holders())
    assert [(holder.kind, holder.name) for holder in found] == [
        (Kind.PERSON, "田代健一"),
        (Kind.PERSON, "田代健一"),
        (Kind.UNSPECIFIED, ""),
    ]
    assert {holder.id for holder in found} <= {holder.id for holder in everyone}
