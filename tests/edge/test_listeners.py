"""Devices that call: published frames over a real socket, answered once they are durable, and whatever else calls."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.edge.conftest import Hour

from anlan.codecs.hj212 import Message, encode
from anlan.codecs.sl651 import Packet
from anlan.codecs.sl651 import encode as packed
from anlan.edge.core.config import ElementPoint, Factor, Hj212, Hj212Device, Sl651, Sl651Station
from anlan.edge.core.spool import SpoolFull
from anlan.edge.sources.base import Desk, Fare
from anlan.edge.sources.hj212 import Hj212Protocol
from anlan.edge.sources.listener import Station
from anlan.edge.sources.sl651 import Sl651Protocol
from anlan.kernel.clock import from_ms, to_ms
from anlan.kernel.quality import Quality

CODECS = Path(__file__).parents[1] / "codecs"
AIR = [
    line.encode() + b"\r\n"
    for line in (CODECS / "hj212_frames.txt").read_text().splitlines()
    if line[0] == "#" == line[1]
]
WATER = [
    bytes.fromhex(line) for line in (CODECS / "sl651_frames.txt").read_text().splitlines() if line[0] != "#"
]
MINUTES = AIR[4]
"""Of an air station: 2051 with its marks, 13 May 2022 16:26 in Beijing."""
TIMED, TIMED_ANSWER, HOURLY_RAIN = WATER[6], WATER[7], WATER[8]
BEIJING = timedelta(hours=8)


class Then(Hour):
    """The moment at which the frames of the tests arrive."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now_ms(self) -> int:
        return to_ms(self.at)


class Shelf:
    """What became durable; full when told so, and as slow as *gate*."""

    def __init__(self) -> None:
        self.readings = []
        self.full = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, readings) -> None:
        if not readings:
            return
        await self.gate.wait()
        if self.full:
            raise SpoolFull("no room")
        self.readings += readings

    def values(self) -> dict[str, float]:
        return {one.tag: one.value for one in self.readings}


@asynccontextmanager
async def listening(config, protocol, shelf: Shelf, pace, environment=None) -> AsyncIterator[Fare]:
    fare = Fare(config.name, protocol.__name__)
    desk = Desk(fare, shelf.take, pace)
    station = asyncio.create_task(Station(config, protocol(config, desk, environment or {}), desk).run())
    while not fare.connected:
        assert not station.done(), station
        await asyncio.sleep(0.001)
    yield fare
    station.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await station


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def air(port: int, **more) -> Hj212:
    points = [
        Factor(factor="a21004-Avg", tag="NO2", unit="µg/m³"),
        Factor(factor="a01001-Avg", tag="air", unit="°C"),
        Factor(factor="w01018-Rtd", tag="COD", unit="mg/L"),
    ]
    more = {"name": "air", **more}
    password = more.pop("password_env", None)
    return Hj212(
        port=port, devices=[Hj212Device(mn="JLYP01_AIR01_0001", points=points, password_env=password)], **more
    )


def rivers(port: int, **more) -> Sl651:
    points = [
        ElementPoint(element="39", tag="stage", unit="m"),
        ElementPoint(element="26", tag="rain_total", unit="mm"),
        ElementPoint(element="F4", tag="rain_5min", unit="mm"),
        ElementPoint(element="03", tag="water", unit="°C"),
    ]
    stations = [Sl651Station(address=address, points=points) for address in ("0011223344", "0012345678")]
    return Sl651(name="rivers", port=port, stations=stations, **more)


async def call(port: int):
    return await asyncio.open_connection("127.0.0.1", port)


async def say(port: int, *octets: bytes, answers: int = 0, longest_s: float = 10.0) -> bytes:
    """Everything that is answered to *octets*, until *answers* bytes came or the line was cut."""
    reader, writer = await call(port)
    heard = b""
    try:
        async with asyncio.timeout(longest_s):
            for piece in octets:
                writer.write(piece)
                await writer.drain()
            while len(heard) < answers and (more := await reader.read(4096)):
                heard += more
    finally:
        writer.close()
    return heard


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def minute_report(at: datetime, value: str = "12.5", **said: str) -> bytes:
    stamp = (at + BEIJING).strftime("%Y%m%d%H%M%S")
    groups = ((("DataTime", stamp),), (("w01018-Rtd", value), ("w01018-Flag", "N")))
    fields = {"mn": "JLYP01_AIR01_0001", "pw": "123456", "qn": "20220513162608370", **said}
    return encode(Message(st="32", cn="2011", flag=5, groups=groups, **fields))


AT = datetime(2022, 5, 13, 8, 26, tzinfo=UTC)


async def test_published_frames_of_an_air_station_become_readings_at_utc(shelf, unused_tcp_port) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT + timedelta(minutes=1))) as fare:
        await say(unused_tcp_port, MINUTES)
        await until(lambda: len(shelf.readings) == 2)
        assert shelf.values() == {"NO2": 4.0, "air": 17.0}
        assert {from_ms(one.event_ms) for one in shelf.readings} == {AT}
        assert fare.counts["undeclared_values"] == 9
        assert "answered" not in fare.counts, "it did not ask for an answer"


