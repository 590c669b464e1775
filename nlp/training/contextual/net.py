"""The contextual encoder as a torch module, in bf16 but for what follows the pooling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nlp.training.contextual.attention import make_attention

LAYERS, HEADS, WIDTH, FEATURES = 6, 12, 384, 256
POOLS = 2  # learned ways to weigh tokens, beside the mean
DROPPED = 0.2  # of what the trunk and the heads read
_PARTS = ("query", "key", "value")


def _linear(weights: Mapping[str, np.ndarray], *names: str) -> Any:  # noqa: ANN401 - torch is imported late
    import torch
    from torch import nn

    weight = np.concatenate([weights[f"{n}.weight"] for n in names])
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data = torch.from_numpy(weight.copy())
    layer.bias.data = torch.from_numpy(np.concatenate([weights[f"{n}.bias"] for n in names]))
    return layer


def _norm(weights: Mapping[str, np.ndarray], name: str) -> Any:  # noqa: ANN401
    import torch
    from torch import nn

    layer = nn.LayerNorm(WIDTH, eps=1e-12)
    layer.weight.data = torch.from_numpy(weights[f"{name}.weight"].copy())
    layer.bias.data = torch.from_numpy(weights[f"{name}.bias"].copy())
    return layer


def make_body(weights: Mapping[str, np.ndarray]) -> Any:  # noqa: ANN401
    """Build MiniLM's body from its tensors: embedded tokens of one length -> their last states."""
    import torch
    from torch import nn
    from torch.nn import functional as f

    attention = make_attention(HEADS)

    class Layer(nn.Module):  # type: ignore[misc]
        def __init__(self, base: str) -> None:
            super().__init__()
            self.attend = _linear(weights, *(f"{base}.attention.self.{p}" for p in _PARTS))
            self.mixed = _linear(weights, f"{base}.attention.output.dense")
            self.norm = _norm(weights, f"{base}.attention.output.LayerNorm")
            self.widen = _linear(weights, f"{base}.intermediate.dense")
            self.narrow = _linear(weights, f"{base}.output.dense")
            self.last = _norm(weights, f"{base}.output.LayerNorm")

        def forward(self, state: Any) -> Any:  # noqa: ANN401
            state = self.norm(state + self.mixed(attention(self.attend(state))))
            return self.last(state + self.narrow(f.gelu(self.widen(state))))

    class Body(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            places = weights["embeddings.position_embeddings.weight"][:128]
            places = places + weights["embeddings.token_type_embeddings.weight"][0]
            self.places = nn.Parameter(torch.from_numpy(places))
            self.norm = _norm(weights, "embeddings.LayerNorm")
            self.layers = nn.ModuleList([Layer(f"encoder.layer.{i}") for i in range(LAYERS)])

        def forward(self, embedded: Any) -> Any:  # noqa: ANN401
            state = self.norm(embedded + self.places[: embedded.shape[1]])
            for layer in self.layers:
                state = layer(state)
            return state

    return Body().bfloat16()


def _dropped(values: Any, generator: Any) -> Any:  # noqa: ANN401
    """Leave numbers out at random and let the rest count more; nothing without a generator."""
    import torch

    if generator is None:
        return values
    kept = torch.empty_like(values).bernoulli_(1 - DROPPED, generator=generator)
    return values * kept / (1 - DROPPED)


def make_top(categories: int) -> Any:  # noqa: ANN401
    """Build what follows: pooling, the way into MiniLM's space, the trunk and the heads; 32-bit floats."""
    import torch
    from torch import nn

    class Top(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.vector = nn.Linear(WIDTH, WIDTH)
            nn.init.eye_(self.vector.weight)
            nn.init.zeros_(self.vector.bias)
            self.pool = nn.Linear(WIDTH, POOLS, bias=False)
            self.trunk = nn.Linear(WIDTH * (POOLS + 1), FEATURES)
            self.sentiment = nn.Linear(FEATURES, 3)
            self.category = nn.Linear(FEATURES, categories)

        def forward(self, state: Any, generator: Any = None) -> tuple[Any, ...]:  # noqa: ANN401
            mean = state.mean(1)
            vector = nn.functional.normalize(self.vector(mean), dim=1, eps=1e-6)
            share = torch.softmax(self.pool(state), dim=1)
            pooled = torch.einsum("btk,btd->bkd", share, state).flatten(1)
            feature = nn.functional.gelu(self.trunk(_dropped(torch.cat([mean, pooled], dim=1), generator)))
            dropped = _dropped(feature, generator)
            return vector, feature, self.sentiment(dropped), self.category(dropped)

    torch.manual_seed(0)
    return Top()


def body_tensors(body: Any) -> dict[str, np.ndarray]:  # noqa: ANN401
    """Give the body's tensors under MiniLM's names, float32."""
    tensors = {n: p.detach().float().numpy() for n, p in body.named_parameters()}
    made: dict[str, np.ndarray] = {"embeddings.position_embeddings.weight": tensors["places"]}
    names = {
        "mixed": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "last": "output.LayerNorm",
    }
    for kind in ("weight", "bias"):
        made[f"embeddings.LayerNorm.{kind}"] = tensors[f"norm.{kind}"]
        for number in range(LAYERS):
            base = f"encoder.layer.{number}"
            for part, found in zip(
                _PARTS, np.split(tensors[f"layers.{number}.attend.{kind}"], 3), strict=True
            ):
                made[f"{base}.attention.self.{part}.{kind}"] = found
            for ours, theirs in names.items():
                made[f"{base}.{theirs}.{kind}"] = tensors[f"layers.{number}.{ours}.{kind}"]
    return made
