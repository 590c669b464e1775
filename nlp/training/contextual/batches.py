"""What each step reads: a plan of rates, and batches of equally long texts of all languages and tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.training.contextual.tokens import Tokens


@dataclass(frozen=True)
class Plan:
    """How long and how hard to train."""

    steps: int = 3300
    decay: float = 0.45  # the last share of the steps, over which the rates fall to zero
    warm: int = 200
    body_rate: float = 1.5e-4
    top_rate: float = 1e-3
    table_rate: float = 1.5e-3
    keep: float = 0.8  # n-grams of a piece that one step sees
    parts: int = 2  # batches of a step, each worked on by a thread of its own
    tokens: int = 3072  # per batch
    texts: int = 256  # per batch, at most
    blind: float = 0.15  # of the English texts are read by pieces, as a text of unknown language is
    seed: int = 21
    save_every: int = 200

    def pace(self, step: int) -> float:
        """Give the share of the full rate at a step."""
        left = (self.steps - step) / max(1.0, self.decay * self.steps)
        return min(1.0, (step + 1) / self.warm, max(0.0, left))


@dataclass(frozen=True)
class Batch:
    """Texts of one length.

    Attributes:
        rows: (n,) which texts.
        ids: (n, length) their ids.
    """

    rows: np.ndarray
    ids: np.ndarray


def draw_batches(
    lengths: np.ndarray, shares: np.ndarray, plan: Plan, rng: np.random.Generator
) -> list[np.ndarray]:
    """Give one pass in batches of equally long texts, in random order; each text `shares` times.

    Batches of a length are full, so that few shapes of products have to be prepared; what is left over is a
    batch of its own when it is half full or there is no other, and waits for another pass otherwise.
    """
    copies = np.floor(shares + rng.random(len(shares))).astype(int)
    order = rng.permutation(np.repeat(np.arange(len(shares)), copies))
    order = order[np.argsort(lengths[order], kind="stable")]
    batches = []
    for part in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1):
        if not len(part):
            continue
        most = max(1, min(plan.texts, plan.tokens // int(lengths[part[0]])))
        cut = np.split(part, range(most, len(part), most))
        batches += cut if len(cut) == 1 or 2 * len(cut[-1]) >= most else cut[:-1]
    return [batches[i] for i in rng.permutation(len(batches))]


def schedule(
    tokens: Tokens, blind: Sequence[np.ndarray | None], shares: np.ndarray, plan: Plan
) -> Iterator[list[Batch]]:
    """Give the batches of each step.

    Args:
        tokens: n texts as they are read in their language.
        blind: n English texts read by pieces, or None.
        shares: (n,) how often each text is seen per pass.
        plan: how many steps, and how large.
    """
    step, epoch = 0, 0
    can_turn = np.array([other is not None for other in blind])
    waiting: list[Batch] = []
    while True:
        rng = np.random.default_rng([plan.seed, epoch])
        turned = can_turn & (rng.random(len(blind)) < plan.blind)
        pairs = zip(tokens.ids, blind, turned, strict=True)
        now = [one if other is None or not turn else other for one, other, turn in pairs]
        lengths = np.array([len(one) for one in now])
        epoch += 1
        for rows in draw_batches(lengths, shares, plan, rng):
            waiting.append(Batch(rows, np.stack([now[i] for i in rows])))
            if len(waiting) == plan.parts:
                yield waiting
                step, waiting = step + 1, []
            if step == plan.steps:
                return
