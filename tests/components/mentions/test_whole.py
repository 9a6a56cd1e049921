"""Names of people that the tokens cut in two."""

import pytest

from people_in import people_in
from ronten.components.language import base
from ronten.components.mentions.name_table import SORTS, NameTable
from ronten.components.mentions.people import Names
from ronten.components.mentions.view import Candidate, View
from ronten.components.mentions.whole import whole
from ronten.types import Label


@pytest.fixture(scope="module")
def nlp():
    return base()


TABLE = NameTable.build(dict.fromkeys(["根津", "長曽我部", "曽我部"], 1 << SORTS.index("surname")))


def _whole(nlp, text, *people):
    """Surfaces of the people after `whole`, which is given these (in text order), and the names."""
    names = Names()
    result = whole(View(nlp.make_doc(text)), people_in(text, *people), names, TABLE)
    return [text[c.start : c.end] for c in result], names


@pytest.mark.parametrize(
    ("text", "people", "expected"),
    [
        ("調べてきた柏木透氏は語った。", ["柏木", "透"], "柏木透"),
        ("漫画家の早瀬リクさんに聞いた。", ["早瀬", "リク"], "早瀬リク"),
        ("相談員の牟田口千夜さんは", ["牟田口千"], "牟田口千夜"),
        ("広報の間真也部長は述べた。", ["真也"], "間真也"),
        ("会見で朝比奈フレドリック社長は", ["朝比奈"], "朝比奈フレドリック"),
        ("会見で朝比奈フレドリック社長は", ["朝比奈", "フレドリック"], "朝比奈フレドリック"),
        ("役員のヴィクラム・四方田氏だ。", ["ヴィクラム・", "四方田"], "ヴィクラム・四方田"),
        ("五番、沓掛みさを君。", ["沓掛みさ"], "沓掛みさを"),
        ("初代監督の長曽我部誠さんは", ["曽我部誠"], "長曽我部誠"),
        ("前職の根津留美雄氏が", ["津留美雄"], "根津留美雄"),
        ("推された鍋越伊作は", ["越伊作"], "鍋越伊作"),
        ("養蜂業の朝比良まどか氏が", ["比良まどか"], "朝比良まどか"),
    ],
)
def test_the_parts_of_a_name_are_joined(nlp, text, people, expected):
    surfaces, names = _whole(nlp, text, *people)
    assert surfaces == [expected]
    assert expected in names.fulls


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("父真也さんは語った。", ["真也"]),
        ("その朝佐藤健太さんは語った。", ["佐藤健太"]),
        ("主人公の友森太郎は語った。", ["森太郎"]),
        ("その朝林健太さんは語った。", ["林健太"]),
        ("隣の席森健太さんは語った。", ["森健太"]),
        ("小泉両氏は語った。", ["小泉"]),
        ("柏木、透氏は語った。", ["柏木", "透"]),
        ("柏木透が語った。", ["柏木", "透"]),
        ("柏木マネージャー社長は語った。", ["柏木"]),
        ("柏木グループ社長は語った。", ["柏木"]),
        ("柏木フレドリックは語った。", ["柏木"]),
        ("柏木を様々な角度から描く。", ["柏木"]),
        ("柏木透を先生と呼ぶ。", ["柏木透"]),
        ("柏木透を君に会わせる。", ["柏木透"]),
        ("元曽我部誠さんは", ["曽我部誠"]),
        ("会長曽我部誠さんは", ["曽我部誠"]),
    ],
)
def test_what_is_no_part_of_a_name_stays_outside(nlp, text, people):
    surfaces, names = _whole(nlp, text, *people)
    assert surfaces == people
    assert not names.fulls


def test_a_surname_behind_a_given_name_stands_for_both(nlp):
    _, names = _whole(nlp, "役員のヴィクラム・四方田氏だ。", "ヴィクラム・", "四方田")
    assert names.resolve("四方田") == {"ヴィクラム・四方田"}


def test_two_full_names_in_a_row_stay_two(nlp):
    text = "柏木透早瀬花子両氏が"
    names = Names()
    names.add("柏木透", "柏木", "透")
    names.add("早瀬花子", "早瀬", "花子")
    found = [
        Candidate(0, 3, Label.PERSON, "柏木透"),
        Candidate(3, 7, Label.PERSON, "早瀬花子"),
    ]
    assert whole(View(nlp.make_doc(text)), found, names, TABLE) == found
