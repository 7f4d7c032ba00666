"""``anlan demo load`` and ``anlan demo run``: the data of the demonstration, and its scenarios."""

import argparse
import json
import os

from anlan.kernel.text import Text
from anlan.server.cli.common import (
    Commands,
    add_command,
    add_data,
    add_json,
    chosen_data,
    enter_system,
    set_up_django,
)
from anlan.server.supervisor.console import say


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "demo", Text("演示数据", "the demonstration's data"))
    parser.add_argument("action", choices=["load", "run"])
    scenario = Text("场景（用于 run）", "scenario (for run)")
    parser.add_argument("scenario", nargs="?", choices=["ammonia-leak"], help=say(scenario))
    parser.add_argument("--seed", type=int, default=1, help=say(Text("随机种子", "seed")))
    add_json(parser)
    words = Text("只装有监测数据的装置", "only the plants that send readings")
    parser.add_argument("--plants-only", action="store_true", help=say(words))
    add_data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    enter_system(options)
    set_up_django()
    if options.action == "run":
        return _run_scenario(options)
    from anlan.demo.load import load, load_background

    if not options.plants_only:
        load_background(chosen_data(options))
    load(chosen_data(options))
    return 0


def _run_scenario(options: argparse.Namespace) -> int:
    """Run a scenario on the running system and tell what happened."""
    from anlan.demo.scenarios import SCENARIOS

    said = SCENARIOS[options.scenario or "ammonia-leak"](os.environ["ANLAN_DOOR_URL"], seed=options.seed)
    if options.json:
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return 0
    print(f"{said['scenario']}  {say(Text('线索', 'thread'))} {said['thread']}")
    for step in said["steps"]:
        facts = {name: value for name, value in step.items() if name not in _SHOWN}
        print(f"  {step['at']}  {step['step']:<10} {step['elapsed_ms']:>8.1f} ms  {_short(facts)}")
    return 0


_SHOWN = ("step", "at", "elapsed_ms", "thread")


def _short(facts: dict[str, object]) -> str:
    text = json.dumps(facts, ensure_ascii=False)
    return text if len(text) <= 160 else text[:157] + "..."
