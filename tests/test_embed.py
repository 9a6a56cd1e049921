from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ronten import models
from ronten.embed import Embedder, load_embedder
from ronten.errors import ModelNotFound
from ronten.word_vectors import WordVectors

MODELS = Path(__file__).parents[1] / "models"
EMBEDDING = MODELS / "embedding-0.2.1"
JSTS = Path(__file__).parents[2] / "shared" / "data" / "jglue" / "jsts-valid.jsonl"

TEXTS = [
    "政府は来年度から半導体の輸出管理を強化する。",
    "来年度、政府は半導体輸出の管理を厳しくする。",
    "商店街では秋祭りの準備が進んでいる。",
    "ゾルグノヴァ社のQX-9900は3.14倍速い",
    "規制" * 30_000,
    "",
    "！？……\n\t ",
    "𠮷野家の\x00😀が\u3099",
]


@pytest.fixture(scope="module")
def own() -> Embedder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(models.ENVIRONMENT, str(MODELS))
        return load_embedder()


def similarity(embedder: Embedder, first: str, second: str) -> float:
    one, two = embedder.encode([first, second])
    return float(one @ two)


def test_shape_type_and_length(own: Embedder) -> None:
    vectors = own.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), own.dim)
    lengths = np.linalg.norm(vectors, axis=1)
    silent = [not any(character.isalnum() for character in text) for text in TEXTS]
    np.testing.assert_allclose(lengths, np.where(silent, 0, 1), atol=1e-6)
    assert own.encode([]).shape == (0, own.dim)


def test_a_vector_depends_on_its_text_alone(own: Embedder) -> None:
    together = own.encode(TEXTS)
    np.testing.assert_array_equal(np.concatenate([own.encode([text]) for text in TEXTS]), together)
    order = random.Random(1).sample(range(len(TEXTS)), len(TEXTS))
    np.testing.assert_array_equal(own.encode([TEXTS[i] for i in order]), together[order])
    np.testing.assert_array_equal(own.encode(TEXTS * 40), np.tile(together, (40, 1)))


def test_paraphrase_is_nearer_than_another_topic(own: Embedder) -> None:
    assert similarity(own, TEXTS[0], TEXTS[1]) > 0.8
    assert similarity(own, TEXTS[0], TEXTS[2]) < 0.4


def test_unknown_words_count(own: Embedder) -> None:
    said = "{}は規制を歓迎した"
    equal = similarity(own, said.format("ゾルグノヴァ"), said.format("ゾルグノヴァ"))
    near = similarity(own, said.format("ゾルグノヴァ"), said.format("ゾルグノバ"))
    far = similarity(own, said.format("ゾルグノヴァ"), said.format("ペレクチュム"))
    assert equal > near > far
    assert similarity(own, "xqzzyv", "XQZZYV") == pytest.approx(1)
    assert similarity(own, "987654321", "987654322") < 0.9


def test_saved_table_is_the_same(tmp_path: Path, own: Embedder) -> None:
    table = WordVectors.load(models.find("embedding", EMBEDDING))
    table.save(tmp_path)
    again = WordVectors.load(tmp_path)
    np.testing.assert_array_equal(again.encode(TEXTS), own.encode(TEXTS))


