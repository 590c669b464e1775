"""Models of a run: loaded once, early when there is something new to read, and never when there is not."""

import threading
from types import SimpleNamespace

import pytest

from data.store import Store
from flows import models
from flows.engine.run import Run


@pytest.fixture
def run(tmp_path):
    return Run(store=Store(str(tmp_path)), settings=SimpleNamespace(), inputs=[], as_of=None)


@pytest.fixture
def loaded(monkeypatch):
    seen, met = [], threading.Event()
    monkeypatch.setattr(models, "encoder", lambda run: seen.append("encoder"))
    monkeypatch.setattr(models, "category_scorer", lambda run: (seen.append("scorer"), met.set()))
    return seen, met


def warm_up_threads():
    return [thread for thread in threading.enumerate() if thread.name == "voc-warm-up"]


def test_warmed_up_loads_beside_the_reading_of_something_new(run, loaded):
    seen, met = loaded
    with models.warmed_up(run):
        run.has_news.set()
        assert met.wait(60)
    assert seen == ["encoder", "scorer"]


def test_warmed_up_loads_nothing_when_nothing_was_new(run, loaded):
    with models.warmed_up(run):
        threads = warm_up_threads()
    for thread in threads:
        thread.join(60)
    assert loaded[0] == []


def test_a_model_is_loaded_once_whichever_thread_asks_first(run):
    made, start = [], threading.Barrier(4, timeout=60)

    def ask():
        start.wait()
        run.model("encoder", lambda: made.append(1) or "model")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_one_model_loads_while_another_does(run):
    met = threading.Barrier(2, timeout=60)
    other = threading.Thread(target=lambda: run.model("one", met.wait))
    other.start()
    run.model("other", met.wait)
    other.join()
    assert not met.broken
