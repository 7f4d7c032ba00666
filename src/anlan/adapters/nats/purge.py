"""Purging: only what every reader has passed, and only beyond a window kept for replays."""

from collections.abc import Sequence

from nats.aio.client import Client

from anlan.adapters.nats.reader import read_mark, stream_end


async def purge_passed(client: Client, stream: str, readers: Sequence[str], window_bytes: int) -> int:
    """Purge *stream* up to what all *readers* have passed, keeping about *window_bytes* of it.

    Returns the number of entries purged. A reader that has never marked its
    place holds everything. The window is measured by the mean size of an entry.
    """
    _, made = await stream_end(client, stream)
    passed = min([await read_mark(client, stream, reader, made) for reader in readers], default=0)
    state = (await client.jsm().stream_info(stream)).state
    if not state.messages or passed < state.first_seq:
        return 0
    mean_bytes = max(1, state.bytes // state.messages)
    keep_from = passed + 1 - window_bytes // mean_bytes
    if keep_from <= state.first_seq:
        return 0
    await client.jsm().purge_stream(stream, seq=keep_from)
    return keep_from - state.first_seq
