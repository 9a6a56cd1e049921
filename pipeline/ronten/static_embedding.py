"""The sentence-transformers module named in the `modules.json` of ronten's own embedding models.

sentence-transformers 6 imports modules of other packages only with `trust_remote_code=True`;
`ronten.load_embedder` needs neither that nor sentence-transformers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import torch
from sentence_transformers.base.modules import InputModule

from ronten.word_vectors import WordVectors


class SudachiStaticEmbedding(InputModule):
    """`WordVectors` as a module of a `SentenceTransformer`."""

    def __init__(self, table: WordVectors) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.table = table

    def preprocess(  # type: ignore[override]  # texts are all it takes
        self, inputs: list[str], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor]:
        """Return the finished vectors: the exact integer sums have no use for a device."""
        texts = self._prepend_prompt(inputs, prompt) if prompt else inputs
        return {"sentence_embedding": torch.from_numpy(self.table.encode(texts))}

    def forward(self, features: dict[str, torch.Tensor], **kwargs: Any) -> dict[str, torch.Tensor]:
        """Pass the vectors on."""
        return features

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return self.table.dim

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Write the table into the model folder."""
        self.table.save(Path(output_path))

    @classmethod
    def load(  # type: ignore[override]  # a local folder is all it takes
        cls, model_name_or_path: str, **kwargs: Any
    ) -> Self:
        """Read the table from a local model folder."""
        return cls(WordVectors.load(Path(model_name_or_path)))
