"""What the taggers share in training: the loss of a CRF, and an LSTM as NumPy reads it."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def crf_loss(
    scores: Tensor, tags: Tensor, mask: Tensor, moves: Tensor, start: Tensor, end: Tensor
) -> Tensor:
    """Return the mean negative log-likelihood of `tags` per word.

    Args:
        scores: (b, n, t) score of each tag.
        tags: (b, n) the right tags.
        mask: (b, n) whether there is a word.
        moves: (t, t) what may follow what, learned and allowed; `start` and `end` (t,) likewise.
    """
    gold = (scores.gather(2, tags[..., None])[..., 0] * mask).sum(1)
    gold = gold + (moves[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum(1)
    total = scores[:, 0] + start
    for i in range(1, scores.shape[1]):
        onward = torch.logsumexp(total[:, :, None] + moves, 1) + scores[:, i]
        total = torch.where(mask[:, i, None], onward, total)
    return (torch.logsumexp(total + end, 1) - gold).sum() / mask.sum()


def gates(module: nn.LSTM) -> tuple[Tensor, Tensor, Tensor]:
    """Return input (w, 8h), bias (8h) and recurrent (2, h, 4h) weights of a two-way LSTM.

    Directions stand before gates; torch has the gates in the order input, forget, new, output.
    """
    size = module.hidden_size
    order = [*range(2 * size), *range(3 * size, 4 * size), *range(2 * size, 3 * size)]
    named = dict(module.named_parameters())
    ends = ("l0", "l0_reverse")
    onto = torch.cat([named[f"weight_ih_{end}"][order] for end in ends]).T
    bias = torch.cat([(named[f"bias_ih_{end}"] + named[f"bias_hh_{end}"])[order] for end in ends])
    recurrent = torch.stack([named[f"weight_hh_{end}"][order].T for end in ends])
    return onto, bias, recurrent
