"""What the taggers share in training: the loop, the loss of a CRF, an LSTM as NumPy reads it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn


class ReadAtOnce(Protocol):
    """A sequence that is read at once; `types` holds one row number per word."""

    @property
    def types(self) -> NDArray[np.int64]: ...


class Fitting(Protocol):
    """What the loop is told; `steps` ends it early, `average` is the decay of the mean weights."""

    @property
    def epochs(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def rate(self) -> float: ...
    @property
    def clip(self) -> float: ...
    @property
    def average(self) -> float: ...
    @property
    def seed(self) -> int: ...
    @property
    def steps(self) -> int | None: ...


PartT = TypeVar("PartT", bound=ReadAtOnce)


def fit_network(
    network: nn.Module,
    parts: Sequence[PartT],
    loss_of: Callable[[list[PartT]], Tensor],
    settings: Fitting,
    report: Callable[[str], None],
) -> None:
    """Train a network, which ends up with the running mean of its weights.

    `loss_of` is its loss on some sequences.
    """
    rng = random.Random(settings.seed)
    batches = _batches(parts, settings.batch, rng)
    total = settings.steps or settings.epochs * len(batches)
    optimizer = torch.optim.AdamW(network.parameters(), lr=settings.rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.rate, total_steps=total, pct_start=0.1
    )
    mean = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    lost = 0.0
    for step in range(total):
        if step and step % len(batches) == 0:
            report(f"epoch {step // len(batches)}: loss {lost / len(batches):.4f}")
            lost = 0.0
            batches = _batches(parts, settings.batch, rng)
        loss = loss_of(batches[step % len(batches)])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
        optimizer.step()
        schedule.step()
        lost += loss.item()
        keep = min(settings.average, step / (step + 10))
        with torch.no_grad():
            for name, value in network.state_dict().items():
                mean[name].mul_(keep).add_(value, alpha=1 - keep)
    network.load_state_dict(mean)


def _batches(parts: Sequence[PartT], size: int, rng: random.Random) -> list[list[PartT]]:
    """Shuffle, and put sequences of like length together."""
    order = list(parts)
    rng.shuffle(order)
    pools = [
        sorted(order[i : i + 20 * size], key=lambda part: len(part.types))
        for i in range(0, len(order), 20 * size)
    ]
    batches = [pool[i : i + size] for pool in pools for i in range(0, len(pool), size)]
    rng.shuffle(batches)
    return batches


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