def test_default_model_needs_no_heavy_import() -> None:
    code = (
        "import sys; from ronten.embed import load_embedder; "
        f"load_embedder({str(EMBEDDING)!r}).encode(['規制']); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'spacy')))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], check=False, env=environment)
    assert done.returncode == 0


def test_damaged_model_is_reported(tmp_path: Path) -> None:
    for file in (EMBEDDING).iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        weights.write(b"\x7f")
    with pytest.raises(ModelNotFound, match=r"model\.safetensors differs"):
        load_embedder(str(tmp_path))


def test_prompt_of_own_model(own: Embedder) -> None:
    prompted = load_embedder(str(EMBEDDING), prompt="経済：")
    np.testing.assert_array_equal(prompted.encode(["規制"]), own.encode(["経済：規制"]))
    assert prompted.fingerprint != own.fingerprint


def test_sentence_transformers_gives_equal_vectors(own: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    path = str(EMBEDDING)
    model = SentenceTransformer(path, trust_remote_code=True, device="cpu", local_files_only=True)
    np.testing.assert_array_equal(model.encode(TEXTS, batch_size=3), own.encode(TEXTS))
    assert model.get_embedding_dimension() == own.dim


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny sentence-transformers model with prompts, one of them the default."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = {"?": 0, "topic": 1, "query": 2, "rule": 3, "export": 4}
    tokenizer = Tokenizer(WordLevel(words, unk_token="?"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.array([[0, 0, 0], [2, 0, 0], [0, 3, 0], [0, 0, 5], [1, 1, 1]], dtype=np.float32)
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)],
        prompts={"query": "query ", "cluster": "topic "},
        default_prompt_name="cluster",
        device="cpu",
    )
    path = tmp_path_factory.mktemp("foreign") / "tiny"
    model.save_pretrained(str(path), create_model_card=False)
    return path


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (None, [2, 0, 5]),  # the default prompt of the model
        ("query", [0, 3, 5]),  # one of its prompts, by name
        ("document", [0, 0, 1]),  # one that sentence-transformers adds, empty
        ("export ", [1, 1, 6]),  # a prompt of one's own
        ("", [0, 0, 1]),
    ],
)
def test_prompts_of_another_model(foreign: Path, prompt: str | None, expected: list[int]) -> None:
    embedder = load_embedder(str(foreign), prompt=prompt)
    vectors = embedder.encode(["rule", "rule"])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors[0], np.array(expected) / np.linalg.norm(expected), atol=1e-6)
    assert embedder.dim == 3
    assert np.isfinite(load_embedder(str(foreign), prompt="").encode(["unknown"])).all()


def test_fingerprint_of_another_model(foreign: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    default = load_embedder(str(foreign)).fingerprint
    assert default.startswith("tiny:")
    assert load_embedder(str(foreign)).fingerprint == default
    assert load_embedder(str(foreign), prompt="query").fingerprint != default
    model = SentenceTransformer(str(foreign), device="cpu", local_files_only=True)
    model.state_dict()["0.embedding.weight"][3, 0] += 1
    model.save_pretrained(str(tmp_path / "tiny"), create_model_card=False)
    assert load_embedder(str(tmp_path / "tiny")).fingerprint != default


def test_folders_never_reach_the_network(foreign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    used: list[Any] = []

    def refuse(*args: Any, **kwargs: Any) -> None:
        used.append(args)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    load_embedder(str(foreign)).encode(["rule"])
    load_embedder(str(EMBEDDING)).encode(["規制"])
    assert used == []


def test_missing_models_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelNotFound, match="no folder"):
        load_embedder(str(tmp_path / "nothing"))
    (tmp_path / "modules.json").write_text("not json")
    with pytest.raises(ModelNotFound, match="cannot be loaded"):
        load_embedder(str(tmp_path))
    import sentence_transformers

    def unreachable(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError("hub unreachable")

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", unreachable)
    with pytest.raises(ModelNotFound, match=r"hf download someone/model"):
        load_embedder("someone/model")


def test_opposites_are_told_apart(own: Embedder) -> None:
    # ja_ginza has one row for both words; these have rows of their own.
    assert similarity(own, "需要は増加した", "需要は減少した") < 0.9


def test_words_of_one_vector(own: Embedder) -> None:
    table = WordVectors.load(EMBEDDING)
    assert table.tagged("3割増えた。") == [
        ("3", "数詞"), ("割", "名詞"), ("増える", "動詞"), ("た", "助動詞"), ("。", "補助記号"),
    ]  # fmt: skip
    assert not table.vector("。").any()
    known, unknown = table.vector("需要"), table.vector("ゾルグノヴァ")
    assert known.shape == unknown.shape == (own.dim,)
    assert 0.2 < np.linalg.norm(unknown) < 5


@pytest.mark.skipif(not JSTS.exists(), reason="JSTS valid is not at hand")
def test_score_in_meta_is_true(own: Embedder) -> None:
    from ronten.train.embedding import read_pairs, spearman

    scores = models.verify(EMBEDDING)["scores"]
    found = spearman(own.encode, read_pairs(JSTS))
    assert found == pytest.approx(scores["jsts_valid_spearman"], abs=1e-3)
    assert found >= 0.80
    assert found > scores["sif_jsts_valid_spearman"] + 0.03
