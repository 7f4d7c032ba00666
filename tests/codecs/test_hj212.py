"""HJ 212-2017: the frames that devices really send, and whatever else may come down the line."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.codecs.errors import ProtocolError
from anlan.codecs.hj212 import (
    Assembler,
    Frame,
    Frames,
    Garbled,
    Mark,
    Message,
    acknowledgement,
    decode,
    encode,
    frame,
    readings_of,
)
from anlan.kernel.quality import Quality

LINES = Path(__file__).with_name("hj212_frames.txt").read_text().splitlines()
SENT = [line.encode() for line in LINES if not line.startswith("# ")]
EXAMPLE = SENT[0] + b"\r\n"

words = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters=";,=&"), max_size=12)
names = words.filter(bool)
messages = st.builds(
    Message,
    st=st.from_regex(r"[0-9]{2}", fullmatch=True),
    cn=st.from_regex(r"[0-9]{4}", fullmatch=True),
    mn=words,
    pw=words,
    qn=words,
    flag=st.none() | st.integers(0, 255),
    groups=st.lists(st.lists(st.tuples(names, words), min_size=1, max_size=4).map(tuple), max_size=6).map(
        tuple
    ),
)


def heard(octets: bytes) -> list[Frame | Garbled]:
    return Frames().feed(octets)


@pytest.mark.parametrize("line", SENT, ids=[line[10:40].decode() for line in SENT])
def test_a_frame_that_a_device_sent_is_read(line: bytes) -> None:
    (event,) = heard(line + b"\r\n")
    assert isinstance(event, Frame)
    said = decode(event.segment)
    assert said.cn in {"1062", "2011", "2021", "2051", "2081"} and said.groups


def test_the_standard_s_example_is_written_as_it_stands_there() -> None:
    said = Message(
        st="32",
        cn="1062",
        mn="010000A8900016F000169DC0",
        pw="100000",
        qn="20160801085857223",
        flag=5,
        groups=((("RtdInterval", "30"),),),
    )
    assert encode(said) == EXAMPLE
    assert said.wants_answer


def test_an_answer_bears_the_number_of_its_request() -> None:
    (event,) = heard(EXAMPLE)
    assert isinstance(event, Frame)
    answer = acknowledgement(decode(event.segment))
    assert (answer.st, answer.cn, answer.qn) == ("91", "9014", "20160801085857223")
    assert not answer.wants_answer, "an answer is not answered"
    assert encode(answer).endswith(b"Flag=4;CP=&&&&" + encode(answer)[-6:])


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        (EXAMPLE.replace(b"1C80", b"1C81"), "crc"),
        (EXAMPLE.replace(b"Interval=30", b"Interval=31"), "crc"),
        (EXAMPLE.replace(b"##0101", b"##0102"), "length"),
        (EXAMPLE.replace(b"##0101", b"#0101"), "noise"),
        (b"hello\r\n", "noise"),
        (b"##" + b"9" * 12_000 + b"\r\n", "too_long"),
    ],
)
def test_what_is_spoilt_is_told_apart_and_the_next_frame_is_heard(spoilt: bytes, reason: str) -> None:
    bad, good = heard(spoilt + EXAMPLE)
    assert isinstance(bad, Garbled) and bad.reason == reason
    assert isinstance(good, Frame)


def test_a_frame_cut_off_by_the_next_one_does_not_take_it_along() -> None:
    cut = EXAMPLE[:40]
    events = heard(cut + EXAMPLE)
    assert events == [Garbled("length", cut), Frame(EXAMPLE[6:-6])]


def test_a_check_in_small_letters_counts_too() -> None:
    assert heard(EXAMPLE.replace(b"1C80", b"1c80")) == heard(EXAMPLE)


@given(st.lists(st.sampled_from([EXAMPLE, EXAMPLE[:50], b"\r\n", b"##", b"\r", b"noise", b"9" * 11_000]), max_size=12),
       st.integers(1, 700))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_how_the_stream_is_cut_makes_no_difference(pieces: list[bytes], size: int) -> None:
    stream = b"".join(pieces)
    cut = Frames()
    events = [event for at in range(0, len(stream), size) for event in cut.feed(stream[at : at + size])]
    assert events == heard(stream)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_message_or_a_protocol_error(octets: bytes) -> None:
    heard(octets)
    try:
        readings_of(decode(octets))
    except ProtocolError as error:
        assert error.code and error.detail


@given(st.text(st.characters(max_codepoint=0x7F), max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_data_area_is_read_or_refused(area: str) -> None:
    with suppress(ProtocolError):
        readings_of(decode(f"ST=22;CN=2011;CP=&&DataTime=20220814021304;{area}&&".encode()))


@given(messages)
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(message: Message) -> None:
    (event,) = heard(encode(message))
    assert isinstance(event, Frame) and decode(event.segment) == message


@pytest.mark.parametrize(
    "message",
    [
        Message(st="3", cn="2011"),
        Message(st="32", cn="20x1"),
        Message(st="32", cn="2011", mn="a;b"),
        Message(st="32", cn="2011", mn="值班"),
        Message(st="32", cn="2011", flag=-1),
        Message(st="32", cn="2011", parts=2, part=3),
        Message(st="32", cn="2011", groups=((("w=1", "2"),),)),
        Message(st="32", cn="2011", groups=((("w00000-Rtd", "1" * 1100),),)),
    ],
)
def test_what_the_standard_does_not_allow_is_not_written(message: Message) -> None:
    with pytest.raises(ProtocolError):
        encode(message)


def test_readings_have_statistic_mark_and_time() -> None:
    said = decode(
        b"QN=20220513162608370;ST=22;CN=2051;PW=1;MN=AIR;Flag=4;CP=&&DataTime=20220513162600;"
        b"a21004-Avg=4,a21004-Min=3.5,a21004-Flag=N;a05024-Avg=63,a05024-Flag=D;a34004-Avg=,a34004-Flag=B;"
        b"a34002-SampleTime=20220513162500,a34002-Avg=31,a34002-Flag=T&&"
    )
    found = {(one.factor, one.statistic): one for one in readings_of(said)}
    assert found.keys() == {("a21004", "Avg"), ("a21004", "Min"), ("a05024", "Avg"), ("a34002", "Avg")}
    average = found["a21004", "Avg"]
    assert (average.value, average.mark, average.quality) == (4.0, Mark.NORMAL, Quality.GOOD)
    assert average.at == datetime(2022, 5, 13, 8, 26, tzinfo=UTC)
    assert found["a05024", "Avg"].quality is Quality.BAD, "a faulty instrument's value is none of the process"
    assert found["a34002", "Avg"].at == datetime(2022, 5, 13, 8, 25, tzinfo=UTC)
    assert found["a34002", "Avg"].quality is Quality.UNCERTAIN


@pytest.mark.parametrize(
    "area", [b"a21004-Rtd=4", b"DataTime=yesterday;a21004-Rtd=4", b"DataTime=20221340000000;a-Rtd=4"]
)
def test_a_value_without_a_time_is_refused(area: bytes) -> None:
    with pytest.raises(ProtocolError):
        readings_of(decode(b"ST=22;CN=2011;MN=AIR;CP=&&" + area + b"&&"))


def test_parts_come_together_in_any_order_and_only_once() -> None:
    def part(number: int, factor: str) -> Message:
        return Message("22", "2051", "AIR", qn="1", flag=6, parts=3, part=number, groups=(((factor, "1"),),))

    assembler = Assembler()
    assert assembler.add(part(3, "c")) is None
    assert assembler.add(part(1, "a")) is None
    assert assembler.add(part(1, "a")) is None, "a part that is sent again is no other part"
    whole = assembler.add(part(2, "b"))
    assert whole is not None and [group[0][0] for group in whole.groups] == ["a", "b", "c"]
    assert assembler.add(part(2, "b")) is None


def test_unfinished_messages_do_not_pile_up() -> None:
    assembler = Assembler(most=4)
    for number in range(1000):
        assembler.add(Message("22", "2051", "AIR", qn=str(number), parts=2, part=1))
    assert len(assembler._open) <= 4


def test_a_segment_that_the_standard_calls_too_long_is_not_sent() -> None:
    assert frame(b"x" * 1024)
    with pytest.raises(ProtocolError, match="PNUM"):
        frame(b"x" * 1025)
