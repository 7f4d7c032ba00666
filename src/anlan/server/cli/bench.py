"""``anlan bench NAME``: measurements of ours and a named peer in the same run."""

import argparse
import json
import sys
from importlib import import_module
from importlib.resources import files
from typing import Any

from anlan.kernel.errors import NotFound
from anlan.kernel.text import Text
from anlan.server.cli.common import Commands, add_command, add_data, add_json, enter_system
from anlan.server.supervisor.compiled import keep_compiled_kernels


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "bench", Text("测量性能", "measure"))
    parser.add_argument("name")
    add_data(parser)
    add_json(parser)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the benchmark module ``anlan.benchmarks.NAME`` with its own further options."""
    keep_compiled_kernels()
    module = _find(options.name)
    own = argparse.ArgumentParser(prog=f"anlan bench {options.name}")
    add_json(own)
    if hasattr(module, "add_arguments"):
        module.add_arguments(own)
    chosen = own.parse_args(options.rest, argparse.Namespace(json=options.json))
    if getattr(module, "NEEDS_SYSTEM", False):
        enter_system(options)
    report: dict[str, Any] = module.measure(chosen)
    if chosen.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print_table(report)
    return 0


def _find(name: str) -> Any:
    known = _names()
    if name not in known:
        raise NotFound(
            Text(f"没有名为 {name} 的测量", f"There is no benchmark called {name}"),
            next_step=Text(f"现有：{', '.join(known)}", f"There are: {', '.join(known)}"),
        )
    return import_module(f"anlan.benchmarks.{name}")


def _names() -> list[str]:
    """Modules that measure, told by their text: to import them all would ask for every peer's client."""
    folder = files("anlan.benchmarks")
    return sorted(
        file.name.removesuffix(".py")
        for file in folder.iterdir()
        if file.name.endswith(".py") and "\ndef measure(" in file.read_text()
    )


def _print_table(report: dict[str, Any]) -> None:
    print(f"{report['name']}  ({report['machine']})")
    for figure in report["figures"]:
        peer = (
            "" if figure.get("peer_value") is None else f"  {figure['peer']}: {_number(figure['peer_value'])}"
        )
        ratio = "" if figure.get("ratio") is None else f"  ×{figure['ratio']:.2f}"
        note = f"  ({figure['note']})" if figure.get("note") else ""
        value = f"{_number(figure['value'])} {figure['unit']}"
        sys.stdout.write(f"  {figure['id']:<26} {value:<22}{peer}{ratio}{note}\n")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
