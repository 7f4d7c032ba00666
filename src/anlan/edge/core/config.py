"""The collector's one file: which devices, which of their values are which points, where the door is.

`read_config` gives a configuration that can be run, or refuses it naming every fault with its place in the file.
"""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from anlan.edge.core.spool import Bounds, WhenFull
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS

Name = Annotated[str, Meta(min_length=1, max_length=128)]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
PortNumber = Annotated[int, Meta(ge=1, le=65_535)]
HOUR_MS = 3_600_000
LOOPBACK = "127.0.0.1"


class BadConfig(Invalid):
    """The file cannot be used; every fault is a fact."""

    code = "bad_config"
    title = Text("采集配置有误", "The collector's configuration has faults")
    next_step = Text(
        "请按提示修改配置文件，用 --check 复查", "Correct the file as it says, and look again with --check"
    )


class Point(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every point declares: *tag* and *unit* as registered with the gateway at the platform.

    The value sent is ``raw × scale + offset``, converted from *device_unit* to *unit*; *range* is what the instrument
    can measure, in *unit*.
    """

    tag: Name
    unit: str
    device_unit: str | None = None
    scale: float = 1.0
    offset: float = 0.0
    range: tuple[float, float] | None = None


class OpcUaPoint(Point, kw_only=True, forbid_unknown_fields=True):
    node: Annotated[str, Meta(pattern=r"^(ns=\d+;)?[isgb]=.+$", max_length=512)]


class OpcUa(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One OPC UA server. With *security* other than none, certificate (DER) and key (PEM) are ours and made at the
    first start where neither exists; the server's certificate is the one that is trusted. *refresh_s*: values that do
    not change are read again after so long, so that they do not pass for silent.
    """

    name: Name
    url: Annotated[str, Meta(pattern=r"^opc\.tcp://")]
    points: Annotated[list[OpcUaPoint], Meta(min_length=1, max_length=20_000)]
    security: Literal["none", "Basic256Sha256:Sign", "Basic256Sha256:SignAndEncrypt"] = "none"
    certificate: str | None = None
    private_key: str | None = None
    server_certificate: str | None = None
    user: str | None = None
    password_env: str | None = None
    publishing_s: Seconds = 1.0
    sampling_s: Seconds = 0.5
    refresh_s: Seconds = 30.0
    timeout_s: Seconds = 10.0
    clock_ahead_s: Seconds = 60.0


class ModbusPoint(Point, kw_only=True, forbid_unknown_fields=True):
    """*register* counts from 0 as on the wire. *order* is that of the bytes of a value: ABCD is big-endian."""

    register: Annotated[int, Meta(ge=0, le=65_535)]
    table: Literal["holding", "input", "coil", "discrete"] = "holding"
    type: Literal["int16", "uint16", "int32", "uint32", "int64", "float32", "float64", "bit"] = "uint16"
    order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"


class Modbus(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One Modbus device: at *host* (framing ``tcp``, or ``rtu`` behind a serial device server) or on *serial*."""

    name: Name
    points: Annotated[list[ModbusPoint], Meta(min_length=1, max_length=5_000)]
    host: str | None = None
    port: PortNumber = 502
    framing: Literal["tcp", "rtu"] = "tcp"
    serial: str | None = None
    baud: int = 9600
    parity: Literal["N", "E", "O"] = "N"
    device: Annotated[int, Meta(ge=0, le=255)] = 1
    every_s: Seconds = 1.0
    timeout_s: Seconds = 3.0


class Factor(Point, kw_only=True, forbid_unknown_fields=True):
    """*factor* with its statistic, such as ``w01018-Rtd``."""

    factor: Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{1,20}-[0-9A-Za-z]{1,10}$")]


class Hj212Device(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    mn: Annotated[str, Meta(min_length=1, max_length=64)]
    points: Annotated[list[Factor], Meta(min_length=1)]
    password_env: str | None = None


class Listener(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Where devices call: loopback unless said otherwise."""

    name: Name
    port: PortNumber
    listen: str = LOOPBACK
    idle_s: Seconds = 900.0
    most_connections: Annotated[int, Meta(ge=1, le=10_000)] = 256
    clock_ahead_s: Seconds = 60.0


class Hj212(Listener, kw_only=True, forbid_unknown_fields=True):
    devices: Annotated[list[Hj212Device], Meta(min_length=1)]


class ElementPoint(Point, kw_only=True, forbid_unknown_fields=True):
    """*element* in hexadecimal, such as ``39`` for the stage of a river; a maker's own as ``FF01``."""

    element: Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{2}|[Ff]{2}[0-9A-Fa-f]{2})$")]


class Sl651Station(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """*address*: the station's ten digits; *password*: four hexadecimal digits, if it is to be checked."""

    address: Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{10}$")]
    points: Annotated[list[ElementPoint], Meta(min_length=1)]
    password_env: str | None = None


class Sl651(Listener, kw_only=True, forbid_unknown_fields=True):
    stations: Annotated[list[Sl651Station], Meta(min_length=1)]


class SpoolConfig(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    folder: str = "spool"
    max_age_h: Annotated[float, Meta(ge=72)] = 240.0
    max_mb: Annotated[float, Meta(ge=1)] = 2048.0
    when_full: WhenFull = WhenFull.DROP_OLDEST
    backlog_share: Annotated[float, Meta(gt=0, le=1)] = 0.5

    @property
    def bounds(self) -> Bounds:
        return Bounds(round(self.max_age_h * HOUR_MS), round(self.max_mb * 1024**2), self.when_full)


class Config(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The whole file. *source* is the gateway's name at the platform, *key_env* the variable with its key."""

    source: Name
    door: Annotated[str, Meta(pattern=r"^(https?://|unix:)")]
    key_env: str = "ANLAN_GATEWAY_KEY"
    ca: str | None = None
    spool: SpoolConfig = msgspec.field(default_factory=SpoolConfig)
    opcua: list[OpcUa] = []
    modbus: list[Modbus] = []
    hj212: list[Hj212] = []
    sl651: list[Sl651] = []

    def points(self) -> Iterator[tuple[str, Point]]:
        """All points with their place in the file."""
        for at, server in enumerate(self.opcua):
            yield from _placed(f"opcua[{at}]", server.points)
        for at, plc in enumerate(self.modbus):
            yield from _placed(f"modbus[{at}]", plc.points)
        for at, air in enumerate(self.hj212):
            for n, device in enumerate(air.devices):
                yield from _placed(f"hj212[{at}].devices[{n}]", device.points)
        for at, water in enumerate(self.sl651):
            for n, station in enumerate(water.stations):
                yield from _placed(f"sl651[{at}].stations[{n}]", station.points)

    @property
    def sources(self) -> list[OpcUa | Modbus | Hj212 | Sl651]:
        return [*self.opcua, *self.modbus, *self.hj212, *self.sl651]


def _placed(place: str, points: Sequence[Point]) -> Iterator[tuple[str, Point]]:
    for index, point in enumerate(points):
        yield f"{place}.points[{index}]", point


Fault = tuple[str, Text]


def read_config(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration in *path*. Raises `BadConfig`; paths in it are taken from the file's own folder."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad([(str(path), Text(f"无法读取：{error}", f"cannot be read: {error}"))]) from error
    try:
        config = msgspec.convert(content, Config)
    except msgspec.ValidationError as error:
        raise _bad([_structural(str(error))]) from error
    _resolve(config, path.resolve().parent)
    faults = list(_faults(config, os.environ if environment is None else environment))
    if faults:
        raise _bad(faults)
    return config


def warnings(config: Config) -> list[Fault]:
    """What can be run but should be looked at."""
    found: list[Fault] = []
    if re.match(r"http://(?!127\.|localhost|\[::1\])", config.door):
        words = Text("密钥将以明文传输，请用 https", "the key travels in clear text: use https")
        found.append(("door", words))
    for kind, listeners in (("hj212", config.hj212), ("sl651", config.sl651)):
        for index, one in enumerate(listeners):
            if one.listen not in (LOOPBACK, "::1", "localhost"):
                words = Text(
                    f"在 {one.listen} 上对网络开放，该协议没有加密，请限制来源地址",
                    f"is open to the network on {one.listen}; the protocol knows no encryption: limit who may call",
                )
                found.append((f"{kind}[{index}].listen", words))
    for index, server in enumerate(config.opcua):
        if server.security == "none":
            words = Text("未加密也未签名", "neither signed nor encrypted")
            found.append((f"opcua[{index}].security", words))
    return found


def _bad(faults: list[Fault]) -> BadConfig:
    both = {place: f"{place}: {words.zh} / {words.en}" for place, words in faults}
    return BadConfig(facts=both)


def _resolve(config: Config, folder: Path) -> None:
    """Make the file's relative paths absolute."""
    config.spool.folder = str(folder / config.spool.folder)
    config.ca = config.ca and str(folder / config.ca)
    for server in config.opcua:
        server.certificate = server.certificate and str(folder / server.certificate)
        server.private_key = server.private_key and str(folder / server.private_key)
        server.server_certificate = server.server_certificate and str(folder / server.server_certificate)


def _faults(config: Config, environment: Mapping[str, str]) -> Iterator[Fault]:
    if not config.sources:
        yield (
            "",
            Text(
                "没有声明任何数据来源（opcua、modbus、hj212、sl651）",
                "no source is declared (opcua, modbus, hj212, sl651)",
            ),
        )
    yield from _twice("name", [one.name for one in config.sources])
    yield from _twice("tag", [point.tag for _, point in config.points()])
    yield from _missing_variables(config, environment)
    for place, point in config.points():
        yield from _point_faults(place, point)
    for index, server in enumerate(config.opcua):
        yield from _opcua_faults(f"opcua[{index}]", server)
    for index, device in enumerate(config.modbus):
        yield from _modbus_faults(f"modbus[{index}]", device)
    yield from _twice("mn", [device.mn for one in config.hj212 for device in one.devices])
    yield from _twice(
        "address", [station.address.upper() for one in config.sl651 for station in one.stations]
    )
    listening: list[Listener] = [*config.hj212, *config.sl651]
    yield from _twice("port", [f"{one.listen}:{one.port}" for one in listening])


def _twice(what: str, values: list[str]) -> Iterator[Fault]:
    for value, count in Counter(values).items():
        if count > 1:
            yield (
                f'{what} = "{value}"',
                Text(f"出现了 {count} 次，应当唯一", f"occurs {count} times, and must once"),
            )


def _missing_variables(config: Config, environment: Mapping[str, str]) -> Iterator[Fault]:
    named = [("key_env", config.key_env)]
    named += [(f"opcua[{at}].password_env", one.password_env or "") for at, one in enumerate(config.opcua)]
    for at, air in enumerate(config.hj212):
        named += [
            (f"hj212[{at}].devices[{n}].password_env", one.password_env or "")
            for n, one in enumerate(air.devices)
        ]
    for at, water in enumerate(config.sl651):
        named += [
            (f"sl651[{at}].stations[{n}].password_env", one.password_env or "")
            for n, one in enumerate(water.stations)
        ]
    for place, variable in named:
        if variable and not environment.get(variable):
            yield (
                place,
                Text(f"环境变量 {variable} 没有设置", f"the environment variable {variable} is not set"),
            )


def _point_faults(place: str, point: Point) -> Iterator[Fault]:
    if point.scale == 0:
        yield f"{place}.scale", Text("比例不能为 0", "a scale of 0 leaves nothing")
    if point.range is not None and not point.range[0] < point.range[1]:
        yield f"{place}.range", Text("应为 [下限, 上限]", "must be [low, high]")
    if point.device_unit is None:
        return
    for name, unit in (("device_unit", point.device_unit), ("unit", point.unit)):
        if unit not in UNITS:
            known = ", ".join(filter(None, UNITS))
            yield (
                f"{place}.{name}",
                Text(f"不认识单位 {unit}；可用：{known}", f"unknown unit {unit}; known: {known}"),
            )
            return
    one, other = UNITS[point.device_unit], UNITS[point.unit]
    if one.dimension != other.dimension:
        words = Text(f"{one.symbol} 不能换算为 {other.symbol}", f"{one.symbol} cannot become {other.symbol}")
        yield f"{place}.device_unit", words


def _opcua_faults(place: str, server: OpcUa) -> Iterator[Fault]:
    if server.user and not server.password_env:
        yield f"{place}.password_env", Text("有 user 就要有 password_env", "goes with user")
    files = {
        "certificate": server.certificate,
        "private_key": server.private_key,
        "server_certificate": server.server_certificate,
    }
    for name, given in files.items():
        if server.security != "none" and not given:
            yield f"{place}.{name}", Text(f"{server.security} 需要它", f"is needed for {server.security}")
    ours = [Path(file) for file in (server.certificate, server.private_key) if file]
    needed = [Path(server.server_certificate)] if server.server_certificate else []
    if any(file.exists() for file in ours):
        needed += ours  # neither is there: they are made at the first start
    for file in needed:
        if not file.is_file():
            yield place, Text(f"没有文件 {file}", f"there is no file {file}")


def _modbus_faults(place: str, device: Modbus) -> Iterator[Fault]:
    if (device.host is None) == (device.serial is None):
        yield place, Text("host 与 serial 必须且只能有一个", "needs host or serial, and one only")
    for index, point in enumerate(device.points):
        bits = point.table in ("coil", "discrete")
        if bits != (point.type == "bit"):
            words = Text(
                "线圈与离散输入的类型是 bit，寄存器不是",
                "coils and discrete inputs are of type bit, registers are not",
            )
            yield f"{place}.points[{index}].type", words


_STRUCTURAL = (
    (r"Object missing required field `(\w+)`", "缺少 {0}", "{0} is missing"),
    (r"Object contains unknown field `(.+)`", "没有名为 {0} 的配置项", "there is no setting called {0}"),
    (r"Expected `(.+?)`, got `(.+?)`", "应为 {0}，给出的是 {1}", "must be {0}, not {1}"),
    (r"Expected `(.+?)` (of .+|matching .+|[<>]=? .+)", "应为 {0} {1}", "must be {0} {1}"),
    (r"Invalid enum value (.+)", "不在可选值之中：{0}", "is none of the choices: {0}"),
)


def _structural(said: str) -> Fault:
    """msgspec's word about the file's shape, in both languages and with the place first."""
    words, _, place = said.partition(" - at `$")
    at = place.rstrip("`").lstrip(".")
    for pattern, zh, en in _STRUCTURAL:
        if found := re.match(pattern, words):
            return at, Text(zh.format(*found.groups()), en.format(*found.groups()))
    return at, Text(words, words)
