"""Trains the student encoder and the heads together, from hashed n-grams and MiniLM's vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.models.vectors.student import INPUT_SCALE

if TYPE_CHECKING:
    import pandas as pd
    from scipy import sparse

BAG, HIDDEN, WIDTH, FEATURES = 128, 256, 384, 128


@dataclass(frozen=True)
class Plan:
    """How long and how hard to train."""

    epochs: int = 4
    batch: int = 1024
    rate: float = 3e-3
    keep: float = 0.65  # n-grams of a text that one step sees; the rest is left out at random
    seed: int = 20
    threads: int = 1  # more would change the order of sums from run to run


@dataclass(frozen=True)
class Targets:
    """What n texts teach. NaN means nothing.

    Attributes:
        vectors: (n, 384) float16, where the student's vector should land; NaN rows where unknown.
        sentiment: (n,) int64, -1 for none.
        categories: (n, c) float32, 0 or 1.
        category_weight: (n, c) float32, 0 where nobody knows.
        weight: (n,) float32.
    """

    vectors: np.ndarray
    sentiment: np.ndarray
    categories: np.ndarray
    category_weight: np.ndarray
    weight: np.ndarray

    def take(self, rows: np.ndarray) -> Targets:
        """Give some rows."""
        return Targets(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def make_targets(
    rows: pd.DataFrame,
    english: dict[str, int],
    vectors: np.ndarray,
    categories: Sequence[str],
    mapping: dict[str, Any],
) -> Targets:
    """Turn the corpus into arrays."""
    count, column = len(rows), {c: i for i, c in enumerate(categories)}
    goals = np.full((count, WIDTH), np.nan, np.float16)
    labels = np.zeros((count, len(categories)), np.float32)
    known = np.zeros((count, len(categories)), np.float32)
    columns = ("text", "lang", "english", "labels", "masked", "mapping")
    for i, (text, lang, partner, found, masked, source) in enumerate(
        rows[list(columns)].itertuples(index=False)
    ):
        if lang == "en":
            goals[i] = vectors[english[text]]
        elif isinstance(partner, str):
            goals[i] = vectors[english[partner]]
        if isinstance(found, list):
            known[i] = _known(mapping.get(source), categories, masked)
            for name in found:
                labels[i, column[name]] = known[i, column[name]] = 1.0
    return Targets(
        vectors=goals,
        sentiment=rows["sentiment"].fillna(-1).to_numpy(np.int64),
        categories=labels,
        category_weight=known,
        weight=rows["weight"].to_numpy(np.float32),
    )


def _known(rules: dict[str, Any] | None, categories: Sequence[str], masked: Sequence[str]) -> np.ndarray:
    if "*" in masked:
        return np.zeros(len(categories), np.float32)
    if rules is None:
        return np.array([0.0 if c in masked else 1.0 for c in categories], np.float32)
    weights = [1.0 if c in rules["covers"] else 0.0 if c in rules["unsure"] else 0.15 for c in categories]
    return np.array([0.0 if c in masked else w for c, w in zip(categories, weights, strict=True)], np.float32)


def make_net(categories: int) -> Any:  # noqa: ANN401 - a torch module; torch is imported late
    """Build what follows the bag of n-grams: its way into MiniLM's space, two trunks and the heads."""
    import torch
    from torch import nn

    class Net(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.hidden = nn.Linear(BAG, HIDDEN)
            self.out = nn.Linear(HIDDEN, WIDTH)
            self.skip = nn.Linear(BAG, WIDTH, bias=False)
            self.trunk = nn.Linear(BAG + WIDTH, FEATURES)
            self.sentiment = nn.Linear(FEATURES, 3)
            self.category = nn.Linear(FEATURES, categories)
            self.drop = nn.Dropout(0.3)

        def forward(self, bag: Any) -> tuple[Any, ...]:  # noqa: ANN401
            bag = self.drop(bag)
            raw = self.out(nn.functional.gelu(self.hidden(bag))) + self.skip(bag)
            vector = nn.functional.normalize(raw, dim=1, eps=1e-6)
            joined = torch.cat([bag, self.drop(vector * INPUT_SCALE)], dim=1)
            feature = nn.functional.gelu(self.trunk(joined))
            dropped = self.drop(feature)
            return vector, feature, self.sentiment(dropped), self.category(dropped)

    torch.manual_seed(0)
    return Net()


def _landing(ours: Any, theirs: Any) -> Any:  # noqa: ANN401
    """Say how far vectors land from where they should, and how often nearer to another text's place."""
    import torch
    from torch.nn import functional as f

    near = (1 - (ours * theirs).sum(1)).mean()
    similar = ours @ theirs.T / 0.05
    same = (theirs @ theirs.T) > 0.95  # translations of one sentence are no negatives of each other
    similar = similar.masked_fill(same & ~torch.eye(len(ours), dtype=torch.bool), -1e4)
    return 2.0 * near + 0.25 * f.cross_entropy(similar, torch.arange(len(ours)))


def find_loss(outputs: tuple[Any, ...], targets: Targets) -> Any:  # noqa: ANN401
    """Sum up how far vectors, sentiments and categories are from what they should be."""
    import torch
    from torch.nn import functional as f

    vector, _, sentiment, category = outputs
    goals = torch.from_numpy(targets.vectors.astype(np.float32))
    has_goal = ~torch.isnan(goals[:, 0])
    land = _landing(vector[has_goal], goals[has_goal]) if has_goal.sum() > 1 else vector.sum() * 0.0
    weight = torch.from_numpy(targets.weight)
    label = torch.from_numpy(targets.sentiment)
    each = f.cross_entropy(sentiment, label.clamp(min=0), reduction="none") * weight * (label >= 0)
    feel = each.sum() / (weight * (label >= 0)).sum().clamp(min=1)
    known = torch.from_numpy(targets.category_weight) * weight[:, None]
    entropy = f.binary_cross_entropy_with_logits(
        category, torch.from_numpy(targets.categories), reduction="none"
    )
    about = (entropy * known).sum() / (known.sum(1) > 0).sum().clamp(min=1)
    return land + 1.0 * feel + 0.7 * about


class Table:
    """The n-grams' rows; one step reads and writes only those that its texts use. Adam without momentum."""

    def __init__(self, rows: np.ndarray, rate: float) -> None:
        self.rows = rows
        self._square = np.zeros_like(self.rows)
        self._steps = np.zeros((len(rows), 1), np.float32)
        self._rate = rate

    def state(self) -> dict[str, Any]:
        """Give what a later run needs to go on."""
        import torch

        kept = {"rows": self.rows, "square": self._square, "steps": self._steps}
        return {name: torch.from_numpy(values) for name, values in kept.items()}

    def load(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        self.rows, self._square, self._steps = (state[n].numpy() for n in ("rows", "square", "steps"))

    def bag(self, matrix: sparse.csr_matrix) -> Any:  # noqa: ANN401 - a torch tensor
        """Sum the rows of each text, in a way that torch can go back through."""
        import torch
        from scipy import sparse

        self.used, inner = np.unique(matrix.indices, return_inverse=True)
        narrow = sparse.csr_matrix(
            (matrix.data, inner, matrix.indptr), shape=(matrix.shape[0], len(self.used))
        )
        self._leaf = torch.from_numpy(self.rows[self.used]).requires_grad_()

        class Product(torch.autograd.Function):  # type: ignore[misc]
            @staticmethod
            def forward(ctx: Any, leaf: Any) -> Any:  # noqa: ANN401
                return torch.from_numpy(np.asarray(narrow @ leaf.detach().numpy(), np.float32))

            @staticmethod
            def backward(ctx: Any, gradient: Any) -> Any:  # noqa: ANN401
                return torch.from_numpy(np.asarray(narrow.T @ gradient.contiguous().numpy(), np.float32))

        return Product.apply(self._leaf)

    def step(self, scale: float) -> None:
        """Move the rows of the last bag, counting each row's own steps."""
        used, gradient = self.used, self._leaf.grad.numpy()
        self._steps[used] += 1
        square = self._square[used]
        square += (np.square(gradient) - square) * np.float32(0.02)
        self._square[used] = square
        np.sqrt(square, out=square)
        square *= 1 / np.sqrt(1 - np.float32(0.98) ** self._steps[used])
        square += np.float32(1e-7)
        np.divide(gradient, square, out=gradient)
        gradient *= np.float32(-self._rate * scale)
        gradient += self._leaf.detach().numpy()
        self.rows[used] = gradient


def thinned(matrix: sparse.csr_matrix, rng: np.random.Generator, keep: float) -> sparse.csr_matrix:
    """Leave n-grams out at random, and let the rest count more."""
    matrix = matrix.copy()
    matrix.data = (matrix.data * (rng.random(matrix.data.size) < keep) / keep).astype(np.float32)
    return matrix


def train(
    ngrams: sparse.csr_matrix, targets: Targets, copies: np.ndarray, plan: Plan, log: Callable[[str], None]
) -> tuple[Any, np.ndarray]:
    """Train on every row, rows of small hand-written sets `copies` times per epoch.

    Returns:
        The trained torch module, and the table of n-grams.
    """
    import torch

    torch.set_num_threads(plan.threads)
    net = make_net(targets.categories.shape[1])
    # zero: an n-gram that training never saw says nothing
    table = Table(np.zeros((ngrams.shape[1], BAG), np.float32), plan.rate)
    optimizer = torch.optim.Adam(net.parameters(), lr=plan.rate / 2, betas=(0.9, 0.98))
    rng = np.random.default_rng(plan.seed)
    order = np.repeat(np.arange(len(copies)), copies)
    steps = plan.epochs * (len(order) // plan.batch)

    def pace(step: int) -> float:
        return min(1.0, (step + 1) / 100) * max(0.03, 1 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, pace)
    step = 0
    for epoch in range(plan.epochs):
        net.train()
        rng.shuffle(order)
        total = 0.0
        for start in range(0, len(order) - plan.batch + 1, plan.batch):
            rows = order[start : start + plan.batch]
            part = targets.take(rows)
            loss = find_loss(net(table.bag(thinned(ngrams[rows], rng, plan.keep))), part)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            table.step(pace(step))
            step += 1
            schedule.step()
            total += float(loss.detach())
        log(f"epoch {epoch + 1}/{plan.epochs}: loss {total * plan.batch / len(order):.3f}")
    net.eval()
    return net, table.rows


def predict(net: Any, rows_of: np.ndarray, ngrams: sparse.csr_matrix) -> list[np.ndarray]:  # noqa: ANN401
    """n texts -> vectors (n, 384), features, sentiment and category logits."""
    import torch

    parts = []
    with torch.no_grad():
        for start in range(0, ngrams.shape[0], 4096):
            bag = torch.from_numpy(np.asarray(ngrams[start : start + 4096] @ rows_of, np.float32))
            parts.append([o.numpy() for o in net(bag)])
    return [np.concatenate(columns) for columns in zip(*parts, strict=True)]
