"""Results in order, errors where they happened, and few items held."""

import threading
import time

import pytest

from data.intake.ahead import map_ahead


def test_results_come_in_the_order_of_the_items():
    slow_first = lambda n: time.sleep(0.02 if n == 0 else 0) or n * n  # noqa: E731
    assert list(map_ahead(slow_first, range(6))) == [0, 1, 4, 9, 16, 25]


def test_work_goes_on_in_two_threads():
    both = threading.Barrier(2, timeout=5)
    assert list(map_ahead(lambda _: both.wait() >= 0, range(2))) == [True, True]


def test_an_error_of_the_items_comes_after_the_results_before_it():
    def items():
        yield 1
        yield 2
        raise ValueError("the file breaks off")

    taken = []
    with pytest.raises(ValueError, match="breaks off"):
        for result in map_ahead(lambda n: n, items()):
            taken.append(result)
    assert taken == [1, 2]


def test_an_error_of_the_work_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(map_ahead(lambda n: 1 / n, [1, 0]))


def test_items_are_taken_no_faster_than_results():
    given = []
    results = map_ahead(lambda n: n, (given.append(n) or n for n in range(100)))
    next(results)
    results.close()
    assert len(given) <= 4
