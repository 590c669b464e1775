"""nlp/training/contextual: words aligned with English ones, batches of one length, a plan of rates."""

import numpy as np
import pytest
from scipy import sparse

from nlp.models.vectors.minilm import Wordpieces
from nlp.models.vectors.pieces import read_pieces
from nlp.training.contextual.align import Alignment, align, fit_rows
from nlp.training.contextual.attention import make_attention
from nlp.training.contextual.batches import Plan, draw_batches, schedule
from nlp.training.contextual.tokens import VOCABULARY, Tokens, tokenise

ENGLISH = {"cold": 7, "soup": 8, "bread": 9, "late": 10}
PARTNERS = (["cold", "soup"], ["cold", "bread"], ["late", "soup"], ["late", "bread"]) * 3


def as_tokens(texts):
    pieces = read_pieces(texts)
    bounds = np.concatenate([[0], np.cumsum(pieces.counts)])
    ids = [
        np.concatenate([[101], pieces.kinds[a:b] + VOCABULARY, [102]])
        for a, b in zip(bounds[:-1], bounds[1:], strict=True)
    ]
    return Tokens(ids, pieces.ngrams)


@pytest.mark.parametrize(
    ("texts", "word", "means"),
    [
        (["zimna zupa", "zimny chleb", "późna zupa", "późny chleb"] * 3, "zupa", "soup"),
        (["冷汤", "冷面包", "迟汤", "迟面包"] * 3, "汤", "soup"),
    ],
)
def test_align_finds_what_a_word_is_a_translation_of(texts, word, means):
    tokens = as_tokens(texts)
    english = [np.array([ENGLISH[w] for w in words]) for words in PARTNERS]
    embeddings = np.eye(VOCABULARY, 16, dtype=np.float32)
    found = align(tokens, english, embeddings, lambda _: None)
    first = tokens.ids[texts.index(next(t for t in texts if word in t))]
    piece = int(first[-2]) - VOCABULARY
    assert found.targets[found.rows.tolist().index(piece)].argmax() == ENGLISH[means]


def test_align_leaves_texts_without_partner_alone():
    tokens = as_tokens(["zimna zupa", "nic tu nie ma"])
    embeddings = np.eye(VOCABULARY, 16, dtype=np.float32)
    found = align(tokens, [np.array([7, 8]), None], embeddings, lambda _: None)
    assert set(found.rows) <= set(tokens.ids[0] - VOCABULARY)


def test_fit_rows_reaches_what_pieces_should_mean():
    rng = np.random.default_rng(0)
    features = sparse.random(60, 200, 0.05, format="csr", dtype=np.float32, rng=rng)
    targets = (features @ rng.normal(size=(200, 3)) @ rng.normal(size=(3, 20))).astype(np.float32) + 1
    rows, axes, bias = fit_rows(features, Alignment(np.arange(60), targets, np.ones(60, np.float32)), 4)
    reached = (features @ rows) @ axes.T + bias
    assert np.linalg.norm(reached - targets) < 0.5 * np.linalg.norm(targets - targets.mean(axis=0))


def test_draw_batches_hold_one_length_and_each_text_as_often_as_asked():
    lengths = np.array([3] * 40 + [7] * 28)
    shares = np.where(np.arange(68) < 40, 2.0, 1.0)
    batches = draw_batches(lengths, shares, Plan(tokens=30, texts=8), np.random.default_rng(0))
    assert all(len(set(lengths[b])) == 1 and len(b) * lengths[b[0]] <= 30 and len(b) <= 8 for b in batches)
    assert np.array_equal(np.bincount(np.concatenate(batches), minlength=68), shares)


def test_schedule_is_the_same_again_and_stops_after_its_steps():
    tokens = as_tokens(["a b c", "d e f", "g h"])
    plan = Plan(steps=5)
    one, two = ([s for s in schedule(tokens, [None] * 3, np.ones(3), plan)] for _ in range(2))
    assert [len(parts) for parts in one] == [plan.parts] * 5
    assert all(np.array_equal(a[1].ids, b[1].ids) for a, b in zip(one, two, strict=True))


def test_draw_batches_leaves_a_small_rest_for_another_pass():
    lengths = np.array([3] * 43 + [7])
    batches = draw_batches(lengths, np.ones(44), Plan(tokens=30, texts=10), np.random.default_rng(0))
    assert sorted(len(b) for b in batches) == [1, 10, 10, 10, 10]


def test_plan_warms_up_stays_and_falls_to_zero():
    plan = Plan(steps=1000, decay=0.4, warm=100)
    assert plan.pace(0) == pytest.approx(0.01)
    assert plan.pace(300) == 1
    assert plan.pace(800) == pytest.approx(0.5)
    assert plan.pace(1000) == 0


def test_attention_is_torchs_own_forth_and_back():
    torch = pytest.importorskip("torch")
    joined = torch.randn(3, 5, 24, generator=torch.Generator().manual_seed(0)).requires_grad_()
    cut = joined.view(3, 5, 3, 2, 4).permute(2, 0, 3, 1, 4)
    theirs = torch.nn.functional.scaled_dot_product_attention(*cut).transpose(1, 2).reshape(3, 5, 8)
    ours = make_attention(2)(joined)
    assert torch.allclose(ours, theirs, atol=1e-6)
    push = torch.randn(3, 5, 8, generator=torch.Generator().manual_seed(1))
    expected = torch.autograd.grad(theirs, joined, push)[0]
    assert torch.allclose(torch.autograd.grad(ours, joined, push)[0], expected, atol=1e-6)


@pytest.mark.models
def test_tokenise_reads_english_by_wordpieces_and_emoji_by_pieces():
    tokens = tokenise(["cold 😡 soup", "zimna 😡"], np.array([True, False]), Wordpieces())
    first, second = tokens.ids
    assert (first < VOCABULARY).tolist() == [True, True, False, True, True]
    assert first[2] == second[2]
