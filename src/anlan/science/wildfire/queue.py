"""A binary heap of whole numbers, the least first."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from anlan.science.wildfire.rays import inlined


@inlined
def push(heap, size, key):
    """Put *key* in, which there must be room for; returns the new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return size + 1


@inlined
def pop(heap, size):
    """Take the least key out; returns it and the new size."""
    least, size = heap[0], size - 1
    key, at = heap[size], 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= key:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = key
    return least, size
