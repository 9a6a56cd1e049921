"""Who is offered as the holder of a claim."""

from __future__ import annotations

import pytest
from spacy.language import Language

from ronten.components.claims.asked import Asked
from ronten.components.claims.candidates import Candidate, History
from ronten.components.claims.document import Document
from ronten.components.claims.questions import Asker, Question
from ronten.types import Attribution, Kind, Span


def asked_for(
    nlp: Language,
    text: str,
    source: str | None,
    content: str,
    attribution: Attribution = Attribution.INDIRECT,
) -> Question:
    document = Document(nlp(text))
    asked = Asked(_span(text, content), None, _span(text, source), attribution)
    return Asker(document, ()).ask(asked, History())


def offered(nlp: Language, text: str, source: str | None, content: str) -> list[Candidate]:
    return asked_for(nlp, text, source, content).candidates


def _span(text: str, part: str | None) -> Span | None:
    return None if part is None else (text.rindex(part), text.rindex(part) + len(part))


def names(candidates: list[Candidate], sort: str) -> list[str]:
    return [candidate.name for candidate in candidates if candidate.sort == sort]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("漁協と自然保護団体", "漁協、自然保護団体"),
        ("トヨタ自動車と地元の商工会", "トヨタ自動車、地元の商工会"),
        ("医師会とその支援を受ける在宅医療の協議会", "医師会、在宅医療の協議会"),
    ],
)
def test_those_who_are_joined_without_names_may_speak_together(
    nlp: Language, source: str, expected: str
) -> None:
    found = offered(nlp, f"{source}は、工事は遅れると述べた。", source, "工事は遅れる")
    assert names(found, "joint") == [expected]
    assert source in names(found, "self")


@pytest.mark.parametrize("source", ["田代健一・水道課長", "同社とホンダ"])
def test_what_is_joined_otherwise_is_not_several(nlp: Language, source: str) -> None:
    found = offered(nlp, f"{source}は、工事は遅れると述べた。", source, "工事は遅れる")
    assert not names(found, "joint")


def test_names_that_are_joined_leave_no_choice(nlp: Language) -> None:
    source = "製造大手のトヨタ自動車と部品を納めるデンソー"
    (found,) = offered(nlp, f"{source}は、工事は遅れると述べた。", source, "工事は遅れる")
    assert (found.sort, found.name) == ("joint", "トヨタ自動車、デンソー")


@pytest.mark.parametrize(
    "source",
    [
        "同社とデンソー",
        "トヨタ自動車（本社：豊田市、社長：田代健一）とデンソー",
        "トヨタ自動車とデンソーの２社",
    ],
)
def test_those_who_are_joined_are_pointed_back_at_explained_and_counted(
    nlp: Language, source: str
) -> None:
    text = f"トヨタ自動車は10日、減産を発表した。{source}は、工事は遅れると述べた。"
    (found,) = offered(nlp, text, source, "工事は遅れる")
    assert (found.sort, found.name) == ("joint", "トヨタ自動車、デンソー")


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("隣家の老人は腹を抱えた。すぐに治ると茶化した。", None, "隣家の老人"),
        ("調査委員会が記録をまとめた。報告書は、すぐに治ると結んだ。", "報告書", "調査委員会"),
        ("弁を納めた金属加工会社は黙らない。同社は、すぐに治るとした。", "同社", "金属加工会社"),
        ("市の保健所が動いた。すぐに治るとした。", None, "保健所"),
        ("首相自身については、すぐに治るとした。", None, "首相"),
        # Those of somebody that has a name have none themselves.
        ("東京都の教員有志が動いた。すぐに治るとした。", None, "東京都の教員有志"),
        ("東京大学などの研究チームが動いた。すぐに治るとした。", None, "東京大学などの研究チーム"),
        # Whose document it is may have been told long before.
        (
            "調査委員会が始まった。雨だ。風だ。雪だ。雷だ。報告書は、すぐに治ると結んだ。",
            "報告書",
            "調査委員会",
        ),
    ],
)
def test_those_without_a_name_in_the_sentences_before(
    nlp: Language, text: str, source: str | None, expected: str
) -> None:
    assert expected in names(offered(nlp, text, source, "すぐに治る"), "mentioned")