async def test_the_answer_is_given_after_the_reading_is_durable_and_not_before(
    shelf, unused_tcp_port
) -> None:
    shelf.gate.clear()
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)) as fare:
        asking = asyncio.create_task(say(unused_tcp_port, minute_report(AT), answers=20))
        await until(lambda: fare.counts["calls"])
        await asyncio.sleep(0.05)
        assert not asking.done() and not shelf.readings
        shelf.gate.set()
        answer = await asking
    assert b"CN=9014" in answer and b"QN=20220513162608370" in answer
    assert shelf.values() == {"COD": 12.5}


async def test_with_the_spool_full_the_device_hears_nothing_and_comes_again(shelf, unused_tcp_port) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)) as fare:
        shelf.full = True
        await say(unused_tcp_port, minute_report(AT))
        await until(lambda: fare.counts["not_kept"])
        assert fare.trouble.startswith("spool") and "answered" not in fare.counts
        shelf.full = False
        assert b"CN=9014" in await say(unused_tcp_port, minute_report(AT), answers=20)
        assert fare.trouble == ""


async def test_a_device_that_repeats_itself_five_times_is_answered_each_time(shelf, unused_tcp_port) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)):
        answer = await say(unused_tcp_port, *[minute_report(AT)] * 5, answers=5 * 80)
    assert answer.count(b"CN=9014") == 5
    assert len({(one.tag, one.event_ms, one.value) for one in shelf.readings}) == 1


async def test_nobody_who_is_not_declared_gets_in_and_the_status_says_who_tried(
    shelf, unused_tcp_port
) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)) as fare:
        cut = await say(unused_tcp_port, *[minute_report(AT, mn="STRANGER")] * 16, answers=1)
        assert cut == b"" and not shelf.readings
        assert fare.strangers == {"MN STRANGER": 16}


async def test_strangers_with_ever_new_names_fill_no_memory(shelf, unused_tcp_port) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)) as fare:
        for start in range(0, 160, 16):
            frames = [minute_report(AT, mn=f"S{number}") for number in range(start, start + 16)]
            await say(unused_tcp_port, *frames, answers=1)
        assert fare.counts["refused"] == 160 and len(fare.strangers) == 100


async def test_a_password_that_is_declared_must_be_right(shelf, unused_tcp_port) -> None:
    config = air(unused_tcp_port, password_env="PW")
    async with listening(config, Hj212Protocol, shelf, Then(AT), {"PW": "654321"}) as fare:
        await say(unused_tcp_port, minute_report(AT))
        await until(lambda: fare.counts["refused"])
        assert b"CN=9014" in await say(unused_tcp_port, minute_report(AT, pw="654321"), answers=20)
    assert len(shelf.readings) == 1


@pytest.mark.parametrize(
    "poison",
    [
        b"\x00" * 5000,
        b"##9999" + b"A" * 20_000,
        MINUTES.replace(b"D641", b"D642"),
        "##0010液位报警值班\r\n".encode("gb18030"),
        b"\xff\xfe\xfd\r\n" * 5,
        minute_report(AT, value="1e400"),
        minute_report(AT, value="nan"),
    ],
    ids=["zeros", "long_length", "bad_crc", "gb18030", "noise", "1e400", "nan"],
)
async def test_poison_ends_neither_the_listener_nor_the_neighbours(
    shelf, unused_tcp_port, poison: bytes
) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)) as fare:
        answer = await say(unused_tcp_port, poison, b"\r\n", minute_report(AT, qn="2"), answers=60)
        assert b"CN=9014" in answer
        assert shelf.values() == {"COD": 12.5}
        assert "failed" not in fare.counts


async def test_a_device_eight_hours_ahead_is_taken_at_its_arrival_and_told(shelf, unused_tcp_port) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)) as fare:
        await say(unused_tcp_port, minute_report(AT + BEIJING), answers=20)
        (one,) = shelf.readings
        assert (from_ms(one.event_ms), one.quality) == (AT, Quality.UNCERTAIN)
        (clock,) = fare.told()["clocks"].values()
        assert clock["offset_s"] == 8 * 3600 and clock["not_believed"] == 1


async def test_what_a_device_kept_for_three_days_comes_with_its_own_time(shelf, unused_tcp_port) -> None:
    async with listening(air(unused_tcp_port), Hj212Protocol, shelf, Then(AT)):
        await say(unused_tcp_port, minute_report(AT - timedelta(days=3)), answers=20)
    (one,) = shelf.readings
    assert (from_ms(one.event_ms), one.quality) == (AT - timedelta(days=3), Quality.GOOD)


