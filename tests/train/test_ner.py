"""Training of the tagger: its inputs, its scores, a run of one step."""

import json

import pytest
from typer.testing import CliRunner

from ronten import models
from ronten.cli import app
from ronten.components.language import base
from ronten.components.mentions.tagger import Tagger
from ronten.components.mentions.view import View
from ronten.errors import UsageError
from ronten.train.names import read_names
from ronten.train.ner import score
from ronten.train.ner_data import Sample, read_marked, read_named, read_wikipedia

WIKIPEDIA = [
    {"text": "青嶺製作所は東京都にある。", "entities": [
        {"span": [0, 5], "label": "法人名"}, {"span": [6, 9], "label": "地名"}]},
    {"text": "柊大学の土岐隆が開いた柊駅。", "entities": [
        {"span": [0, 3], "label": "法人名"}, {"span": [4, 7], "label": "人名"},
        {"span": [11, 13], "label": "施設名"}]},
]  # fmt: skip
MARKED = """### n-001 | 延伸の見通し | 2026-05-12
[[PERSON|土岐隆]]部会長は[[PLACE|柊市]]で話した。
[[CHIP|VX-9]]を使う。

### n-002 | 二つ目 |
名のない文。
"""
CLAIMS = """### c-001 | 柊市の水 | 2026-05-12 |
[[S1|土岐隆氏]]は[[C1|水は足りる]]と[[Q1|述べ]]た。
@@
1 | 土岐隆 | person | fact
"""
NAMES = "article\tstart\tend\tlabel\tname\nc-001\t0\t3\tPERSON\t土岐隆\n"
ENAMDICT = "土岐隆 [ときたかし] /(h) Toki Takashi/\n柊 [ひいらぎ] /(s,p) Hiiragi/\n"
NAIST = "(品詞 (名詞 固有名詞 組織)) ((見出し語 (青嶺製作所 3199)) (読み アオネ) )\n"


@pytest.fixture
def sources(tmp_path):
    """A tiny set of everything that `ronten train ner` reads."""
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in WIKIPEDIA)
    (tmp_path / "wikipedia.jsonl").write_text(lines, "utf-8")
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "part.txt").write_text(MARKED, "utf-8")
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "part.txt").write_text(CLAIMS, "utf-8")
    (tmp_path / "claims" / "names.tsv").write_text(NAMES, "utf-8")
    (tmp_path / "enamdict").write_bytes(ENAMDICT.encode("euc_jp"))
    (tmp_path / "naist").write_bytes(NAIST.encode("euc_jp"))
    gold = tmp_path / "gold"
    gold.mkdir()
    text = "青嶺製作所の社長が述べた。"
    entities = [{"span": [0, 5], "label": "COMPANY", "entity": "青嶺製作所"}]
    record = {"id": "g1", "text": text, "entities": entities}
    (gold / "g1.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    (gold / "splits.json").write_text('{"g1": "train"}', "utf-8")
    return tmp_path


def test_wikipedia_labels_become_ours(sources):
    first, second = read_wikipedia(sources / "wikipedia.jsonl")
    assert first.names == [(0, 5, "COMPANY"), (6, 9, "PLACE")]
    assert second.names == [(0, 3, "ORG"), (4, 7, "PERSON"), (11, 13, "FACILITY")]


def test_a_broken_line_is_named(tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_text('{"text": "あ", "entities": []}\n{"text": "い"}\n', "utf-8")
    with pytest.raises(UsageError, match=r"broken\.jsonl:2"):
        read_wikipedia(path)


def test_marks_become_names(sources):
    first, second = read_marked(sources / "names" / "part.txt")
    assert first.title == "延伸の見通し"
    assert [(first.text[s:e], label) for s, e, label in first.names] == [
        ("土岐隆", "PERSON"), ("柊市", "PLACE"), ("VX-9", "PRODUCT"),
    ]  # fmt: skip
    assert (second.text, second.names) == ("名のない文。", [])


@pytest.mark.parametrize("mark", ["[[PERSONE|土岐]]", "[[PERSON|土岐]", "[[PERSON|]]"])
def test_a_wrong_mark_is_named(tmp_path, mark):
    path = tmp_path / "marks.txt"
    path.write_text(f"### a | b | c\nよい行。\n{mark}氏\n", "utf-8")
    with pytest.raises(UsageError, match=r"marks\.txt:3"):
        read_marked(path)


def test_names_beside_marked_claims(sources):
    (sample,) = read_named(sources / "claims")
    assert (sample.title, sample.text) == ("柊市の水", "土岐隆氏は水は足りると述べた。")
    assert sample.names == [(0, 3, "PERSON")]


@pytest.mark.parametrize(
    "line",
    ["c-001\t1\t3\tPERSON\t土岐隆", "c-009\t0\t3\tPERSON\t土岐隆", "c-001\t0\t3\tPERSONE\t土岐隆"],
)
def test_a_name_that_does_not_stand_there_is_named(sources, line):
    (sources / "claims" / "names.tsv").write_text(f"{NAMES}{line}\n", "utf-8")
    with pytest.raises(UsageError, match=r"names\.tsv:3"):
        read_named(sources / "claims")


def test_a_dictionary_in_another_form_is_refused(sources):
    with pytest.raises(UsageError, match="no name in it"):
        read_names(sources / "naist", sources / "naist")


def test_scores_are_strict_and_leave_facilities_and_events_out():
    sample = Sample("", "", [(0, 2, "PERSON"), (3, 6, "COMPANY"), (8, 10, "EVENT")], "wikipedia")
    found = [(0, 2, "PERSON"), (3, 5, "COMPANY"), (9, 10, "ORG"), (12, 14, "CHIP")]
    scores = score([sample], [found])
    assert scores["PERSON"] == 1.0
    assert scores["COMPANY"] == 0.0
    assert scores["ORG"] == 0.0
    assert scores["micro"] == pytest.approx(2 * 1 / (2 * 1 + 1 + 2))


def test_one_step_of_training_makes_a_model_that_loads(sources):
    out = sources / "ner-0.0.1"
    result = CliRunner().invoke(
        app,
        ["train", "ner", str(out), "--wikipedia", str(sources / "wikipedia.jsonl"),
         "--gold", str(sources / "gold"), "--names", str(sources / "names"),
         "--marked", str(sources / "claims"),
         "--enamdict", str(sources / "enamdict"), "--naist", str(sources / "naist"),
         "--steps", "1", "--folds", "2"],
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    scores = models.verify(out)["scores"]
    assert {"micro", "COMPANY", "rules_micro"} <= scores.keys()
    nlp = base()
    tagger = Tagger.load(out, nlp.vocab.vectors)
    view = View(nlp.make_doc("土岐隆は青嶺製作所の社長だ。"))
    weights = tagger.scores(tagger.encoder.encode(view, []), "news")
    assert weights.shape == (len(view.tokens), len(tagger.decoder.tags))