def test_those_of_long_ago_and_those_who_cannot_speak_are_not_asked_for(nlp: Language) -> None:
    far = "店員は座った。雨が降る。風が吹く。雪が積もる。すぐに治るとした。"
    assert not names(offered(nlp, far, None, "すぐに治る"), "mentioned")
    named = "田代健一さんは座った。彼は黙った。すぐに治るとした。"
    assert not names(offered(nlp, named, None, "すぐに治る"), "mentioned")


def test_somebody_of_a_person_is_another(nlp: Language) -> None:
    text = "田代健一さんの同僚は、すぐに治ると述べた。"
    found = offered(nlp, text, "田代健一さんの同僚", "すぐに治る")
    assert "田代健一さんの同僚" in names(found, "self")


def test_a_paper_speaks_for_itself_and_a_report_for_somebody(nlp: Language) -> None:
    text = "トヨタ自動車が動いた。{}によると、すぐに治る。"
    assert names(offered(nlp, text.format("地元紙"), "地元紙", "すぐに治る"), "self") == ["地元紙"]
    assert not names(offered(nlp, text.format("報告書"), "報告書", "すぐに治る"), "self")


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("田代健一社長と小堀千佳氏が並んだ。田代氏は、すぐに治ると述べた。", "田代氏", "田代健一"),
        (
            "トヨタ自動車とデンソーが動いた。トヨタ自動車は、すぐに治るとした。",
            "トヨタ自動車",
            "トヨタ自動車",
        ),
    ],
)
def test_a_source_that_is_a_name_leaves_no_choice(
    nlp: Language, text: str, source: str, expected: str
) -> None:
    (found,) = offered(nlp, text, source, "すぐに治る")
    assert (found.sort, found.name) == ("entity", expected)


def test_whoever_is_indefinite_is_asked_for_apart(nlp: Language) -> None:
    text = "田代健一委員が並んだ。{}は、すぐに治ると述べた。"
    contexts = [
        asked_for(nlp, text.format(source), source, "すぐに治る").contexts
        for source in ("別の委員", "委員", "先生")
    ]
    assert ["indefinite" in " ".join(found) for found in contexts] == [True, False, False]


def test_words_that_only_begin_like_pointing_ones_point_nowhere(nlp: Language) -> None:
    text = "田代健一社長が動いた。{}は、すぐに治ると述べた。"
    for source, points in (("同僚", False), ("当局者", False), ("同協議会", True)):
        contexts = asked_for(nlp, text.format(source), source, "すぐに治る").contexts
        assert any(context.startswith("anaphor") for context in contexts) == points


def test_an_institution_is_not_who_heads_it(nlp: Language) -> None:
    text = "浜口澄夫園長は謝った。これに対して園は、すぐに治るとした。"
    question = asked_for(nlp, text, "園", "すぐに治る")
    head = [c.name for c in question.candidates].index("浜口澄夫")
    assert "in role" not in question.features[head]


def test_a_suspect_with_his_age_and_whoever_a_quotation_is_followed_by(nlp: Language) -> None:
    text = "県警は住所不定の男（47）を逮捕した。「すぐに治る」と供述している。"
    assert "男" in " ".join(names(offered(nlp, text, None, "すぐに治る"), "mentioned"))
    text = "「すぐに治る」。同じく六十代の女性は声を震わせた。"
    found = asked_for(nlp, text, None, "すぐに治る", Attribution.DIRECT).candidates
    assert names(found, "mentioned") == ["六十代の女性"]


def test_whoever_publishes_a_document_is_told_from_those_in_brackets(nlp: Language) -> None:
    text = (
        "トヨタ自動車（代表・田代健一）は27日、昨年の春から調べてきた設備の不具合について、"
        "点検が足りなかったとする報告書を公表した。報告書によると、すぐに治る。"
    )
    question = asked_for(nlp, text, "報告書", "すぐに治る")
    published = {
        candidate.name: "published" in features
        for candidate, features in zip(question.candidates, question.features, strict=True)
    }
    assert published["トヨタ自動車"]
    assert not published["田代健一"]


