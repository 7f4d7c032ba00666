"""``anlan collect CONFIG.toml``: the edge collector, beside the devices; it needs no running system on its machine."""

import argparse
import asyncio
import csv
import json
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_json
from anlan.server.supervisor.console import say


def add_parser(commands: Commands) -> None:
    words = Text(
        "采集现场设备数据并上送（OPC UA、Modbus、HJ 212、SL 651）", "collect from devices and send on"
    )
    parser = add_command(commands, "collect", words)
    parser.add_argument("config", type=Path, metavar="CONFIG.toml")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help=say(Text("只检查配置", "only check the file")))
    points = Text(
        "输出测点表的表头与位号、单位，补全后用 anlan load points 登记",
        "print the list of points to complete for anlan load points",
    )
    what.add_argument("--points", action="store_true", help=say(points))
    what.add_argument(
        "--status",
        action="store_true",
        help=say(Text("查看采集与缓存情况", "show how collector and spool fare")),
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit status 0 when all is well, 1 when not; collecting goes on until it is stopped."""
    from anlan.edge.core.config import read_config, warnings

    if options.status:
        return _status(options)
    if options.points:
        return _points(read_config(options.config, _Anything()))
    config = read_config(options.config)
    for place, words in warnings(config):
        print(f"! {place}: {say(words)}", file=sys.stderr)
    if options.check:
        tags = sum(1 for _ in config.points())
        devices = len(config.sources)
        print(
            say(
                Text(f"配置可用：{devices} 个来源，{tags} 个测点", f"sound: {devices} sources, {tags} points")
            )
        )
        return 0
    return asyncio.run(_collect(config))


async def _collect(config: Any) -> int:
    from anlan.edge.collector import Collector

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("asyncua", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("pymodbus").setLevel(
        logging.CRITICAL
    )  # it dumps its traffic; what fails we tell ourselves
    collecting = asyncio.ensure_future(Collector(config, os.environ).run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, collecting.cancel)
    print(say(Text(f"正在采集，上送 {config.door}", f"collecting for {config.door}")), flush=True)
    try:
        await collecting
    except asyncio.CancelledError:
        return 0
    except ExceptionGroup as group:
        for error in group.exceptions:
            print(f"✗ {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _points(config: Any) -> int:
    """The list as far as the file knows it: names, kinds and intervals are for a person to add."""
    rows = csv.writer(sys.stdout)
    rows.writerow(["tag", "name", "unit", "kind", "sampling_s", "range_low", "range_high"])
    for _, point in config.points():
        rows.writerow([point.tag, point.tag, point.unit, "", "", *(point.range or ("", ""))])
    return 0


def _status(options: argparse.Namespace) -> int:
    from anlan.edge.collector import STATUS_FILE
    from anlan.edge.core.config import read_config
    from anlan.edge.core.spool import aside_in, counts_in

    folder = Path(read_config(options.config, _Anything()).spool.folder)
    counts = counts_in(folder)
    if counts is None:
        print(say(Text("尚未采集过：没有缓存", "nothing was ever collected: there is no spool")))
        return 1
    told = folder / STATUS_FILE
    said = json.loads(told.read_text("utf-8")) if told.exists() else {}
    said |= {"spool": counts, "set_aside": aside_in(folder), "running": _runs(said.get("pid"))}
    if options.json:
        print(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _print(said)
    well = said["running"] and not said["link"]["trouble"] and not any(s["trouble"] for s in said["sources"])
    return 0 if well else 1


class _Anything(dict[str, str]):
    """An environment in which every variable is set: a look at the status needs no keys."""

    def get(self, key: str, default: Any = None) -> str:
        return "set"


def _runs(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _print(said: dict[str, Any]) -> None:
    spool = said["spool"]
    running = Text("运行中", "running") if said["running"] else Text("未运行", "not running")
    print(f"{said.get('source', '')}  {say(running)}  {said.get('link', {}).get('trouble', '')}")
    rows = (
        ("spooled", Text("已缓存读数", "readings spooled")),
        ("acknowledged", Text("平台已确认", "acknowledged by the platform")),
        ("waiting", Text("待上送", "waiting")),
        ("rejected", Text("平台不接收", "rejected by the platform")),
        ("aside", Text("已搁置（见原因）", "set aside, with reasons")),
        ("dropped", Text("因超限丢弃的最旧读数", "dropped, the oldest, at the limit")),
    )
    for name, label in rows:
        print(f"  {say(label):<36} {spool.get(name, 0)}")
    if "oldest_waiting_ms" in spool:
        since = datetime.fromtimestamp(spool["oldest_waiting_ms"] / 1000, UTC).astimezone()
        print(f"  {say(Text('最早待上送', 'waiting since')):<36} {since:%Y-%m-%d %H:%M:%S}")
    for sequence, readings, reason in said["set_aside"]:
        print(f"    #{sequence} ({readings}): {reason}")
    for source in said.get("sources", []):
        state = Text("已连接", "connected") if source["connected"] else Text("未连接", "not connected")
        print(f"  {source['kind']} {source['name']}: {say(state)}  {source['trouble']}")
        counts = {**source["counts"], **{f"? {who}": n for who, n in source["strangers"].items()}}
        print("    " + "  ".join(f"{name}={count}" for name, count in counts.items()))
