"""A tailings pond by its points: each by its filed values, then put together (GB 39496-2020, 5.5.4)."""

from anlan.domains.monitoring.points.queries import fresh_readings
from anlan.domains.monitoring.structures.models import Structure
from anlan.domains.monitoring.structures.scales import level_by_scale, mark, scale_of
from anlan.domains.monitoring.structures.states import Outcome
from anlan.kernel.clock import now
from anlan.kernel.levels import WarningLevel
from anlan.kernel.models import Caveat, manifest_of
from anlan.kernel.quality import Quality
from anlan.kernel.text import Text
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.science.slope import aggregate
from anlan.science.slope.grading import CASCADE_CARD, cascade_table


def judge_pond(structure: Structure) -> None:
    parts = list(structure.pond_points.all())
    fresh = fresh_readings([part.point_id for part in parts])
    levels: dict[str, list[WarningLevel]] = {}
    read: dict[str, float] = {}
    left_out: list[str] = []
    for part in parts:
        reading = fresh.get(part.point_id)
        if reading is None or reading.quality is Quality.BAD or reading.value is None:
            left_out.append(part.point_label)
            mark(part, None)
            continue
        part.value = read[str(part.point_id)] = reading.value
        level = level_by_scale(scale_of(part), reading.value)
        items = levels.setdefault(part.item, [])
        if level is not None:
            items.append(level)
        mark(part, level)
    structure.outcome = (Outcome.JUDGED if read else Outcome.NO_DATA).value
    structure.level, structure.run = "", None
    if not read:
        return
    judged = aggregate(levels)
    structure.level = judged.level.value if judged.level else ""
    structure.run = record_run(
        manifest_of(
            CASCADE_CARD,
            {
                "points": len(read),
                "readings": read,
                "levels": {name: list(map(str, found)) for name, found in levels.items()},
            },
            tables={"tailings_cascade": cascade_table().version},
            caveats=_silent(left_out),
        ),
        {"level": structure.level or None, "items": judged.items},
        RunSubject("structure", structure.id, "judgement"),
        RunPlace(structure.region, structure.zone, synthetic=structure.synthetic),
        valid_at=now(),
    )


def _silent(left_out: list[str]) -> tuple[Caveat, ...]:
    if not left_out:
        return ()
    named = "、".join(left_out[:5])
    return (
        Caveat(
            "structures.points_silent",
            Text(
                f"{len(left_out)} 个测点无有效读数，未参与综合：{named}",
                f"{len(left_out)} points without a usable reading were left out: {named}",
            ),
        ),
    )
