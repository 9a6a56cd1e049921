"""One sense per text, mended borders, and who wins where tagger and rules disagree."""

import pytest

from ronten.components.language import base
from ronten.components.mentions.decide import decide
from ronten.components.mentions.discourse import Span, consistent, mended, short_again
from ronten.components.mentions.view import Candidate, View
from ronten.types import Label


@pytest.fixture(scope="module")
def nlp():
    return base()


def _spans(text, *names):
    """Spans of `names` (surface, label[, which occurrence]) in `text`."""
    spans = []
    for surface, label, *which in names:
        start = -1
        for _ in range((which or [1])[0]):
            start = text.index(surface, start + 1)
        spans.append(Span(start, start + len(surface), label))
    return spans


def _surfaces(text, spans):
    return [(text[span.start : span.end], span.label) for span in spans]


def test_the_label_of_most_places_holds_everywhere(nlp):
    text = "ヴェクスタが発表した。ヴェクスタは伸びた。ヴェクスタの株。"
    spans = _spans(
        text, ("ヴェクスタ", "COMPANY"), ("ヴェクスタ", "PLACE", 2), ("ヴェクスタ", "COMPANY", 3)
    )
    view = View(nlp.make_doc(text))
    assert _surfaces(text, consistent(view, spans, [])) == [("ヴェクスタ", "COMPANY")] * 3


def test_a_name_is_found_where_the_tagger_missed_it(nlp):
    text = "ミオリ社が発表した。広報はミオリの方針だと言う。"
    view = View(nlp.make_doc(text))
    found = consistent(view, _spans(text, ("ミオリ", "COMPANY")), [])
    assert _surfaces(text, found) == [("ミオリ", "COMPANY")] * 2


def test_a_rare_guess_does_not_spread(nlp):
    text = "小寺が来た。" + "小寺を見た。" * 3
    view = View(nlp.make_doc(text))
    found = consistent(view, _spans(text, ("小寺", "PLACE")), [])
    assert _surfaces(text, found) == [("小寺", "PLACE")]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (
            "矢ノ倉町に着いた。矢ノ倉は雨だ。",
            [("矢ノ倉町", "PLACE"), ("矢ノ倉", "PERSON", 2)],
            "PLACE",
        ),
        (
            "矢ノ倉町に着いた。矢ノ倉氏は雨だ。",
            [("矢ノ倉町", "PLACE"), ("矢ノ倉", "PERSON", 2)],
            "PERSON",
        ),
        (
            "エリ・ラスカンが来た。ラスカンは弾いた。",
            [("エリ・ラスカン", "PERSON"), ("ラスカン", "COMPANY", 2)],
            "PERSON",
        ),
        (
            "エリ・ラスカンが来た。ラスカン社は弾いた。",
            [("エリ・ラスカン", "PERSON"), ("ラスカン", "COMPANY", 2)],
            "COMPANY",
        ),
        (
            "創業者はエリ・ラスカンだ。ラスカンは伸びた。",
            [("エリ・ラスカン", "PERSON"), ("ラスカン", "COMPANY", 2)],
            "COMPANY",
        ),
    ],
)
def test_a_short_form_is_what_its_longer_form_is(nlp, text, names, expected):
    found = list(short_again(View(nlp.make_doc(text)), _spans(text, *names)))
    assert found[1].label == expected


