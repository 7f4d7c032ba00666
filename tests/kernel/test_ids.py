from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.ids import RandomIds, RecordingIds, ReplayedIds, make_uuid7, new_id, use_ids


def test_ids_made_one_after_the_other_sort_in_that_order():
    ids = RandomIds()
    made = [ids.new() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**12 - 1), st.integers(0, 2**62 - 1))
def test_parts_of_a_uuid7_stand_where_the_rfc_puts_them(unix_ms, rand_a, rand_b):
    made = make_uuid7(unix_ms, rand_a, rand_b)
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == unix_ms
    assert made.int & (1 << 62) - 1 == rand_b


def test_the_rfc_9562_example_is_reproduced():
    made = make_uuid7(0x017F22E279B0, 0xCC3, 0x18C4DC0C0C07398F)
    assert made == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


def test_a_replayed_command_hands_out_the_recorded_ids_and_invents_none():
    recording = RecordingIds(RandomIds())
    with use_ids(recording):
        first, second = new_id(), new_id()
    with use_ids(ReplayedIds(recording.issued)):
        assert (new_id(), new_id()) == (first, second)
        with pytest.raises(LookupError, match="more ids than it recorded"):
            new_id()
