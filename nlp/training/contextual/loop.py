"""The training loop: every step one batch of equally long texts of all languages and tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlp.training.contextual.net import make_body, make_top
from nlp.training.contextual.tokens import VOCABULARY, Tokens
from nlp.training.student import Table, Targets, find_loss, thinned

Log = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How long and how hard to train."""

    steps: int = 1750
    decay: float = 0.45  # the last share of the steps, over which the rates fall to zero
    warm: int = 200
    body_rate: float = 1.2e-4
    top_rate: float = 1e-3
    table_rate: float = 1.5e-3
    keep: float = 0.85  # n-grams of a piece that one step sees
    tokens: int = 3072  # per step
    texts: int = 256  # per step, at most
    blind: float = 0.15  # of the English texts are read by pieces, as a text of unknown language is
    seed: int = 21
    save_every: int = 200

    def pace(self, step: int) -> float:
        """Give the share of the full rate at a step."""
        left = (self.steps - step) / max(1.0, self.decay * self.steps)
        return min(1.0, (step + 1) / self.warm, max(0.0, left))


class Model:
    """Pieces, body and top together, and their optimisers."""

    def __init__(self, start: Mapping[str, np.ndarray], ngrams: Any, categories: int, plan: Plan) -> None:  # noqa: ANN401
        """Build from tensors: MiniLM's, `words.rows`, `words.axes`, `words.bias`."""
        import torch

        self.plan, self.ngrams = plan, ngrams
        self.wordpieces = start["embeddings.word_embeddings.weight"]
        self.table = Table(start["words.rows"].copy(), plan.table_rate)
        self.axes = torch.nn.Parameter(torch.from_numpy(start["words.axes"].copy()))
        self.bias = torch.nn.Parameter(torch.from_numpy(start["words.bias"].copy()))
        self.body, self.top = make_body(start), make_top(categories)
        self.masters = [p.detach().float().clone().requires_grad_() for p in self.body.parameters()]
        groups = [
            {"params": self.masters, "lr": plan.body_rate, "weight_decay": 0.01},
            {"params": [*self.top.parameters(), self.axes, self.bias], "lr": plan.top_rate},
        ]
        self.body.train()
        self.top.train()
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, fused=True)

    def run(self, ids: np.ndarray, rng: np.random.Generator | None = None) -> tuple[Any, ...]:
        """(batch, length) ids -> what the top gives; with `rng`, as in training."""
        import torch

        kinds, inner = np.unique(ids, return_inverse=True)
        split = int(np.searchsorted(kinds, VOCABULARY))
        embedded = torch.from_numpy(self.wordpieces[kinds[:split]])
        matrix = self.ngrams[kinds[split:] - VOCABULARY]
        if rng is not None:
            matrix = thinned(matrix, rng, self.plan.keep)
        words = self.table.bag(matrix) @ self.axes.T + self.bias
        rows = torch.cat([embedded, words]).bfloat16()
        state = self.body(rows[torch.from_numpy(inner.reshape(ids.shape))])
        return tuple(self.top(state.float()))

    def step(self, loss: Any, pace: float) -> None:  # noqa: ANN401
        """Move everything a little."""
        import torch

        self.body.zero_grad(set_to_none=True)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        parameters = list(self.body.parameters())
        for master, ours in zip(self.masters, parameters, strict=True):
            master.grad = ours.grad.float()
        for group in self.optimizer.param_groups:
            torch.nn.utils.clip_grad_norm_(group["params"], 1.0)
        for group, rate in zip(
            self.optimizer.param_groups, (self.plan.body_rate, self.plan.top_rate), strict=True
        ):
            group["lr"] = rate * pace
        self.optimizer.step()
        if self.table.used.size:
            self.table.step(pace)
        with torch.no_grad():
            for master, ours in zip(self.masters, parameters, strict=True):
                ours.copy_(master)

    def save(self, path: Path, step: int) -> None:
        """Keep everything that a later run needs to go on."""
        import torch

        state = {
            "step": step,
            "table": self.table.state(),
            "axes": self.axes.data,
            "bias": self.bias.data,
            "masters": [m.data for m in self.masters],
            "top": self.top.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)

    def load(self, path: Path) -> int:
        """Go on where `save` stopped; give the step."""
        import torch

        state = torch.load(path, weights_only=True)
        self.table.load(state["table"])
        self.axes.data, self.bias.data = state["axes"], state["bias"]
        with torch.no_grad():
            for master, ours, kept in zip(
                self.masters, self.body.parameters(), state["masters"], strict=True
            ):
                master.copy_(kept)
                ours.copy_(kept)
        self.top.load_state_dict(state["top"])
        self.optimizer.load_state_dict(state["optimizer"])
        return int(state["step"])


def draw_batches(
    lengths: np.ndarray, shares: np.ndarray, plan: Plan, rng: np.random.Generator
) -> list[np.ndarray]:
    """Give one pass in batches of equally long texts, in random order; each text `shares` times."""
    copies = np.floor(shares + rng.random(len(shares))).astype(int)
    order = rng.permutation(np.repeat(np.arange(len(shares)), copies))
    order = order[np.argsort(lengths[order], kind="stable")]
    batches = []
    for part in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1):
        if not len(part):
            continue
        most = max(1, min(plan.texts, plan.tokens // int(lengths[part[0]])))
        batches += np.array_split(part, -(-len(part) // most))
    return [batches[i] for i in rng.permutation(len(batches))]


def schedule(
    tokens: Tokens, blind: Sequence[np.ndarray | None], shares: np.ndarray, plan: Plan
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Give for each step its number from 1, the positions of its texts, and their ids (batch, length).

    Args:
        tokens: n texts as they are read in their language.
        blind: n English texts read by pieces, or None.
        shares: (n,) how often each text is seen per pass.
        plan: how many steps, and how large.
    """
    step, epoch = 0, 0
    can_turn = np.array([other is not None for other in blind])
    while step < plan.steps:
        rng = np.random.default_rng([plan.seed, epoch])
        turned = can_turn & (rng.random(len(blind)) < plan.blind)
        pairs = zip(tokens.ids, blind, turned, strict=True)
        now = [one if other is None or not turn else other for one, other, turn in pairs]
        lengths = np.array([len(one) for one in now])
        epoch += 1
        for rows in draw_batches(lengths, shares, plan, rng)[: plan.steps - step]:
            step += 1
            yield step, rows, np.stack([now[i] for i in rows])


def train(
    model: Model,
    batches: Iterator[tuple[int, np.ndarray, np.ndarray]],
    targets: Targets,
    path: Path,
    log: Log,
) -> None:
    """Train step by step; goes on from `path` where a run was cut short.

    Args:
        model: what to train.
        batches: of `schedule`.
        targets: what its texts teach.
        path: where to keep the state.
        log: says what happens.
    """
    plan, losses = model.plan, []
    done = model.load(path) if path.is_file() else 0
    for step, rows, ids in batches:
        if step <= done:
            continue
        loss = find_loss(model.run(ids, np.random.default_rng([plan.seed, step, 1])), targets.take(rows))
        model.step(loss, plan.pace(step))
        losses.append(float(loss.detach()))
        if step % 50 == 0:
            log(f"step {step}/{plan.steps}: loss {np.mean(losses[-50:]):.3f}")
        if step % plan.save_every == 0 or step == plan.steps:
            model.save(path, step)