def test_the_side_of_a_town_is_the_town(nlp: Language) -> None:
    for source, expected in (("町側", "町"), ("弁護側", "弁護側")):
        found = offered(nlp, f"{source}は、すぐに治るとした。", source, "すぐに治る")
        assert names(found, "self") == [expected]


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        (
            "臨海茜鉄道は開業した。『中陸新聞』が伝えた。同鉄道は遅れると述べた。",
            "同鉄道",
            "臨海茜鉄道",
        ),
        ("臨海茜鉄道は開業した。『中陸新聞』が伝えた。同紙は遅れると述べた。", "同紙", "中陸新聞"),
        ("東京地検はトヨタ自動車を起訴した。起訴状によると、遅れる。", "起訴状", "東京地検"),
        ("東京地裁はトヨタ自動車を退けた。判決によると、遅れる。", "判決", "東京地裁"),
        (
            "芸能事務所「オフィス・タマユラ」とトヨタ自動車が決めた。同事務所は遅れると述べた。",
            "同事務所",
            "オフィス・タマユラ",
        ),
        (
            "芸能事務所「オフィス・タマユラ」とトヨタ自動車が決めた。事務所は遅れると述べた。",
            "事務所",
            "オフィス・タマユラ",
        ),
        ("日本医師会が動いた。東京都は退いた。同団体は遅れると述べた。", "同団体", "日本医師会"),
        ("トヨタ自動車が東京都を訴えた。会社側は遅れると述べた。", "会社側", "トヨタ自動車"),
    ],
)
def test_a_body_of_the_same_sort_is_the_last_one(
    nlp: Language, text: str, source: str, expected: str
) -> None:
    assert [c.name for c in offered(nlp, text, source, "遅れる")] == [expected]


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("水野誠氏は三菱電機を訪れた。同氏は、遅れると述べた。", "同氏", "水野誠"),
        (
            "三菱電機はサービス「マナビの窓」を始め、東京都も使う。同社は、遅れると述べた。",
            "同社",
            "三菱電機",
        ),
        (
            "乗客の男性が西武鉄道を相手取った裁判が始まった。東武鉄道も見守る。被告は、遅れると述べた。",
            "被告",
            "西武鉄道",
        ),
        (
            "東京地裁は訴えを退けた。東京大学も見守る。裁判所は、遅れると述べた。",
            "裁判所",
            "東京地裁",
        ),
        ("神奈川県警は男を逮捕した。県警は、遅れると述べた。", "県警", "神奈川県警"),
    ],
)
def test_what_points_back_means_its_kind(
    nlp: Language, text: str, source: str, expected: str
) -> None:
    assert names(offered(nlp, text, source, "遅れる"), "entity") == [expected]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "労組は西武鉄道を相手とする交渉を始めた。ホンダも見守る。被告は、遅れると述べた。",
            "被告",
        ),
        ("男性が西武鉄道を相手取った。被告側は、遅れると述べた。", "被告側"),
        ("東京地裁は退けた。大阪地裁は認めた。裁判所は、遅れると述べた。", "裁判所"),
        ("最高裁は退けた。高裁は、遅れると述べた。", "高裁"),
        ("神戸市教育委員会は謝った。県教委は、遅れると述べた。", "県教委"),
        ("日本製鉄労働組合は退いた。ホンダの組合は、遅れると述べた。", "組合"),
    ],
)
def test_another_body_of_a_sort_is_not_meant(nlp: Language, text: str, source: str) -> None:
    others = {"西武鉄道", "東京地裁", "大阪地裁", "最高裁", "神戸市教育委員会", "日本製鉄労働組合"}
    found = offered(nlp, text, source, "遅れる")
    assert len(found) > 1 or found[0].name not in others


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("研究班が集まった。報告書は厚い。そのデータによると、遅れる。", "そのデータ", "研究班"),
        ("地元紙が調べた。記事によると、遅れる。", "記事", "地元紙"),
    ],
)
def test_documents_come_from_somebody(nlp: Language, text: str, source: str, expected: str) -> None:
    assert names(offered(nlp, text, source, "遅れる"), "mentioned") == [expected]


def test_somebody_of_the_same_firm_is_called_by_its_name(nlp: Language) -> None:
    text = "トヨタ自動車は決めた。同社の担当者は、遅れると述べた。"
    assert names(offered(nlp, text, "同社の担当者", "遅れる"), "self") == ["トヨタ自動車の担当者"]
    text = "日本医師会が動いた。東京大学は退いた。同団体の担当者は、遅れると述べた。"
    assert names(offered(nlp, text, "同団体の担当者", "遅れる"), "self") == ["日本医師会の担当者"]
    text = "同社の担当者は、遅れると述べた。"
    assert names(offered(nlp, text, "同社の担当者", "遅れる"), "self") == ["同社の担当者"]


