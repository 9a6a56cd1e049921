"""Where a source begins and ends."""

import pytest
from spacy.language import Language

from ronten.components.claims.document import Document
from ronten.components.claims.source_spans import mended, speaks
from ronten.extraction import annotate
from ronten.types import Article


def document(nlp: Language, text: str) -> Document:
    return Document(nlp(text))


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("田代健一会長（港精機会長）は伸びると述べた。", "港精機会長", "田代健一会長"),
        ("田代健一氏と大原誠氏は反対だと述べた。", "大原誠氏", "田代健一氏と大原誠氏"),
        ("トヨタ自動車とホンダは値上げすると発表した。", "ホンダ", "トヨタ自動車とホンダ"),
        (
            "トヨタ自動車とその取引先であるデンソーは値上げすると発表した。",
            "デンソー",
            "トヨタ自動車とその取引先であるデンソー",
        ),
        ("高校生グループ「ひらく」は撤回を求めた。", "高校生グループ", "高校生グループ「ひらく」"),
        ("【柏＝大原誠】東京都は中止すると発表した。", "大原誠】東京都", "東京都"),
        ("計画を支える田代健一氏は必要だと述べた。", "計画を支える田代健一氏", "田代健一氏"),
        ("米エヌビディアは増産すると発表した。", "米エヌビディア", "エヌビディア"),
        ("米商務省は規制すると発表した。", "米商務省", "米商務省"),
        (
            "米アップルと独シーメンスは提携すると発表した。",
            "独シーメンス",
            "アップルと独シーメンス",
        ),
        ("第三者委員会（座長・大原誠弁護士）は誤りだとした。", "大原誠弁護士", "第三者委員会"),
        ("田代健一准教授(41)=音響学=は伸びると話す。", "音響学=", "田代健一准教授"),
        ("まず組合の事務局長は足りると話した。", "まず組合の事務局長", "組合の事務局長"),
        ("通夜の席で弟子の一人は足りると話した。", "通夜の席で弟子の一人", "弟子の一人"),
        ("田代健一准教授(41)=音響学=は伸びると話す。", "音響学", "田代健一准教授"),
        ("かつての同僚は足りると話した。", "かつての同僚", "かつての同僚"),
        (
            "初めて会長になった女性は足りると話した。",
            "初めて会長になった女性",
            "初めて会長になった女性",
        ),
        ("補強はない。ある選手は足りると話した。", "選手", "ある選手"),
        ("そのときある選手は足りると話した。", "選手", "ある選手"),
        ("そのうえで移住した女性は足りると話した。", "そのうえで移住した女性", "移住した女性"),
        ("そのときの店長は足りると話した。", "そのときの店長", "そのときの店長"),
        ("土地に縁のある選手は足りると話した。", "選手", "選手"),
        ("この町にある店は足りると話した。", "店", "店"),
        ("随筆家がいた。その人は足りると話した。", "人", "その人"),
        ("随筆家がいた。ある人は足りると話した。", "人", "ある人"),
        ("随筆家がいた。その店は足りると話した。", "店", "店"),
        ("野党第一党の自民党は足りると話した。", "野党第一党の自民党", "自民党"),
        ("町の17日午前9時現在のまとめでは、足りる。", "町の17日午前9時現在", "町"),
        (
            "グレアム・オズボーン＝リード氏は足りると話した。",
            "グレアム・オズボーン＝リード氏",
            "グレアム・オズボーン＝リード氏",
        ),
        ("協和通信や『中陸新聞』などによると足りる。", "中陸新聞", "協和通信や『中陸新聞"),
        ("港で食堂を営む女性は足りると話した。", "港で食堂を営む女性", "港で食堂を営む女性"),
        # A clause belongs to those who are nobody without it, and to what it tells of.
        ("港で食堂を営む女性は足りると話した。", "女性", "港で食堂を営む女性"),
        ("雨だ。港で食堂を営む女性は足りると話した。", "女性", "港で食堂を営む女性"),
        ("役場の職員だという男性は足りると話した。", "男性", "役場の職員だという男性"),
        ("米は足りると訴える男性は首を振った。", "男性", "男性"),
        ("町内で店を営む60代の男性は話した。", "町内で店を営む60代の男性", "60代の男性"),
        ("捜査に携わった元警察官は話した。", "捜査に携わった元警察官", "元警察官"),
        ("会社を辞めた若い職員は話した。", "会社を辞めた若い職員", "会社を辞めた若い職員"),
        ("店を営む顧客の一人は話した。", "店を営む顧客の一人", "店を営む顧客の一人"),
        ("案内の人（若い女性）曰く、足りる。", "案内の人（若い女性", "案内の人"),
        # Others who are only named beside a source do not speak with it.
        ("トヨタ自動車に続き、ホンダは値上げすると発表した。", "ホンダ", "ホンダ"),
        ("東京都、ホンダは値上げすると発表した。", "ホンダ", "ホンダ"),
        ("ホンダと田代健一氏は反対だと述べた。", "田代健一氏", "田代健一氏"),
        ("田代健一会長（港精機会長と話した）が述べた。", "田代健一会長", "田代健一会長"),
    ],
)
def test_mended(nlp: Language, text: str, marked: str, expected: str) -> None:
    start = text.index(marked)
    found = mended(document(nlp, text), (start, start + len(marked)))
    assert text[slice(*found)] == expected


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("田代健一氏の銃撃は許されない。", "田代健一氏の銃撃", False),
        ("トヨタ自動車の躍進は続く。", "トヨタ自動車の躍進", False),
        ("田代健一氏は続くと述べた。", "田代健一氏", True),
        ("トヨタ自動車の調査は続くと示す。", "トヨタ自動車の調査", True),
    ],
)
def test_what_happens_to_somebody_does_not_speak(
    nlp: Language, text: str, marked: str, expected: bool
) -> None:
    start = text.index(marked)
    assert speaks(document(nlp, text), (start, start + len(marked))) is expected


def test_those_who_are_joined_hold_the_claim_together(nlp: Language) -> None:
    text = "トヨタ自動車とデンソーは「値上げは避けられない」と発表した。"
    (annotation,) = annotate(nlp, [Article(id="a", text=text)])
    held = {claim.holder for claim in annotation.claims}
    assert [h.name for h in annotation.holders if h.id in held] == ["トヨタ自動車、デンソー"]


def test_a_turn_that_reports_others_is_theirs(nlp: Language) -> None:
    text = (
        "――財政は苦しいのですか。\n\n田代健一　監査法人は、赤字が18億円に膨らむと見ております。"
        "\n\n――負担は増えますか。\n\n田代健一　負担は増やしません。"
    )
    (annotation,) = annotate(nlp, [Article(id="a", text=text)])
    names = {holder.id: holder.name for holder in annotation.holders}
    shown = [
        (names[claim.holder], text[slice(*claim.content[0])])
        for claim in annotation.claims
        if claim.attribution != "authorial"
    ]
    assert ("監査法人", "赤字が18億円に膨らむ") in shown
    assert ("田代健一", "負担は増やしません") in shown
