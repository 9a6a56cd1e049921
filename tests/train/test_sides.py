"""Reading which sides marked claims take."""

import pytest

from ronten.errors import UsageError
from ronten.stances import LABELS
from ronten.train.sides import read_sides

TEXT = """### T-1 | 港 | 2025-02-06 |
[[S1,2|戸叶亮介市長]]は[[C1|補修は待てない]][[Q1|とし]]、「[[C2|春に始める]]」と[[Q2|明言]]した。工事は三年かかる。
@@
1 | 戸叶亮介 | person | policy
2 | 戸叶亮介 | person | prediction
"""


@pytest.fixture
def marked(tmp_path):
    folder = tmp_path / "marked"
    folder.mkdir()
    (folder / "part.txt").write_text(TEXT, encoding="utf-8")
    return folder


def _sides(tmp_path, text):
    folder = tmp_path / "sides"
    folder.mkdir()
    (folder / "sides.tsv").write_text(text, encoding="utf-8")
    return folder


def test_letters_belong_to_reported_and_own_claims(tmp_path, marked):
    sides = _sides(tmp_path, "# id\ttarget\nT-1\t岸壁補修\tf.\ta\nT-1\tpoints\t1,o1\n")
    [sided] = read_sides(sides, marked)
    assert sided.targets == ["岸壁補修"]
    said = {
        sided.article.text[slice(*claim.content[0])]: LABELS[side]
        for claim, side in zip(sided.article.claims, sided.sides[0], strict=True)
    }
    assert said == {"補修は待てない": "favor", "春に始める": "none", "工事は三年かかる": "against"}


def test_an_article_without_sides_is_left_out(tmp_path, marked):
    assert read_sides(_sides(tmp_path, "T-1\t-\n"), marked) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T-2\t岸壁補修\tf.\ta", "no article 'T-2'"),
        ("T-1\t岸壁補修\tf\ta", "expected 2 letters for reported and 1 for own"),
        ("T-1\t岸壁補修\tfx\ta", "expected 2 letters"),
        ("T-1\t岸壁補修", "expected id, target and letters"),
    ],
)
def test_a_line_at_fault_is_named(tmp_path, marked, line, message):
    sides = _sides(tmp_path, f"T-1\t岸壁補修\tf.\ta\n{line}\n")
    with pytest.raises(UsageError, match=message) as error:
        read_sides(sides, marked)
    assert "sides.tsv:2" in str(error.value)


def test_a_folder_without_sides_is_named(tmp_path, marked):
    with pytest.raises(UsageError, match=r"no \*\.tsv"):
        read_sides(tmp_path, marked)
