"""Training of the parser: its teacher, its inputs, its network, a run of one step."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from ronten import models
from ronten.cli import app
from ronten.components.columns import borders
from ronten.components.language import base
from ronten.components.parse import sentence_tokens
from ronten.components.parser import LONGEST, Parser, token_keys
from ronten.components.structure import TextComponent
from ronten.errors import UsageError
from ronten.train.ginza_parser import GinzaParser
from ronten.train.parser import Settings, agreement, train
from ronten.train.parser_data import label, prepare, read_texts

TEXT = "社長は「需要は堅調だ」と述べた。橋は来年完成する。"
NAMES = "### n-001 | 延伸 | 2026-05-12\n[[PERSON|土岐隆]]部会長は[[PLACE|柊市]]で話した。\n"
CLAIMS = """### T-1 | 港 | 2025-02-06 |
[[S1|戸叶亮介市長]]は[[C1|補修は待てない]]と[[Q1|述べ]]た。
@@
1 | 戸叶亮介 | person | policy
"""


@pytest.fixture(scope="module")
def labelled():
    from ronten.components.extensions import register

    register()
    nlp, teacher = base(), GinzaParser()
    return nlp, teacher, list(label(nlp, teacher, [TEXT, "雨が" * LONGEST + "降る。", ""]))


def test_the_teacher_gives_one_tree_for_each_of_our_sentences(labelled):
    nlp, teacher, samples = labelled
    assert [len(sample.relations) for sample in samples] == [12, 6]
    assert [int((s.heads == np.arange(len(s.heads))).sum()) for s in samples] == [1, 1]
    # GiNZA splits here; what it takes for another sentence hangs on the last root.
    doc = TextComponent()(nlp.make_doc("「雨だ。風だ。」と彼は言った。"))
    [tree] = teacher(doc, sentence_tokens(doc, *borders(doc)))
    assert int((tree.heads == np.arange(len(doc))).sum()) == 1


def test_numpy_computes_what_torch_does(labelled):
    import torch

    from ronten.train.parser_network import Network, padded

    nlp, _, samples = labelled
    prepared = prepare(nlp, samples, 5)
    torch.manual_seed(1)
    settings = Settings(width=16, arc=8)
    network = Network(prepared, settings, nlp.vocab.vectors.data).eval()
    known = prepared.alphabet
    config = {
        "relations": prepared.relations, "dilations": settings.dilations,
        "words": list(known.words), "tags": list(known.tags), "forms": list(known.forms),
    }  # fmt: skip
    parser = Parser(network.weights(), config, nlp.vocab)
    batch = padded(prepared.parts)
    sizes = np.array([len(part.types) for part in prepared.parts])
    with torch.no_grad():
        states = network.states(batch)[batch.mask].numpy()
        scores = network.scores(network.outputs(batch), batch.mask).numpy()
    features = parser.encoder.encode(np.concatenate([s.keys for s in samples]), sizes)
    np.testing.assert_allclose(parser.states(features, sizes), states, atol=1e-5)
    said = parser.outputs(features, sizes)
    ends = np.cumsum(sizes).tolist()
    for expected, first, last in zip(scores, [0, *ends], ends, strict=False):
        count = last - first
        ours = parser.scores(said, first, last)
        np.testing.assert_allclose(ours, expected[:count, :count], atol=1e-5)


def test_training_finds_its_own_trees_again(labelled):
    nlp, _, samples = labelled
    settings = Settings(steps=60, width=32, dropout=0.0, word_dropout=0.0, average=0.5)
    parser = train(nlp, prepare(nlp, samples, 20), settings, lambda line: None)
    found = agreement(parser, samples)
    assert found["uas"] > 0.9
    assert found["las"] > 0.9
    assert found["next_uas"] < 0.5


def test_command(tmp_path: Path) -> None:
    gold = tmp_path / "gold" / "final"
    gold.mkdir(parents=True)
    for name in ("a", "b"):
        article = {"id": name, "text": TEXT, "holders": [], "claims": []}
        (gold / f"{name}.json").write_text(json.dumps(article), encoding="utf-8")
    (gold.parent / "splits.json").write_text('{"a": "train", "b": "dev"}')
    for folder, text in (("names", NAMES), ("claims", CLAIMS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "part.txt").write_text(text, encoding="utf-8")
    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": "橋は来年完成する。"}\n{"utterance": "雨が降った。"}\n', "utf-8")
    out = tmp_path / "parser-9.9.9"
    result = CliRunner().invoke(
        app,
        [
            "train", "parser", str(out), "--gold", str(gold), "--marked", str(tmp_path / "claims"),
            "--names", str(tmp_path / "names"), "--texts", str(texts), "--steps", "1",
            "--real", str(gold),
        ],
        catch_exceptions=False,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert {"dev_uas", "real_las"} <= set(models.verify(out)["scores"])
    nlp = base()
    doc = nlp.make_doc(TEXT)
    heads, _ = Parser.load(out, nlp.vocab).parse(token_keys(doc), [len(doc)])
    assert int((heads == 0).sum()) == 1


def test_unusable_texts_are_named(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"sentence1": "雨", "sentence2": "風"}\n{"text": "雨"}\n', encoding="utf-8")
    assert read_texts(path) == ["雨", "風"]
    for line, message in (("x", "not a line of JSON"), ("{}", "none of the keys")):
        path.write_text(line, encoding="utf-8")
        with pytest.raises(UsageError, match=rf"texts\.jsonl:1: {message}"):
            read_texts(path)
