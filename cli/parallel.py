"""Work on several accounts at a time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def in_parallel(
    function: Callable[[Item], Answer], items: Iterable[Item], *, at_a_time: int
) -> Iterator[Answer]:
    """Yield what a function returns for each item, in their order.

    Whoever stops early, as with Ctrl-C, does not wait for the others.
    """
    pool = ThreadPoolExecutor(at_a_time)
    try:
        yield from pool.map(function, items)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
