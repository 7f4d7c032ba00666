"""``anlan load population|weather|points|readings FILE``: data of the deployer's own into the running system."""

import argparse
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, enter_system, set_up_django
from anlan.server.supervisor.console import say

_FOLLOW_S = 30.0


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "load", Text("导入自有数据", "load data of your own"))
    kinds = parser.add_subparsers(metavar=say(Text("类别", "KIND")), required=True)
    _add_population(kinds)
    _add_weather(kinds)
    _add_points(kinds)
    _add_readings(kinds)


def _add_population(kinds: Commands) -> None:
    words = Text("人口栅格（GeoTIFF，每单元人数）", "a population raster (GeoTIFF, persons per cell)")
    parser = add_command(kinds, "population", words)
    parser.add_argument("file", type=_existing)
    parser.add_argument(
        "--name",
        required=True,
        help=say(Text("名称，同名者被替换", "its name; one of the same name gives way")),
    )
    parser.add_argument("--source", required=True, help=say(Text("来源", "where it comes from")))
    parser.add_argument("--method", required=True, help=say(Text("制作方法", "how it was made")))
    parser.add_argument("--data-time", required=True, type=datetime.fromisoformat, metavar="YYYY-MM-DD")
    error = Text("制作方所述相对误差", "its relative error, as its maker states it")
    parser.add_argument("--relative-error", required=True, type=float, metavar="0.3", help=say(error))
    parser.add_argument(
        "--rank", type=int, default=10, help=say(Text("优先级，大者先用", "of several the highest counts"))
    )
    add_data(parser)
    parser.set_defaults(run=load_population)


def _add_weather(kinds: Commands) -> None:
    words = Text("气象站逐时数据（CSV）", "hours of weather stations (CSV)")
    parser = add_command(kinds, "weather", words)
    parser.add_argument("file", type=_existing)
    parser.add_argument("--source", required=True, help=say(Text("来源", "where it comes from")))
    parser.add_argument(
        "--follow", action="store_true", help=say(Text("持续读取新增行", "go on with what is added"))
    )
    add_data(parser)
    parser.set_defaults(run=load_weather)


def _add_points(kinds: Commands) -> None:
    words = Text("网关的测点表（CSV）", "a gateway's list of points (CSV)")
    parser = add_command(kinds, "points", words)
    parser.add_argument("file", type=_existing)
    parser.add_argument("--gateway", required=True, help=say(Text("网关接入名", "the gateway's source name")))
    code = Text(
        "企业统一社会信用代码（网关尚未登记时）", "the enterprise's credit code, for a gateway that is new"
    )
    parser.add_argument("--enterprise", metavar="CODE", help=say(code))
    add_data(parser)
    parser.set_defaults(run=load_points)


def _add_readings(kinds: Commands) -> None:
    words = Text(
        "历史读数（CSV 或 Parquet），作为迟到数据", "readings of the past (CSV or Parquet), as late data"
    )
    parser = add_command(kinds, "readings", words)
    parser.add_argument("file", type=_existing)
    parser.add_argument(
        "--source", help=say(Text("网关（文件没有 source 列时）", "the gateway, without a column source"))
    )
    keys = Text("多个网关的密钥文件 (JSON)", "a file with the keys of several gateways (JSON)")
    parser.add_argument("--keys", type=_existing, help=say(keys))
    url = Text(
        "平台地址，如 https://…/ingest（默认本机运行的系统）",
        "the door; the system that runs here if not given",
    )
    parser.add_argument("--door", metavar="URL", help=say(url))
    parser.add_argument(
        "--beijing",
        action="store_true",
        help=say(Text("时间没有时区时按北京时间", "times without offset are Beijing's")),
    )
    share = Text("占用平台接收时间的比例（0–1）", "share of the time in which it keeps the door busy (0-1)")
    parser.add_argument("--share", type=_share, default=0.5, help=say(share))
    add_data(parser)
    parser.set_defaults(run=load_readings)


def _share(given: str) -> float:
    share = float(given)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(say(Text("应大于 0，至多 1", "must be above 0, and 1 at most")))
    return share


def _existing(given: str) -> Path:
    path = Path(given)
    if not path.is_file():
        raise argparse.ArgumentTypeError(say(Text(f"没有文件 {path}", f"there is no file {path}")))
    return path


def load_population(options: argparse.Namespace) -> int:
    enter_system(options)
    set_up_django()
    from anlan.domains.data.population.raster import read_raster
    from anlan.domains.data.population.services import GridOrigin, load_grid
    from anlan.platform.commands import acting_as, service_principal

    grid = read_raster(options.file, options.relative_error)
    at = options.data_time if options.data_time.tzinfo else options.data_time.replace(tzinfo=UTC)
    with acting_as(service_principal("console")):
        load_grid(grid, GridOrigin(options.name, options.method, options.source, at, options.rank))
    people = round(float(grid.persons[0].sum()))
    rows, columns = grid.persons.shape[1:]
    print(
        say(
            Text(
                f"已导入 {rows}×{columns} 单元，共 {people} 人",
                f"{rows} x {columns} cells with {people} people",
            )
        )
    )
    return 0


def load_weather(options: argparse.Namespace) -> int:
    """Load the file's hours; the exit status is 1 when a row could not be used."""
    enter_system(options)
    set_up_django()
    from anlan.domains.monitoring.weather.services import record_weather
    from anlan.domains.monitoring.weather.stations import CsvStations
    from anlan.platform.commands import acting_as, service_principal

    stations, told = CsvStations(options.file), 0
    while True:
        hours = stations.read()
        with acting_as(service_principal("console")):
            taken = record_weather(hours, source=options.source) if hours else 0
        for bad in stations.bad[told:]:
            print(say(Text(f"第 {bad.number} 行：{bad.message.zh}", f"line {bad.number}: {bad.message.en}")))
        told = len(stations.bad)
        if taken or not options.follow:
            print(say(Text(f"已导入 {taken} 条", f"{taken} hours loaded")), flush=True)
        if not options.follow:
            return int(bool(stations.bad))
        time.sleep(_FOLLOW_S)


def load_points(options: argparse.Namespace) -> int:
    enter_system(options)
    set_up_django()
    from anlan.server.cli.points import load

    return load(options)


def load_readings(options: argparse.Namespace) -> int:
    """Load readings of the past; the exit status is 1 when a row was not taken."""
    from anlan.server.cli.readings import load

    if options.door is None:
        enter_system(options)
    return load(options, options.door or os.environ["ANLAN_DOOR_URL"])
