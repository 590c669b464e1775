"""The training loop: the batches of a step are read by one thread each, and move everything together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from nlp.training.contextual.batches import Batch, Plan
from nlp.training.contextual.net import make_body, make_top
from nlp.training.contextual.tokens import VOCABULARY
from nlp.training.student import Table, Targets, find_loss, thinned

Log = Callable[[str], None]
LARGEST = 1.0  # length of the gradient that one step follows, per group


def _flattened(module: Any) -> Any:  # noqa: ANN401 - torch is imported late
    """Lay the parameters of a module one after the other in one tensor, of which they become views."""
    import torch

    flat = torch.cat([p.detach().reshape(-1) for p in module.parameters()])
    start = 0
    for p in module.parameters():
        p.data = flat[start : start + p.numel()].view_as(p)
        start += p.numel()
    return flat


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
        self._rounded = _flattened(self.body)
        self.master = self._rounded.float().requires_grad_()
        self.master.grad = torch.zeros_like(self.master)
        groups = [
            {"params": [self.master], "lr": plan.body_rate, "weight_decay": 0.01},
            {"params": [*self.top.parameters(), self.axes, self.bias], "lr": plan.top_rate},
        ]
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.0, fused=True)

    def _embed(self, ids: Sequence[np.ndarray], rng: np.random.Generator) -> tuple[Any, list[Any]]:
        """Give the embeddings that some batches are made of, and for each batch which of them."""
        import torch

        kinds, inner = np.unique(np.concatenate([one.ravel() for one in ids]), return_inverse=True)
        split = int(np.searchsorted(kinds, VOCABULARY))
        embedded = torch.from_numpy(self.wordpieces[kinds[:split]])
        matrix = thinned(self.ngrams[kinds[split:] - VOCABULARY], rng, self.plan.keep)
        words = self.table.bag(matrix) @ self.axes.T + self.bias
        ends = np.cumsum([one.size for one in ids])[:-1]
        places = zip(np.split(inner, ends), ids, strict=True)
        rows = torch.cat([embedded, words]).bfloat16()
        return rows, [torch.from_numpy(place.reshape(one.shape)) for place, one in places]

    def learn(self, step: int, parts: Sequence[tuple[np.ndarray, Targets]], threads: Executor) -> float:
        """Move everything by what some batches teach.

        Args:
            step: its number, from 1.
            parts: ids (batch, length) and what they teach; each is worked on by a thread.
            threads: where.

        Returns:
            The mean loss.
        """
        import torch

        rows, places = self._embed(
            [ids for ids, _ in parts], np.random.default_rng([self.plan.seed, step, 1])
        )
        leaf = rows.detach().requires_grad_()
        learned = [leaf, *self.body.parameters(), *self.top.parameters()]

        def work(number: int) -> tuple[float, Any]:
            seed = np.random.default_rng([self.plan.seed, step, 2, number]).integers(2**62)
            state = self.body(leaf[places[number]])
            outputs = self.top(state.float(), torch.Generator().manual_seed(int(seed)))
            loss = find_loss(outputs, parts[number][1]) / len(parts)
            return float(loss.detach()), torch.autograd.grad(loss, learned)

        found = list(threads.map(work, range(len(parts))))
        self._move(rows, [gradients for _, gradients in found], self.plan.pace(step))
        return sum(loss for loss, _ in found)

    def _move(self, rows: Any, gradients: Sequence[Sequence[Any]], pace: float) -> None:  # noqa: ANN401
        """Follow the sum of the gradients of the embeddings, the body and the top."""
        import torch

        self.optimizer.zero_grad(set_to_none=False)
        count = len(list(self.body.parameters()))
        for each in gradients:
            self.master.grad.add_(torch.cat([g.reshape(-1) for g in each[1 : 1 + count]]))
            for p, g in zip(self.top.parameters(), each[1 + count :], strict=True):
                p.grad = g if p.grad is None else p.grad.add_(g)
        rows.backward(torch.stack([each[0].float() for each in gradients]).sum(0).to(rows.dtype))
        rates = (self.plan.body_rate, self.plan.top_rate)
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            torch.nn.utils.clip_grad_norm_(group["params"], LARGEST)
            group["lr"] = rate * pace
        self.optimizer.step()
        if self.table.used.size:
            self.table.step(pace)
        self._rounded.copy_(self.master.detach())

    def save(self, path: Path, step: int) -> None:
        """Keep everything that a later run needs to go on."""
        import torch

        state = {
            "step": step,
            "table": self.table.state(),
            "axes": self.axes.data,
            "bias": self.bias.data,
            "master": self.master.data,
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
        self.master.data.copy_(state["master"])
        self._rounded.copy_(self.master.detach())
        self.top.load_state_dict(state["top"])
        self.optimizer.load_state_dict(state["optimizer"])
        return int(state["step"])


def train(model: Model, batches: Iterable[Sequence[Batch]], targets: Targets, path: Path, log: Log) -> None:
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
    with ThreadPoolExecutor(plan.parts) as threads:
        for step, parts in enumerate(batches, 1):
            if step <= done:
                continue
            losses.append(model.learn(step, [(b.ids, targets.take(b.rows)) for b in parts], threads))
            if step % 50 == 0:
                log(f"step {step}/{plan.steps}: loss {np.mean(losses[-50:]):.3f}")
            if step % plan.save_every == 0 or step == plan.steps:
                model.save(path, step)