@pytest.mark.parametrize(
    "text",
    [
        "トヨタ自動車とホンダの協議を日本経済新聞が報じた。同社の担当者は、遅れると述べた。",
        "トヨタ自動車は、ホンダが退くと決めた。同社の担当者は、遅れると述べた。",
    ],
)
def test_where_several_firms_may_be_meant_none_is(nlp: Language, text: str) -> None:
    assert names(offered(nlp, text, "同社の担当者", "遅れる"), "self") == ["同社の担当者"]


def test_two_that_are_pointed_back_at_were_named_together(nlp: Language) -> None:
    text = "トヨタ自動車とデンソーの協議が続く。ホンダは退いた。両社は、遅れると述べた。"
    assert names(offered(nlp, text, "両社", "遅れる"), "joint") == ["トヨタ自動車、デンソー"]
    text = "トヨタ自動車の協議が続く。ホンダは退いた。両社は、遅れると述べた。"
    assert not names(offered(nlp, text, "両社", "遅れる"), "joint")
    text = "トヨタ自動車とデンソーの席で田代健一氏と大原誠氏が会った。両社は、遅れると述べた。"
    assert names(offered(nlp, text, "両社", "遅れる"), "joint") == ["トヨタ自動車、デンソー"]
    text = "日本医師会（会長・田代健一氏）と日本薬剤師会の協議が続く。両団体は、遅れると述べた。"
    (found,) = offered(nlp, text, "両団体", "遅れる")
    assert (found.sort, found.name) == ("joint", "日本医師会、日本薬剤師会")
    text = "トヨタ自動車とデンソーの協議が続く。両社の声明は、遅れると述べた。"
    assert names(offered(nlp, text, "両社の声明", "遅れる"), "joint") == ["トヨタ自動車、デンソー"]
    text = "トヨタ自動車とデンソーの協議が続く。両社の幹部は、遅れると述べた。"
    assert "両社の幹部" in names(offered(nlp, text, "両社の幹部", "遅れる"), "self")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("漁協の会長さん", "漁協の会長"),
        ("近くのおばさん", "近くのおばさん"),
        ("店の奥さん", "店の奥さん"),
        ("宿のおかみさん", "宿のおかみさん"),
        ("村のお婆さん", "村のお婆さん"),
        ("隣のおっさん", "隣のおっさん"),
        ("店の奥さんら", "店の奥さんら"),
    ],
)
def test_politeness_is_no_part_of_a_description_unless_the_word_needs_it(
    nlp: Language, source: str, expected: str
) -> None:
    found = offered(nlp, f"{source}は、遅れると述べた。", source, "遅れる")
    assert names(found, "self") == [expected]


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        ("田代健一氏は顔を上げなかった。", ["田代健一"]),
        ("議場は荒れた。田代健一氏は顔を上げなかった。", ["田代健一"]),
        ("大原誠社長が来た。大原氏は黙っていた。", []),
        ("議場には田代健一氏もいた。", []),
        ("議場は荒れた。", []),
    ],
)
def test_an_office_without_a_name_is_held_by_who_comes_in_untold(
    nlp: Language, behind: str, expected: list[str]
) -> None:
    text = f"知事は、工事は遅れると述べた。{behind}"
    question = asked_for(nlp, text, "知事", "工事は遅れる")
    found = zip(question.candidates, question.features, strict=True)
    assert [c.name for c, features in found if "in role" in features] == expected


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        (
            "「谷の灯」（作・田代健一、演出・大原誠）が来た。作者は、遅れると述べた。",
            "作者",
            "田代健一",
        ),
        (
            "「谷の灯」（作・田代健一、演出・大原誠）が来た。演出家は、遅れると述べた。",
            "演出家",
            "大原誠",
        ),
        ("『谷の灯』（田代健一著、大原誠訳）が出た。訳者は、遅れると述べた。", "訳者", "大原誠"),
        ("大原誠は田代健一さんの『谷の灯』を読んだ。著者は、遅れると述べた。", "著者", "田代健一"),
    ],
)
def test_who_made_something_is_told_beside_his_name(
    nlp: Language, text: str, source: str, expected: str
) -> None:
    question = asked_for(nlp, text, source, "遅れる")
    found = zip(question.candidates, question.features, strict=True)
    assert [c.name for c, features in found if "in role" in features] == [expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("市の資料", ["市"]),
        ("市の年末の資料", ["市"]),
        ("8日の報告書", []),
        ("2023年度の報告書", []),
        ("３月の報告書", []),
        ("昨年末の報告書", []),
        ("第3回の報告書", []),
        ("壁の貼り紙", []),
        ("その報告書", []),
        ("彼の手紙", []),
    ],
)
def test_whose_document_it_is_says_neither_its_date_nor_its_place(
    nlp: Language, source: str, expected: list[str]
) -> None:
    found = offered(nlp, f"トヨタ自動車が動いた。{source}では、遅れる。", source, "遅れる")
    assert names(found, "owner") == expected


