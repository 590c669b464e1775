"""Works on the next items while the last is being taken: reading, cleaning and writing overlap."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Half of the work is Arrow's, without Python's lock: of two cores a third thread would find nothing left
THREADS = 2


def map_ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Give the results in the order of the items; at most three items are held at once.

    Args:
        work: a pure function, safe to run in several threads.
        items: taken one by one in the calling thread.

    Raises:
        Exception: what `items` or `work` raise, after the results of the items before it.
    """
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(THREADS) as threads:
        try:
            for item in items:
                waiting.append(threads.submit(work, item))
                while len(waiting) > THREADS:
                    yield waiting.popleft().result()
        except GeneratorExit:  # nobody takes the rest
            for future in waiting:
                future.cancel()
            raise
        except Exception:  # whatever broke: what came before it is given first, then it goes on up
            while waiting:
                yield waiting.popleft().result()
            raise
        while waiting:
            yield waiting.popleft().result()