def test_the_type_that_the_text_names_outvotes_the_tagger(nlp):
    text = "人気バンドのTUBAが歌う。TUBAの曲だ。"
    view = View(nlp.make_doc(text))
    told = [Candidate(6, 10, Label.ORG, "TUBA")]
    spans = _spans(text, ("TUBA", "PRODUCT"), ("TUBA", "PRODUCT", 2))
    assert _surfaces(text, consistent(view, spans, told)) == [("TUBA", "ORG")] * 2


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "大和路線・奈良駅へ行く。",
            ("大和路線・奈良駅", "PLACE"),
            [("大和路線", "PRODUCT"), ("奈良駅", "PLACE")],
        ),
        (
            "新大阪～奈良間を結ぶ。",
            ("新大阪～奈良", "PLACE"),
            [("新大阪", "PLACE"), ("奈良", "PLACE")],
        ),
        ("マリア・コスタ氏が来た。", ("マリア・コスタ", "PERSON"), [("マリア・コスタ", "PERSON")]),
        ("戸祭憲市長が述べた。", ("戸祭憲市", "PERSON"), [("戸祭憲", "PERSON")]),
        ("良子（りょうこ）さんだ。", ("良子（りょうこ）", "PERSON"), [("良子", "PERSON")]),
        ("ミオリ社が発表した。", ("ミオリ社", "COMPANY"), [("ミオリ", "COMPANY")]),
        ("海鳴新聞社が報じた。", ("海鳴新聞社", "COMPANY"), [("海鳴新聞社", "COMPANY")]),
        ("久宝寺間を結ぶ。", ("久宝寺間", "PLACE"), [("久宝寺", "PLACE")]),
        ("凪原～藻塩橋間で", ("藻塩橋間", "PLACE"), [("藻塩橋", "PLACE")]),
        ("沖の久間に", ("久間", "PLACE"), [("久間", "PLACE")]),
        ("日枝久（ひえだ ひさし）氏", ("ひえだ ひさし", "PERSON"), []),
        ("湊中央病院に入る。", ("湊中央病院", "FACILITY"), [("湊中央病院", "ORG")]),
        ("おさか東線が走る。", ("おさか東線", "COMPANY"), [("おさか東線", "PRODUCT")]),
        ("柊駅で降りる。", ("柊駅", "FACILITY"), [("柊駅", "PLACE")]),
        ("柊高原鐵道列車衝突事故が起きた。", ("柊高原鐵道列車衝突事故", "COMPANY"), []),
        ("ミオリ野外コンサートに行く。", ("ミオリ野外コンサート", "ORG"), []),
        ("日枝久（ひえだ ひさし）氏", ("ひさし", "PERSON"), []),
        ("時刻（UTC+9）で", ("UTC+9", "ORG"), []),
        ("比企谷淳元総務相が", ("比企谷淳元", "PERSON"), [("比企谷淳", "PERSON")]),
        ("雪平篤元国土交通副大臣は", ("雪平篤元", "PERSON"), [("雪平篤", "PERSON")]),
        ("鍾志豪氏は", ("鍾志豪氏", "PERSON"), [("鍾志豪", "PERSON")]),
        ("中易しのぶ杜氏は", ("中易しのぶ杜", "PERSON"), [("中易しのぶ", "PERSON")]),
        ("科の鈴ケ根部長は", ("鈴ケ根部", "PERSON"), [("鈴ケ根", "PERSON")]),
        ("阿多古社長は", ("阿多古社", "PERSON"), [("阿多古", "PERSON")]),
        ("陸文珂首席分析官は", ("陸文珂首", "PERSON"), [("陸文珂", "PERSON")]),
        ("ヘレナ通信（HNA）が", ("HNA", "PERSON"), []),
        ("クマやイノシシが出た。", ("イノシシ", "PERSON"), []),
        ("アルザン中央銀行は", ("アルザン中央銀行", "COMPANY"), [("アルザン中央銀行", "ORG")]),
        ("長谷部長官は", ("長谷部", "PERSON"), [("長谷部", "PERSON")]),
        ("一方、小笠毛委員は", ("小笠", "PERSON"), [("小笠毛", "PERSON")]),
        ("佐々木部長は", ("佐々木", "PERSON"), [("佐々木", "PERSON")]),
        ("任期満了に伴う三瀬市長選挙は", ("三瀬", "PERSON"), []),
        ("根来元氏は", ("根来元", "PERSON"), [("根来元", "PERSON")]),
        ("コメヤ製パンは", ("コメヤ", "COMPANY"), [("コメヤ製パン", "COMPANY")]),
        ("須田　翻訳者連盟では", ("須田　翻訳者連盟", "ORG"), [("翻訳者連盟", "ORG")]),
        (
            "【ソフィア8日バルカン通信】議会は",
            ("ソフィア8日バルカン通信", "COMPANY"),
            [("ソフィア", "PLACE"), ("バルカン通信", "COMPANY")],
        ),
        (
            "ウーゴ・マンシーリャ郡長は",
            ("ウーゴ・マンシーリャ郡", "PLACE"),
            [("ウーゴ・マンシーリャ", "PERSON")],
        ),
        ("サン・ホセ市長期計画が", ("サン・ホセ市", "PLACE"), [("サン・ホセ市", "PLACE")]),
        ("サン・マルコ長橋で", ("サン・マルコ", "PLACE"), [("サン・マルコ", "PLACE")]),
    ],
)  # fmt: skip
def test_mended_borders_and_labels(nlp, text, name, expected):
    view = View(nlp.make_doc(text))
    assert _surfaces(text, mended(view, _spans(text, name))) == expected


def _decide(nlp, text, spans=(), known=(), others=()):
    rules = [*known, *others]
    decided = decide(View(nlp.make_doc(text)), rules, rules, known, [], list(spans))
    return [(text[m.start : m.end], m.label, m.entity) for m in decided]


