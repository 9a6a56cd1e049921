"""Texts to vectors: ronten's own model, or any sentence-transformers model by name or path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ronten import models
from ronten.errors import ModelNotFound
from ronten.word_vectors import WordVectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

OWN_MODULE = "ronten.static_embedding.SudachiStaticEmbedding"
"""What `modules.json` of ronten's own models names."""


@dataclass(frozen=True)
class Embedder:
    """Turns texts into vectors of length `dim`.

    `fingerprint` names the model and changes with its weights, configuration and prompt.
    """

    fingerprint: str
    dim: int
    run: Callable[[list[str]], NDArray[np.float32]]

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dim); zero where a text says nothing.

        With ronten's own model a vector depends on its text alone, bit by bit; neural models may
        differ in the last bits with the batch.
        """
        return self.run(texts) if texts else np.zeros((0, self.dim), dtype=np.float32)


def load_embedder(
    name_or_path: str | None = None, *, device: str = "cpu", prompt: str | None = None
) -> Embedder:
    """Load an embedding model; None is the one that ships with ronten.

    A folder is read without the network; any other name is asked of the Hugging Face hub.
    `prompt` is put before every text, or names one of the model's own prompts; None is the model's
    default prompt. `device` is for neural models. Raises ModelNotFound.
    """
    if name_or_path is None:
        return _load_own(models.find("embedding"), prompt)
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        if _is_own(path):
            return _load_own(path, prompt)
        return _load_other(str(path), path.resolve().name, device, prompt)
    if path.is_absolute() or name_or_path.startswith((".", "~")) or name_or_path.count("/") > 1:
        raise ModelNotFound(f"embedding model: no folder {path}; give an existing folder")
    return _load_other(name_or_path, name_or_path, device, prompt)


def _is_own(path: Path) -> bool:
    modules = path / "modules.json"
    if not modules.is_file() or not (path / models.META).is_file():
        return False
    try:
        listed = json.loads(modules.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return [module.get("type") for module in listed] == [OWN_MODULE]


def _load_own(path: Path, prompt: str | None) -> Embedder:
    meta = models.verify(path)
    table = WordVectors.load(path)
    # The dictionary decides the words, so it is part of what the vectors depend on.
    before = prompt or ""
    parts = [models.fingerprint(path), version("sudachidict_core"), before]
    return Embedder(
        fingerprint=f"{meta['name']}-{meta['version']}:{_digest(parts)}",
        dim=table.dim,
        run=lambda texts: table.encode([before + text for text in texts]),
    )


def _load_other(name_or_path: str, name: str, device: str, prompt: str | None) -> Embedder:
    from sentence_transformers import SentenceTransformer  # seconds of imports, so only here

    local = Path(name_or_path).is_dir()
    try:
        model = SentenceTransformer(name_or_path, device=device, local_files_only=local)
    except Exception as error:  # whatever a foreign model raises, the user needs one answer
        remedy = "check its files" if local else f"run `hf download {name}` or give a local folder"
        raise ModelNotFound(
            f"embedding model '{name}' cannot be loaded: {error}; {remedy}"
        ) from error
    named = prompt if prompt is not None else model.default_prompt_name or ""
    before = model.prompts.get(named, prompt) or ""

    def run(texts: list[str]) -> NDArray[np.float32]:
        vectors = model.encode(texts, prompt=before, show_progress_bar=False).astype(np.float64)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    return Embedder(
        fingerprint=f"{name}:{_digest([_content(model), before])}",
        dim=run(["。"]).shape[1],
        run=run,
    )


def _content(model: SentenceTransformer) -> str:
    """Return a hash of the weights and of the architecture as printed."""
    import torch

    digest = hashlib.sha256(repr(model).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().contiguous().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