def test_another_firm_may_be_meant(nlp: Language) -> None:
    text = "トヨタ自動車が売れた。父の会社は倒産した。会社は、遅れると述べた。"
    assert len(offered(nlp, text, "会社", "遅れる")) > 1


def test_those_with_somebody_are_called_without_his_title(nlp: Language) -> None:
    text = "田代健一氏ら6人は、遅れると述べた。"
    assert "田代健一ら6人" in names(offered(nlp, text, "田代健一氏ら6人", "遅れる"), "self")


def test_a_camp_is_not_its_candidate(nlp: Language) -> None:
    text = "田代健一氏が立つ。田代陣営は、遅れると主張した。"
    [camp] = offered(nlp, text, "田代陣営", "遅れる")
    assert (camp.name, camp.kind) == ("田代陣営", Kind.GROUP)


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("運転士の男（52）が来た。男は、遅れると述べた。", "男", ["運転士の男"]),
        ("近くで働く女性が来た。女性は、遅れると述べた。", "女性", ["近くで働く女性"]),
        ("会社員の男性が来た。男性（40）は、遅れると述べた。", "男性", ["男性"]),
        ("会社員の男性が来た。女性は、遅れると述べた。", "女性", ["女性"]),
    ],
)
def test_a_bare_word_for_somebody_means_the_last_one_told_of(
    nlp: Language, text: str, source: str, expected: list[str]
) -> None:
    found = offered(nlp, text, source, "遅れる")
    assert names(found, "mentioned" if len(found) == 1 else "self") == expected


def test_a_body_that_is_pointed_back_at_is_none_of_the_people(nlp: Language) -> None:
    text = "田代健一氏が出る番組は終わる。同局の担当者は、遅れると述べた。"
    assert not names(offered(nlp, text, "同局の担当者", "遅れる"), "entity")
    text = "田代健一氏は会長だ。同会長は、遅れると述べた。"
    assert "田代健一" in names(offered(nlp, text, "同会長", "遅れる"), "entity")


def test_a_mention_in_what_others_say_is_told_from_one_of_the_writer(nlp: Language) -> None:
    text = "水野葵氏は、田代健一氏が来ると話した。工事は遅れるという。"
    document = Document(nlp(text))
    asker = Asker(document, ())
    asker.hear([_span(text, "田代健一氏が来る") or (0, 0)])
    asked = Asked(_span(text, "工事は遅れる") or (0, 0), None, None, Attribution.INDIRECT)
    question = asker.ask(asked, History())
    told = {
        candidate.name: "told" in features
        for candidate, features in zip(question.candidates, question.features, strict=True)
        if candidate.sort == "entity"
    }
    assert told == {"水野葵": False, "田代健一": True}


@pytest.mark.parametrize(
    ("name", "expected"), [("根布ちよ子", "f"), ("大原誠一郎", "m"), ("隣で働く女性", "f")]
)
def test_names_may_tell_of_women_and_men(nlp: Language, name: str, expected: str) -> None:
    text = f"{name}が来た。彼女は、遅れると述べた。"
    question = asked_for(nlp, text, "彼女", "遅れる")
    [features] = [
        found
        for candidate, found in zip(question.candidates, question.features, strict=True)
        if candidate.name == name
    ]
    assert f"gender={expected} of 彼女" in features