def test_a_known_name_stands_against_a_longer_one_of_its_label(nlp):
    text = "大阪市南部を結ぶ。"
    known = [Candidate(0, 3, Label.PLACE, "大阪市", 3)]
    decided = _decide(nlp, text, _spans(text, ("大阪市南部", "PLACE")), known)
    assert decided == [("大阪市", Label.PLACE, "大阪市")]


def test_a_longer_name_of_another_label_holds_a_known_one(nlp):
    text = "日本創作者同盟が訴えた。"
    known = [Candidate(0, 2, Label.PLACE, "日本", 3)]
    decided = _decide(nlp, text, _spans(text, ("日本創作者同盟", "ORG")), known)
    assert decided == [("日本創作者同盟", Label.ORG, "日本創作者同盟")]


def test_the_lexicon_decides_about_the_label_of_its_names(nlp):
    text = "アサギリが発表した。"
    known = [Candidate(0, 4, Label.COMPANY, "Asagiri", 3)]
    decided = _decide(nlp, text, _spans(text, ("アサギリ", "PRODUCT")), known)
    assert decided == [("アサギリ", Label.COMPANY, "Asagiri")]


def test_an_unsure_rule_gives_way_and_a_bare_guess_is_dropped(nlp):
    text = "東砂州市は11日、柊を植えた。"
    others = [Candidate(0, 4, Label.PERSON, "東砂州市", 3), Candidate(9, 10, Label.PLACE, "柊", 1)]
    decided = _decide(nlp, text, _spans(text, ("東砂州市", "PLACE")), others=others)
    assert decided == [("東砂州市", Label.PLACE, "東砂州市")]


def test_a_title_makes_a_person_whatever_the_tagger_says(nlp):
    text = "土岐氏が述べた。"
    others = [Candidate(0, 2, Label.PERSON, "土岐隆", 6)]
    decided = _decide(nlp, text, _spans(text, ("土岐", "PLACE")), others=others)
    assert decided == [("土岐", Label.PERSON, "土岐隆")]


def test_a_tagged_name_takes_the_canonical_name_of_the_rule_that_found_it(nlp):
    text = "鈴木が述べた。"
    others = [Candidate(0, 2, Label.PERSON, "鈴木花子", 2)]
    decided = _decide(nlp, text, _spans(text, ("鈴木", "PERSON")), others=others)
    assert decided == [("鈴木", Label.PERSON, "鈴木花子")]


def test_events_are_no_names_and_free_what_lies_in_them_not(nlp):
    text = "柊映画祭が開かれた。"
    assert _decide(nlp, text, _spans(text, ("柊映画祭", "EVENT"))) == []


def test_a_firm_and_a_place_make_a_branch(nlp):
    text = "青嶺物産九州が発表した。"
    known = [
        Candidate(0, 4, Label.COMPANY, "青嶺物産", 3),
        Candidate(4, 6, Label.PLACE, "九州", 3),
    ]
    decided = _decide(nlp, text, _spans(text, ("青嶺物産九州", "COMPANY")), known)
    assert decided == [("青嶺物産九州", Label.COMPANY, "青嶺物産九州")]


def test_a_branch_needs_no_tagger_and_no_short_country(nlp):
    text = "青嶺物産九州と青嶺物産米工場、青嶺物産九州工場"
    known = [
        Candidate(0, 4, Label.COMPANY, "青嶺物産", 3),
        Candidate(4, 6, Label.PLACE, "九州", 3),
        Candidate(7, 11, Label.COMPANY, "青嶺物産", 3),
        Candidate(11, 12, Label.PLACE, "米国", 3),
        Candidate(15, 19, Label.COMPANY, "青嶺物産", 3),
        Candidate(19, 21, Label.PLACE, "九州", 3),
    ]
    surfaces = [surface for surface, *_ in _decide(nlp, text, known=known)]
    assert surfaces == ["青嶺物産九州", "青嶺物産", "米", "青嶺物産", "九州"]


def test_a_chip_stands_against_the_tagger(nlp):
    text = "アクセラレーターVX-9を使う。"
    chip = [Candidate(8, 12, Label.CHIP, "VX-9", 4)]
    decided = _decide(nlp, text, _spans(text, ("アクセラレーターVX-9", "PRODUCT")), others=chip)
    assert decided == [("VX-9", Label.CHIP, "VX-9")]


def test_mended_names_never_overlap(nlp):
    text = "凪原電力島へ行く。"
    spans = _spans(text, ("凪原電", "COMPANY"), ("力島", "PLACE"))
    decided = decide(View(nlp.make_doc(text)), [], [], [], [], spans)
    taken = [at for mention in decided for at in range(mention.start, mention.end)]
    assert len(taken) == len(set(taken))