async def test_more_callers_than_allowed_are_turned_away_and_the_others_are_served(
    shelf, unused_tcp_port
) -> None:
    async with listening(air(unused_tcp_port, most_connections=2), Hj212Protocol, shelf, Then(AT)) as fare:
        idle = [await call(unused_tcp_port) for _ in range(2)]
        await until(lambda: fare.counts["calls"] == 2)
        assert await say(unused_tcp_port, answers=1) == b""
        assert fare.counts["turned_away"] == 1
        for _, writer in idle:
            writer.close()
        await until(lambda: fare.counts["turned_away"] == 1 and not any(not w.is_closing() for _, w in idle))
        await asyncio.sleep(0.05)
        assert b"CN=9014" in await say(unused_tcp_port, minute_report(AT), answers=20)


async def test_a_caller_that_says_nothing_is_hung_up_on(shelf, unused_tcp_port) -> None:
    async with listening(air(unused_tcp_port, idle_s=0.1), Hj212Protocol, shelf, Then(AT)) as fare:
        assert await say(unused_tcp_port, answers=1) == b""
        assert fare.counts["silent"] == 1


# -- SL 651 ------------------------------------------------------------------------


async def test_a_published_report_of_a_river_gauge_is_read_and_answered_as_the_station_was(
    shelf, unused_tcp_port
) -> None:
    moment = datetime(2017, 7, 18, 3, 0, 30, tzinfo=UTC)
    async with listening(rivers(unused_tcp_port), Sl651Protocol, shelf, Then(moment)) as fare:
        assert await say(unused_tcp_port, TIMED, answers=len(TIMED_ANSWER)) == TIMED_ANSWER
        assert fare.told()["clocks"]["0011223344"]["offset_s"] == -14.0
    assert shelf.values() == {"stage": 10.49, "rain_total": 4.0}
    assert {from_ms(one.event_ms) for one in shelf.readings} == {datetime(2017, 7, 18, 3, 0, tzinfo=UTC)}


async def test_a_report_in_single_bytes_between_noise_is_the_same_report(shelf, unused_tcp_port) -> None:
    moment = datetime(2017, 7, 18, 3, 0, 30, tzinfo=UTC)
    async with listening(rivers(unused_tcp_port), Sl651Protocol, shelf, Then(moment)):
        pieces = [bytes([octet]) for octet in b"\x00noise" + TIMED]
        assert await say(unused_tcp_port, *pieces, answers=len(TIMED_ANSWER)) == TIMED_ANSWER


async def test_a_sign_of_life_is_heard_and_not_answered(shelf, unused_tcp_port) -> None:
    moment = datetime(2017, 7, 18, 3, 0, 30, tzinfo=UTC)
    async with listening(rivers(unused_tcp_port), Sl651Protocol, shelf, Then(moment)):
        assert await say(unused_tcp_port, WATER[0], TIMED, answers=1) == TIMED_ANSWER


def hourly(observed: str, figures: str) -> bytes:
    body = bytes.fromhex(
        "0001" + "220513160008" + "F1F10012345678" + "48" + "F0F0" + observed + "F460" + figures
    )
    return packed(Packet(True, 1, "0012345678", 0x1234, 0x34, body))


@pytest.mark.parametrize("observed", ["2205131505", "2205131600"], ids=["first_five_minutes", "full_hour"])
async def test_the_rain_of_an_hour_lies_in_that_hour_whichever_end_the_maker_states(
    shelf, unused_tcp_port, observed: str
) -> None:
    moment = datetime(2022, 5, 13, 8, 0, 30, tzinfo=UTC)
    async with listening(rivers(unused_tcp_port), Sl651Protocol, shelf, Then(moment)):
        await say(unused_tcp_port, hourly(observed, "0A00FF000000000000000005"), answers=1)
    found = {from_ms(one.event_ms) + BEIJING: one.value for one in shelf.readings}
    first, last = datetime(2022, 5, 13, 15, 5, tzinfo=UTC), datetime(2022, 5, 13, 16, 0, tzinfo=UTC)
    assert (min(found), max(found), len(found)) == (first, last, 11)
    assert (found[first], found[last]) == (1.0, 0.5)


async def test_figures_whose_moment_nobody_states_are_not_placed(shelf, unused_tcp_port) -> None:
    moment = datetime(2014, 6, 11, 18, 16, tzinfo=UTC)
    async with listening(rivers(unused_tcp_port), Sl651Protocol, shelf, Then(moment)) as fare:
        await say(unused_tcp_port, HOURLY_RAIN, answers=1)
        assert fare.counts["series_not_placed"] == 1
    assert shelf.values() == {"rain_total": 2.0}


async def test_an_unknown_gauge_is_not_answered(shelf, unused_tcp_port) -> None:
    moment = datetime(2022, 6, 28, 1, 0, tzinfo=UTC)
    async with listening(rivers(unused_tcp_port), Sl651Protocol, shelf, Then(moment)) as fare:
        assert await say(unused_tcp_port, *[WATER[10]] * 16, answers=1) == b""
        assert fare.strangers == {"0010220001": 16}
