"""The order in which events can be settled: causes first, events that can bring about each other together."""

from collections.abc import Iterable, Sequence


def groups(count: int, arcs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Strongly connected components of the events 0…count−1 in topological order (Tarjan 1972).

    >>> groups(4, [(0, 1), (1, 2), (2, 1), (2, 3)])
    [[0], [1, 2], [3]]
    """
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in arcs:
        after[source].append(target)
    number, low, found, stack = [0] * count, [0] * count, [], list[int]()
    on_stack, counter = [False] * count, 0
    for root in reversed(range(count)):
        if number[root]:
            continue
        work = [(root, 0)]
        while work:
            node, place = work.pop()
            if place == 0:
                counter += 1
                number[node] = low[node] = counter
                stack.append(node)
                on_stack[node] = True
            else:
                low[node] = min(low[node], low[after[node][place - 1]])
            place = _next_unseen(node, place, after, number, low, on_stack)
            if place < len(after[node]):
                work += [(node, place + 1), (after[node][place], 0)]
            elif low[node] == number[node]:
                found.append(_popped(stack, node, on_stack))
    return found[::-1]


def a_cycle(members: Sequence[int], arcs: Sequence[tuple[int, int]]) -> list[int]:
    """One loop within a component: its events, the first repeated at the end.

    >>> a_cycle([1, 2], [(0, 1), (1, 2), (2, 1)])
    [1, 2, 1]
    """
    inside = set(members)
    after = {node: [t for s, t in arcs if s == node and t in inside] for node in members}
    path = [members[0]]
    while True:
        step = after[path[-1]][0]
        if step in path:
            return [*path[path.index(step) :], step]
        path.append(step)


def _next_unseen(
    node: int,
    place: int,
    after: list[list[int]],
    number: list[int],
    low: list[int],
    on_stack: list[bool],
) -> int:
    while place < len(after[node]) and number[after[node][place]]:
        other = after[node][place]
        if on_stack[other]:
            low[node] = min(low[node], number[other])
        place += 1
    return place


def _popped(stack: list[int], node: int, on_stack: list[bool]) -> list[int]:
    members = []
    while True:
        top = stack.pop()
        on_stack[top] = False
        members.append(top)
        if top == node:
            return sorted(members)
