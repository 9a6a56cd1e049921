"""The pretrained encoder that learns to judge sources and holders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ronten.components.claims.holders_encoder import ANSWERS, CONTENT, CUE, HOLDER, NO_MENTION
from ronten.components.e5 import BaseEncoder
from ronten.train.encoder_network import AdaptedNetwork, side_by_side

if TYPE_CHECKING:
    from ronten.train.holders_encoder import Choosing, Part, Settings

_SMALL = 0.02


class HoldersEncoderNetwork(AdaptedNetwork):
    """The encoder with a head for mentions and one for the text as a whole."""

    def __init__(self, base: BaseEncoder, known: NDArray[np.int64], settings: Settings) -> None:
        super().__init__(base, known, settings)
        self.settings = settings
        width = base.shape.width
        marks = torch.randn(CUE + 1, width) * _SMALL
        self.marks = nn.Parameter(marks * (torch.arange(CUE + 1) > 0)[:, None])
        self.drop = nn.Dropout(settings.dropout)
        self.mention = nn.Linear(2 * width, len(NO_MENTION), bias=False)
        self.text = nn.Linear(2 * width, sum(map(len, NO_MENTION.values())))

    def loss(self, parts: list[Part]) -> Tensor:
        """Return the cross entropy of the right answers, over the claims."""
        mentions, texts = self(parts)
        lost = []
        for part, mention, text in zip(parts, mentions, texts, strict=True):
            answers = dict(
                zip(
                    NO_MENTION,
                    torch.split_with_sizes(text, [*map(len, NO_MENTION.values())]),
                    strict=True,
                )
            )
            for number, question in enumerate(NO_MENTION):
                if question in part.questions:
                    scores = torch.cat([mention[:, number], answers[question]])
                    weight = 1.0 if question == HOLDER else self.settings.source
                    lost.append(weight * _missed(scores, part.questions[question]))
        return torch.stack(lost).sum() / len(parts)

    def forward(self, parts: list[Part]) -> tuple[tuple[Tensor, ...], Tensor]:
        """Return the scores of every mention (m, questions) and of what stands nowhere (b, …)."""
        marks = side_by_side([part.marks for part in parts], 0)
        states = self.read([part.types for part in parts], self.marks[marks])
        sizes = [len(part.ends) for part in parts]
        rows = torch.repeat_interleave(torch.tensor(sizes))[:, None]
        ends = torch.from_numpy(np.concatenate([part.ends for part in parts]))
        mentions: Tensor = self.mention(self.drop(states[rows, ends].flatten(1)))
        content = (marks == CONTENT)[..., None]
        mean = (states * content).sum(1) / content.sum(1).clamp(min=1)
        text = self.text(self.drop(torch.cat([states[:, 0], mean], 1)))
        return torch.split_with_sizes(mentions, sizes), text

    @torch.no_grad()
    def adapter(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `ronten.components.claims.holders_encoder.HoldersEncoder`."""
        heads = (self.mention.weight.T, self.text.weight.T, self.text.bias, self.marks)
        arrays = (tensor.contiguous().numpy().astype(np.float16) for tensor in heads)
        return super().adapter() | dict(zip(ANSWERS, arrays, strict=True))


def _missed(scores: Tensor, choosing: Choosing) -> Tensor:
    """Return by how much the right answers of a question fall short of all (log)."""
    answers = torch.stack([torch.logsumexp(scores[group], 0) for group in choosing.groups])
    right = answers[torch.tensor(choosing.right)]
    return torch.logsumexp(answers, 0) - torch.logsumexp(right, 0)