def test_a_known_name_ends_the_name_of_a_person_before_it(nlp):
    text = "シューマン仏外相が述べた。"
    known = [Candidate(5, 6, Label.PLACE, "フランス", 5)]
    decided = _decide(nlp, text, _spans(text, ("シューマン仏", "PERSON")), known)
    assert decided == [
        ("シューマン", Label.PERSON, "シューマン"),
        ("仏", Label.PLACE, "フランス"),
    ]


def test_a_product_that_no_rule_finds_is_a_guess(nlp):
    text = "「霧の中」だと言う。"
    assert _decide(nlp, text, _spans(text, ("霧の中", "PRODUCT"))) == []


@pytest.mark.parametrize(
    ("text", "name", "label"),
    [
        ("「霧の中」を上演した。", "霧の中", "PRODUCT"),
        ("霧の中を上演した。", "霧の中", None),
        ("「霧の中」を読んだ。", "霧の中", None),
        ("KiriDBの版が", "KiriDB", "PRODUCT"),
        ("Kiriの版が", "Kiri", None),
        ("KPM-40の出荷が", "KPM-40", "PRODUCT"),
        ("「霧の中」を上演した。", "霧の中", "POLICY"),
    ],
)
def test_a_tagged_product_is_believed_where_its_spelling_or_its_use_tells(nlp, text, name, label):
    tagged = _spans(text, (name, label or "PRODUCT"))
    believed = [(name, Label.PRODUCT, name)] if label == "PRODUCT" else []
    assert _decide(nlp, text, tagged) == believed


def test_a_name_tagged_only_where_a_longer_one_begins_spreads_nowhere(nlp):
    text = "青嶺製作所が動いた。青嶺製作所は伸びた。青嶺の湖。"
    view = View(nlp.make_doc(text))
    spans = _spans(text, ("青嶺製作所", "COMPANY"), ("青嶺", "PERSON", 2))
    assert ("青嶺", "PERSON") in _surfaces(text, consistent(view, spans, []))


@pytest.mark.parametrize(
    ("text", "tagged", "expected"),
    [
        ("三雲亮助教によると", "三雲亮助", "三雲亮"),
        ("三雲亮助教授によると", "三雲亮助", "三雲亮助"),
    ],
)
def test_an_assistant_is_none_of_a_name(nlp, text, tagged, expected):
    view = View(nlp.make_doc(text))
    found = mended(view, _spans(text, (tagged, "PERSON")))
    assert _surfaces(text, found) == [(expected, "PERSON")]


def test_a_place_that_shows_what_a_name_is_counts_more(nlp):
    text = "ヴェスタルク社の装置だ。ヴェスタルクの株。ヴェスタルクの街。"
    spans = _spans(
        text,
        ("ヴェスタルク", "COMPANY"),
        ("ヴェスタルク", "PLACE", 2),
        ("ヴェスタルク", "PLACE", 3),
    )
    found = consistent(View(nlp.make_doc(text)), spans, [])
    assert _surfaces(text, found) == [("ヴェスタルク", "COMPANY")] * 3


def test_the_title_of_a_place_shows_nobody(nlp):
    text = "三瀬市長が来た。三瀬で会う。三瀬の駅。"
    spans = _spans(text, ("三瀬", "PERSON"), ("三瀬", "PLACE", 2), ("三瀬", "PLACE", 3))
    found = consistent(View(nlp.make_doc(text)), spans, [])
    assert _surfaces(text, found) == [("三瀬", "PLACE")] * 3


def test_a_whole_person_beats_the_part_before_the_title(nlp):
    text = "来生野氏が述べた。"
    titled = Candidate(1, 3, Label.PERSON, "生野", 6)
    decided = _decide(nlp, text, _spans(text, ("来生野", "PERSON")), others=[titled])
    assert decided == [("来生野", Label.PERSON, "来生野")]
    text = "世耕前幹事長が述べた。"
    titled = Candidate(0, 2, Label.PERSON, "世耕", 6)
    decided = _decide(nlp, text, _spans(text, ("世耕前", "PERSON")), others=[titled])
    assert decided == [("世耕", Label.PERSON, "世耕")]


def test_a_body_is_whole_with_what_its_end_belongs_to(nlp):
    text = "国民前進党が発表した。"
    known = [Candidate(2, 5, Label.ORG, "前進党", 3)]
    decided = _decide(nlp, text, _spans(text, ("国民前進党", "ORG")), known)
    assert decided == [("国民前進党", Label.ORG, "国民前進党")]
