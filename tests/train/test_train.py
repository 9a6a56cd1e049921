"""A tiny run of each training command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from ronten import models
from ronten.cli import app
from ronten.errors import UsageError
from ronten.linear import LinearModel
from ronten.same_point import JOINED
from ronten.stance_context import FEATURES, ContextModel
from ronten.text_pairs import PairNetwork
from ronten.train.checkworthiness import calibration_error
from ronten.word_vectors import WordVectors


def train(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["train", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def article(name: str) -> dict[str, Any]:
    text = "橋は昨年完成した。費用は増えるだろう。道も直すべきだ。判断は妥当だ。"
    types = ["fact", "prediction", "policy", "interpretation"]
    claims = []
    start = 0
    for number, type_ in enumerate(types):
        end = text.index("。", start)
        claims.append(
            {
                "id": f"c{number}",
                "content": [[start, end]],
                "holder": "h",
                "attribution": "authorial",
                "type": type_,
            }
        )
        start = end + 1
    holder = {"id": "h", "name": "", "kind": "article_author"}
    return {"id": name, "text": text, "holders": [holder], "claims": claims}


def test_types(tmp_path: Path) -> None:
    for folder in ("final", "first"):
        (tmp_path / folder).mkdir()
        for name in ("a", "b", "c"):
            path = tmp_path / folder / f"{name}.json"
            path.write_text(json.dumps(article(name)), encoding="utf-8")
    (tmp_path / "splits.json").write_text('{"a": "train", "b": "train", "c": "dev"}')
    out = tmp_path / "types-9.9.9"
    printed = train("types", out, "--corpus", tmp_path)
    assert '"majority": 0.25' in printed
    assert models.verify(out)["scores"]["dev_majority"] == 0.25
    first = (out / "model.safetensors").read_bytes()
    train("types", out, "--corpus", tmp_path)
    assert (out / "model.safetensors").read_bytes() == first
    assert LinearModel.load("types", out).labels == (
        "fact",
        "prediction",
        "policy",
        "interpretation",
    )


def test_checkworthiness(tmp_path: Path) -> None:
    rows = [
        {"topic": topic, "utterance": text, "fact_checkability": votes}
        for topic in ("橋", "道")
        for text, votes in (
            (f"{topic}は昨年3億円で完成した。", [1, 1, 0]),
            (f"{topic}は大切だと思う。", [0, 0, 0]),
            (f"{topic}は昨年2億円で完成した。", [1, 1, 1]),
            (f"{topic}は立派だと思う。", [0, 1, 0]),
        )
    ]
    votes = tmp_path / "votes.jsonl"
    votes.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    out = tmp_path / "checkworthiness-9.9.9"
    assert "ece" in train("checkworthiness", out, "--votes", votes)
    assert all(isinstance(name, int) for name in LinearModel.load("checkworthiness", out).weights)
    written = b"".join(path.read_bytes() for path in out.iterdir())
    assert not any(word.encode() in written for word in ("橋", "完成", "大切"))


@pytest.mark.parametrize(
    ("line", "message"),
    [("{}", "votes.jsonl:1"), ("x", "votes.jsonl:1"), (None, "at least two")],
)
def test_unusable_votes(tmp_path: Path, line: str | None, message: str) -> None:
    from ronten.errors import UsageError

    row = {"topic": "橋", "utterance": "橋は完成した。", "fact_checkability": [1]}
    votes = tmp_path / "votes.jsonl"
    votes.write_text(line or json.dumps(row), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        train("checkworthiness", tmp_path / "checkworthiness-1.0.0", "--votes", votes)


def test_calibration_error() -> None:
    truth = np.array([True, False, True, False])
    assert calibration_error(np.array([1.0, 0.0, 1.0, 0.0]), truth) == 0
    assert calibration_error(np.full(4, 0.5), truth) == 0
    assert calibration_error(np.full(4, 0.9), truth) == pytest.approx(0.4)


TRIPLES = Path(__file__).parents[2] / "corpus" / "triples"


def write_rows(path: Path, keys: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    lines = [json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")


def small_triples(folder: Path) -> Path:
    """Write triples on four topics: two to train on, one for dev, one for tests."""
    (first, *_) = sorted(TRIPLES.glob("*.tsv"))
    header, *lines = first.read_text(encoding="utf-8").splitlines()
    topics = list(dict.fromkeys(line.partition("\t")[0] for line in lines))[:4]
    kept = [[line for line in lines if line.startswith(f"{topic}\t")][:3] for topic in topics]
    folder.mkdir()
    rows = [header, *(line for group in kept for line in group)]
    (folder / "some.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def small_gold(folder: Path) -> Path:
    gold = folder / "final"
    gold.mkdir(parents=True)
    for name in ("a", "b"):
        data = article(name) | {"targets": ["架橋"]}
        data["text"] = "橋は昨年完成した。橋は昨年できたとみる。橋は来年完成する。雨が降った。"
        for claim, sentence in zip(data["claims"], data["text"].split("。"), strict=False):
            start = data["text"].index(sentence)
            claim["content"] = [[start, start + len(sentence)]]
        for number, claim in enumerate(data["claims"]):
            claim["position"] = "same" if number < 2 else f"{name}{number}"
        data["claims"][2]["stance"] = {"target": "架橋", "label": "favor"}
        (gold / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "splits.json").write_text('{"a": "train", "b": "dev"}')
    return gold


def small_sides(folder: Path) -> tuple[Path, Path]:
    """Write two marked articles, and the sides of their claims."""
    marked, sides = folder / "marked", folder / "sides"
    marked.mkdir()
    sides.mkdir()
    texts, rows = [], []
    for id_ in ("M-1", "M-2"):
        texts.append(
            f"### {id_} | 橋 | 2025-02-06 |\n"
            "[[S1|戸叶亮介氏]]は[[C1|橋は要る]][[Q1|とし]]た。[[S2|大原誠氏]]は[[C2|費用が重い]]と[[Q2|述べ]]た。"
            "工事は三年かかる。\n@@\n1 | 戸叶亮介 | person | policy\n2 | 大原誠 | person | fact\n"
        )
        rows += [f"{id_}\t架橋\tfa\t.", f"{id_}\tpoints\t2,o1"]
    (marked / "part.txt").write_text("\n".join(texts), encoding="utf-8")
    (sides / "sides.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return sides, marked


def test_embedding(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    rows = [("橋が完成した", "橋ができた", 4.2), ("雨が降った", "橋ができた", 0.1)] * 40
    write_rows(pairs, ("sentence1", "sentence2", "label"), rows)
    out = tmp_path / "embedding-9.9.9"
    triples = small_triples(tmp_path / "triples")
    printed = train(
        "embedding", out, "--jsts", pairs, "--valid", pairs, "--triples", triples, "--steps", "1"
    )
    assert '"sif_jsts_valid_spearman"' in printed
    assert models.verify(out)["name"] == "embedding"
    table = WordVectors.load(out)
    assert table.encode(["橋が完成した"]).shape == (1, 192)
    # Words of the training texts have rows of their own behind the 20 000 shared ones.
    assert any(20_000 <= row < len(table.vectors) - table.fallback for row, _ in table.lookup("橋"))


def test_same_point(tmp_path: Path) -> None:
    out = tmp_path / "same_point-9.9.9"
    triples, gold = small_triples(tmp_path / "triples"), small_gold(tmp_path / "gold")
    printed = train("same-point", out, "--triples", triples, "--gold", gold, "--steps", "2")
    assert '"dev_same_over_near"' in printed
    network = PairNetwork.load("same_point", out)
    assert len(network.config["joined"]) == len(JOINED) + 1
    assert len(network.config["joined_with_encoder"]) == len(JOINED) + 2
    assert network.config["symmetric"] is True


def test_pair_network_computes_what_torch_does() -> None:
    import torch

    from ronten.text_pairs import words_of
    from ronten.train.pairs_network import Network, Shape

    table = WordVectors.load(models.find("embedding"))
    words = words_of(table, ["橋が昨年完成した", "費用は増える", "", "橋は必要だ"])
    pairs = np.array([[0, 1], [1, 3], [2, 0], [3, 3]])
    for symmetric in (True, False):
        torch.manual_seed(1)
        network = Network(words, 2, symmetric, Shape()).eval()
        with torch.no_grad():
            expected = network(pairs).numpy()
        read = PairNetwork(network.weights(), {"symmetric": symmetric}, table)
        texts = read.read(["橋が昨年完成した", "費用は増える", "", "橋は必要だ"])
        np.testing.assert_allclose(read.scores(texts, pairs), expected, atol=2e-3)


def test_stance(tmp_path: Path) -> None:
    votes = tmp_path / "votes.jsonl"
    rows = [
        (topic, text, stance)
        for topic in ("架橋を進めるべきである", "増税を進めるべきである")
        for text, stance in (
            ("進めるべきだ", [1, 1, 0]),
            ("反対だ", [2, 2, 2]),
            ("雨だ", [0, 0, 0]),
        )
    ] * 5
    write_rows(votes, ("topic", "utterance", "stance"), rows)
    out = tmp_path / "stance-9.9.9"
    triples, gold = small_triples(tmp_path / "triples"), small_gold(tmp_path / "gold")
    sides, marked = small_sides(tmp_path)
    more = "--sides", sides, "--marked", marked
    printed = train("stance", out, "--votes", votes, "--triples", triples, "--gold", gold, *more)
    assert '"votes_majority_macro_f1"' in printed
    assert '"gold_dev_macro_f1"' in printed
    assert models.verify(out)["files"].keys() >= {"context.json"}
    assert ContextModel.read(out).weights.shape == (len(FEATURES), 3)
    assert LinearModel.load("stance", out).labels == ("none", "favor", "against")


def test_triples_are_sound() -> None:
    from ronten.train.triples import SPLITS, read_triples

    held = {split: read_triples(TRIPLES, split) for split in SPLITS}
    assert sum(map(len, held.values())) >= 6_000
    topics = {split: {triple.topic for triple in triples} for split, triples in held.items()}
    assert sum(map(len, topics.values())) >= 150
    assert not topics["train"] & (topics["dev"] | topics["test"])
    assert not topics["dev"] & topics["test"]
    for triples in held.values():
        for triple in triples:
            assert len(set(triple[1:6])) == 5, triple.claim


def test_broken_triples_are_named(tmp_path: Path) -> None:
    from ronten.train.triples import read_triples

    (tmp_path / "x.tsv").write_text("架橋\t一\t二\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"x\.tsv:1: expected topic claim same"):
        read_triples(tmp_path, "train")
    (tmp_path / "x.tsv").write_text("\t".join("架一二三四五") + "\tpro\tnone\tnone\n", "utf-8")
    with pytest.raises(UsageError, match="a stance is one of"):
        read_triples(tmp_path, "train")
    with pytest.raises(UsageError, match="no triples"):
        read_triples(tmp_path / "none", "train")
