"""Groups that stay as they are while single members come and go: each group is a resource of its own."""

import zlib
from collections.abc import Callable, Iterable
from typing import TypeVar

_Member = TypeVar("_Member")


def stable_groups(
    members: Iterable[_Member],
    *,
    key: Callable[[_Member], str],
    average: int,
    fits: Callable[[list[_Member]], bool],
) -> tuple[tuple[_Member, ...], ...]:
    """Return members in groups, of which some may be empty.

    A member's group follows from its key, so that another member leaves the groups as they are, but for the
    one that it joins; only twice as many members make other groups.

    Args:
        members: What to group, in any order.
        key: What a member is known by.
        average: How many members a group has on average at most: an added one rarely divides a group.
        fits: Whether so many members fit into one group; one alone always does.
    """
    chosen = sorted(members, key=key)
    number = 1
    while number * average < len(chosen):
        number *= 2
    groups: list[list[_Member]] = [[] for _ in range(number)]
    for member in chosen:
        first = zlib.crc32(key(member).encode()) % number
        order = [*range(first, len(groups)), *range(first)]
        place = next((at for at in order if fits([*groups[at], member])), None)
        if place is None:
            groups.append([member])
        else:
            groups[place].append(member)
    return tuple(tuple(group) for group in groups)
