"""``anlan simulate pack NAME -o DIR``: the scenarios of a pack, each in a folder of its own, and their summary."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.server.cli.simulate import formats, new_folder, written
from anlan.server.supervisor.console import say


def run_pack(options: argparse.Namespace) -> int:
    """List the packs, or run one."""
    if options.list_cases:
        return _list(as_json=options.json)
    if (
        options.params is None
        or options.output is None
        or options.case
        or options.print_case
        or options.schema
    ):
        raise Invalid(
            Text("请给出情景包名称和结果目录", "Give the name of a pack and a folder for the results"),
            next_step=Text(
                "--list-cases 列出情景包，-o 指明目录", "--list-cases lists them, -o names the folder"
            ),
        )
    with new_folder(options.output, overwrite=options.overwrite) as folder:
        told = _written(options, folder)
        body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
        (folder / "pack.json").write_bytes(body)
    if options.json:
        sys.stdout.write(body.decode())
    else:
        _tell(told, options.output)
    return 0


def _written(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from anlan.science.packs import member_params, read_pack

    pack = read_pack(str(options.params))
    terrain: Path | None = options.terrain
    beside = Path() if terrain is None else terrain.parent
    members: list[dict[str, Any]] = []
    chances: dict[str, float] = {}
    for member in pack.members:
        print(f"{member.id}: {say(Text(member.name.zh, member.name.en))}", file=sys.stderr)
        said = member_params(pack, member, None if terrain is None else terrain.name)
        target = folder / member.id
        target.mkdir()
        content = json.dumps(said, ensure_ascii=False).encode()
        summary = json.loads(written(member.hazard, content, beside, target, formats(options.export)))
        members.append(
            {
                "id": member.id,
                "name": summary["name"],
                "hazard": member.hazard,
                "input_hash": summary["input_hash"],
                "figures": summary["figures"],
                "chance_of": member.chance,
            }
        )
        if "cascade" in summary:
            chances |= {one["id"]: one["chance"]["value"] for one in summary["cascade"]["events"]}
    for one in members:
        one["chance"] = chances.get(one["chance_of"])
    return {
        "pack": str(options.params),
        "name": _both(pack.name),
        "state": _both(pack.state),
        "terrain": None if terrain is None else terrain.name,
        "seed": pack.seed,
        "sources": list(pack.sources),
        "members": members,
    }


def _list(*, as_json: bool) -> int:
    from anlan.science.packs import pack_names, read_pack

    packs = {name: read_pack(name) for name in pack_names()}
    if as_json:
        said = {name: {**_both(pack.name), "state": _both(pack.state)} for name, pack in packs.items()}
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return 0
    wide = max(map(len, packs))
    for name, pack in packs.items():
        print(f"  {name:<{wide}}  {say(Text(pack.name.zh, pack.name.en))}")
        print(f"  {'':<{wide}}  {say(Text(pack.state.zh, pack.state.en))}")
    return 0


def _tell(told: dict[str, Any], folder: Path) -> None:
    language = say(Text("zh", "en"))
    print(f"{told['name'][language]}: {told['state'][language]}")
    for one in told["members"]:
        chance = "" if one["chance"] is None else f"  P = {one['chance']:.3g}"
        print(f"  {one['id']:<16}{one['name'][language]}{chance}")
    print(f"→ {folder}")


def _both(name: Any) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}
