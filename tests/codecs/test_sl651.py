"""SL 651-2014: packets that gauges really sent, and whatever else may come down the line."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.codecs.errors import ProtocolError
from anlan.codecs.sl651 import Garbled, Packet, Packets, acknowledgement, encode, report_of
from anlan.codecs.sl651.elements import ELEMENTS
from anlan.codecs.sl651.frames import EOT, ESC, ETB, ETX

LINES = Path(__file__).with_name("sl651_frames.txt").read_text().splitlines()
SENT = [bytes.fromhex(line) for line in LINES if not line.startswith("#")]
ALIVE, TEST, EVEN, TIMED, EVENT, RESERVOIR = SENT[0], SENT[2], SENT[4], SENT[6], SENT[8], SENT[10]

packets = st.builds(
    Packet,
    up=st.booleans(),
    center=st.integers(0, 255),
    station=st.from_regex(r"[0-9]{10}", fullmatch=True),
    password=st.integers(0, 0xFFFF),
    function=st.integers(0, 255),
    body=st.binary(max_size=300),
    end=st.sampled_from([ETX, ETB, EOT, ESC]),
)


def heard(octets: bytes) -> list[Packet | Garbled]:
    return Packets().feed(octets)


def packet(octets: bytes) -> Packet:
    (event,) = heard(octets)
    assert isinstance(event, Packet)
    return event


@pytest.mark.parametrize("octets", SENT, ids=[f"{one[10]:02X}-{number}" for number, one in enumerate(SENT)])
def test_a_packet_that_was_sent_is_read_and_written_as_it_was(octets: bytes) -> None:
    assert encode(packet(octets)) == octets


def test_a_timed_report_tells_rain_stage_and_voltage() -> None:
    said = report_of(packet(TIMED))
    assert (said.serial, said.kind) == (0x34, "H")
    assert said.sent_at == datetime(2017, 7, 18, 3, 0, 16, tzinfo=UTC)
    assert {one.element: one.value for one in said.values} == {
        0x20: Decimal("4.0"),
        0x26: Decimal("4.0"),
        0x39: Decimal("10.490"),
        0x38: Decimal("10.99"),
    }
    assert {one.at for one in said.values} == {datetime(2017, 7, 18, 3, 0, tzinfo=UTC)}


def test_a_test_report_tells_what_its_documentation_says() -> None:
    assert {one.element: one.value for one in report_of(packet(TEST)).values} == {
        0x20: Decimal("0.5"),
        0x26: Decimal("0.5"),
        0x39: Decimal("0.127"),
        0x38: Decimal("11.15"),
    }


def test_an_even_report_is_a_series_with_gaps_where_nothing_was_measured() -> None:
    (series,) = report_of(packet(EVEN)).series
    assert (series.element, series.step) == (0x39, timedelta(minutes=5))
    assert series.values[:5] == tuple(map(Decimal, ("0.122", "0.122", "0.285", "10.490", "10.490")))
    assert series.values[5:10] == (None,) * 5 and len(series.values) == 12


def test_an_event_report_tells_each_five_minutes_of_rain() -> None:
    said = report_of(packet(EVENT))
    (series,) = said.series
    assert (series.element, series.values, series.step) == (
        0xF4,
        (Decimal("0.0"),) * 12,
        timedelta(minutes=5),
    )
    assert {one.element: one.value for one in said.values} == {
        0x26: Decimal("2.0"),
        0x20: Decimal("1.0"),
        0x1A: Decimal("1.0"),
        0x38: Decimal("12.09"),
    }


def test_what_a_gauge_has_not_is_none_and_its_own_elements_are_passed_on() -> None:
    said = report_of(packet(RESERVOIR))
    assert said.kind == "K" and said.status == 0x400
    assert [(one.element, one.value) for one in said.values] == [
        (0x39, Decimal("513.00")),
        (0xFF01, None),
        (0x38, None),
        (0xFF02, None),
    ]


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("0319ff0125", Decimal("-12.5")),
        ("0311ffff", None),
        ("0319ffff12", None),
        ("0319000125", Decimal("12.5")),
        ("3923ff001270", Decimal("-1.270")),
        ("0309ff", None),
    ],
)
def test_ff_before_the_digits_makes_a_figure_negative(written: str, figure: Decimal | None) -> None:
    """SL 651-2014, 6.6.3.3 a): FF before an even number of digits, FF0 before an odd one."""
    body = bytes.fromhex("0001170718110005" + written)
    (value,) = report_of(Packet(True, 1, "0012345678", 0, 0x32, body)).values
    assert value.value == figure


def test_a_sign_of_life_is_no_report_of_values() -> None:
    said = report_of(packet(ALIVE))
    assert (said.serial, said.values) == (3, ()) and 0x39 in ELEMENTS


@pytest.mark.parametrize(("report", "answer"), [(SENT[2], SENT[3]), (SENT[4], SENT[5]), (SENT[6], SENT[7])])
def test_the_answer_is_the_one_that_stations_were_given(report: bytes, answer: bytes) -> None:
    assert encode(acknowledgement(packet(report))) == answer


def test_an_answer_may_let_the_station_go() -> None:
    assert acknowledgement(packet(TIMED), stay_in_line=False).end == EOT


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (TIMED[:-1] + b"\x00", "crc"),
        (TIMED[:30] + b"\x99" + TIMED[31:], "crc"),
        (TIMED[:-3] + b"\x99" + TIMED[-2:], "end"),
    ],
)
def test_what_is_spoilt_is_told_and_the_next_packet_is_heard(spoilt: bytes, reason: str) -> None:
    bad, *others = heard(spoilt + TEST)
    assert isinstance(bad, Garbled) and bad.reason == reason
    assert others[-1] == packet(TEST)


def test_a_wrong_length_does_not_hold_back_the_next_packet_for_ever() -> None:
    stream = Packets()
    longer = TIMED[:11] + b"\x0f\xff" + TIMED[13:]
    assert stream.feed(longer + TEST) == [], "it may still be a long one"
    cut_off, *others = stream.expire()
    assert cut_off == Garbled("cut_off", b"\x7e\x7e")
    assert others[-1] == packet(TEST)
    assert stream.expire() == []


def test_heads_inside_heads_are_worked_off() -> None:
    stream = Packets()
    nested = (b"\x7e\x7e" + b"\x02" * 9 + b"\x0f\xff\x02") * 280
    assert stream.feed(nested) == []
    assert {event.reason for event in stream.expire() if isinstance(event, Garbled)} == {"cut_off"}


@given(st.lists(st.sampled_from([*SENT, b"\x7e", b"\x7e\x7e", TIMED[:20], b"noise", b"\x00" * 40]), max_size=12),
       st.integers(1, 90))  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_how_the_stream_is_cut_makes_no_difference(pieces: list[bytes], size: int) -> None:
    stream = b"".join(pieces)
    whole, cut = Packets(), Packets()
    expected = whole.feed(stream)
    assert [
        event for at in range(0, len(stream), size) for event in cut.feed(stream[at : at + size])
    ] == expected
    assert (cut.skipped, cut.expire()) == (whole.skipped, whole.expire())


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_packets_or_nothing(octets: bytes) -> None:
    stream = Packets()
    for event in [*stream.feed(octets), *stream.expire()]:
        assert isinstance(event, Packet | Garbled)


@given(st.binary(max_size=120), st.sampled_from([0x2F, 0x30, 0x31, 0x32, 0x33, 0x34, 0x36]))
@settings(max_examples=400, deadline=None)
def test_any_body_is_a_report_or_a_protocol_error(body: bytes, function: int) -> None:
    try:
        report_of(Packet(True, 1, "0012345678", 0, function, b"\x00\x01\x26\x11\x25\x08\x00\x00" + body))
    except ProtocolError as error:
        assert error.code and error.detail


@given(packets)
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(sent: Packet) -> None:
    assert packet(encode(sent)) == sent


def test_a_part_bears_its_number() -> None:
    part = Packet(True, 1, "0012345678", 0x1234, 0x36, b"\xff\xd8", ETB, parts=10, part=3)
    assert packet(encode(part)) == part
    with pytest.raises(ProtocolError, match="together"):
        report_of(Packet(True, 1, "0012345678", 0, 0x32, b"", parts=2, part=1))


@pytest.mark.parametrize(
    "impossible",
    [
        Packet(True, 1, "12", 0, 0x32, b""),
        Packet(True, 1, "河道", 0, 0x32, b""),
        Packet(True, 256, "0012345678", 0, 0x32, b""),
        Packet(True, 1, "0012345678", 70_000, 0x32, b""),
        Packet(True, 1, "0012345678", 0, 0x32, b"x" * 4096),
        Packet(True, 1, "0012345678", 0, 0x32, b"", end=0x99),
        Packet(True, 1, "0012345678", 0, 0x32, b"", parts=2, part=3),
    ],
)
def test_what_cannot_be_is_not_written(impossible: Packet) -> None:
    with pytest.raises(ProtocolError):
        encode(impossible)
