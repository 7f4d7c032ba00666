"""``anlan load points FILE``: a gateway's list of points into the running system, all of it or nothing."""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from anlan.domains.monitoring.points.contracts import PointSpec
from anlan.domains.monitoring.points.states import PointKind
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text
from anlan.kernel.units import UNITS
from anlan.server.supervisor.console import say

COLUMNS = ("tag", "name", "unit", "kind", "sampling_s")
_RANGE = ("range_low", "range_high")


def load(options: argparse.Namespace) -> int:
    """Register the gateway if there is none of that name, and those of the points that it has not yet."""
    from anlan.domains.monitoring.points.queries import find_gateway, points_of_gateway
    from anlan.domains.monitoring.points.services import create_points
    from anlan.platform.commands import acting_as, read_scope, service_principal

    specs = read_points(options.file)
    with acting_as(service_principal("console")):
        with read_scope():
            gateway = find_gateway(options.gateway)
        gateway_id = gateway.id if gateway else _register(options.gateway, options.enterprise)
        with read_scope():
            known = {point.tag for point in points_of_gateway(gateway_id)}
        new = [spec for spec in specs if spec.tag not in known]
        if new:
            create_points(gateway_id, new)
    words = Text(
        f"登记 {len(new)} 个测点，{len(specs) - len(new)} 个已有",
        f"{len(new)} points recorded, {len(specs) - len(new)} were there",
    )
    print(say(words))
    return 0


def _register(source: str, code: str | None) -> UUID:
    """A new gateway of the enterprise with credit code *code*; its key goes to the screen, this once."""
    from anlan.domains.monitoring.enterprises.queries import find_enterprise_by_code
    from anlan.domains.monitoring.points.services import register_gateway
    from anlan.platform.commands import read_scope

    with read_scope():
        enterprise = find_enterprise_by_code(code or "")
    if enterprise is None:
        raise Invalid(
            Text(
                f"没有网关 {source}，也没有可为其登记的企业",
                f"There is no gateway {source}, and no enterprise for it",
            ),
            next_step=Text(
                "用 --enterprise 给出统一社会信用代码", "Name the enterprise's credit code with --enterprise"
            ),
        )
    given = register_gateway(source=source, name=source, enterprise_id=enterprise.id)
    print(
        say(
            Text(f"网关密钥（仅显示这一次）：{given.key}", f"the gateway's key, shown this once: {given.key}")
        )
    )
    return given.gateway.id


def read_points(path: Path) -> list[PointSpec]:
    """The points in *path*. Raises `Invalid` naming every row that is none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise _refused([Text(f"缺少列 {', '.join(missing)}", f"lacks the columns {', '.join(missing)}")])
        found: list[PointSpec] = []
        faults: list[Text] = []
        for row in rows:
            told = list(_faults(row, {spec.tag for spec in found}))
            faults += [
                Text(f"第 {rows.line_num} 行：{one.zh}", f"line {rows.line_num}: {one.en}") for one in told
            ]
            if not told:
                found.append(_spec(row))
    if faults:
        raise _refused(faults)
    return found


def _faults(row: dict[str, str], before: set[str]) -> Iterator[Text]:
    tag, unit, kind = (row[name] or "" for name in ("tag", "unit", "kind"))
    if not tag or tag in before:
        yield Text(f"位号“{tag}”为空或重复", f"the tag {tag!r} is missing or was there before")
    if unit not in UNITS:
        yield Text(f"未知的计量单位“{unit}”", f"unknown unit {unit!r}")
    if kind not in set(PointKind):
        yield Text(
            f"类别“{kind}”不在：{', '.join(PointKind)}",
            f"the kind {kind!r} is none of {', '.join(PointKind)}",
        )
    for name in ("sampling_s", *_RANGE):
        written = row.get(name) or ""
        if (written or name == "sampling_s") and not _is_number(written):
            yield Text(f"{name}“{written}”不是数字", f"{name} {written!r} is no number")


def _is_number(written: str) -> bool:
    try:
        float(written)
    except ValueError:
        return False
    return True


def _spec(row: dict[str, str]) -> PointSpec:
    low, high = (float(written) if (written := row.get(name)) else None for name in _RANGE)
    return PointSpec(
        tag=row["tag"],
        name=row["name"] or row["tag"],
        unit=row["unit"],
        kind=PointKind(row["kind"]),
        sampling_s=float(row["sampling_s"]),
        range_low=low,
        range_high=high,
    )


def _refused(faults: list[Text]) -> Invalid:
    return Invalid(
        Text("测点表有误，未登记任何测点", "The list of points has faults; nothing was recorded"),
        next_step=Text("请修改后重试", "Correct it and try again"),
        facts={str(number): say(words) for number, words in enumerate(faults)},
    )
