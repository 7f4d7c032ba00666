"""The only writer of scores: everything that the moment says, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shapely.geometry import Point

from anlan.domains.monitoring.alarms.queries import newest_entry
from anlan.domains.monitoring.risk.gathering import Gathered, gather
from anlan.domains.monitoring.risk.hierarchy import Key, Ladder, Places, Standing
from anlan.domains.monitoring.risk.models import RiskChange, RiskRound, RiskScore
from anlan.domains.monitoring.risk.scoring import UnitScores, inputs_of, score_units
from anlan.domains.monitoring.risk.states import COMPUTE, READ, SubjectKind
from anlan.domains.monitoring.risk.tables import WEIGHTS, weights_of
from anlan.domains.monitoring.risk.warning import warn
from anlan.kernel.clock import now
from anlan.kernel.ids import new_id
from anlan.kernel.levels import RiskLevel
from anlan.kernel.models import manifest_of
from anlan.platform.commands import read_scope, service
from anlan.platform.geo.models import Boundary
from anlan.platform.outbox import Event, emit_many
from anlan.platform.provenance.services import RunPlace, RunSubject, record_run
from anlan.platform.scope.models import FunctionalZone, Region
from anlan.platform.standards.queries import table_in_force
from anlan.platform.standards.views import TableVersion
from anlan.science.risk import CARD, ROLL_UP_CARD, Weights, code_of

TOPIC = "risk"
EVERY = timedelta(minutes=1)
"""How old scores may become while nothing happens: open alarms weigh more with every minute."""

_ROUND = 1


def compute_when_due() -> int:
    """Compute when something has happened to an alarm, or a minute has passed; the scores that changed."""
    with read_scope():
        last = RiskRound.objects.filter(number=_ROUND).first()
        due = last is None or now() - last.at >= EVERY or newest_entry() != last.seen
    return compute_scores() if due else 0


@service("risk.compute", permission=COMPUTE)
def compute_scores() -> int:
    """Bring every score up to date; how many changed.

    A changed level, and an index that moved far, go into the history with what they were made of;
    a changed level also leaves a run with its manifest.
    """
    turn = _turn()
    at = now()
    table = table_in_force(WEIGHTS)
    weights = weights_of(table)
    before = {(score.kind, score.key): score for score in RiskScore.objects.defer("geometry")}
    found = gather(at, weights)
    scores = score_units(found, weights)
    ladder = Ladder(
        weights,
        at.timestamp(),
        {key: score.below_since for key, score in before.items()},
        lambda key: before[key].id if key in before else new_id(),
        _places(),
    )
    standings = ladder.climb(found, scores)
    outlines = _outlines(
        turn, new=any((one.subject.kind, one.subject.key) not in before for one in standings)
    )
    changed = _Writing(at, table, weights, before, found, scores, outlines).write(standings)
    turn.at, turn.seen = at, newest_entry()
    turn.save()
    return changed


def _turn() -> RiskRound:
    """The row of the round, locked: a second computation waits for this one."""
    RiskRound.objects.bulk_create(
        [RiskRound(number=_ROUND, at=datetime.fromtimestamp(0, now().tzinfo))], ignore_conflicts=True
    )
    return RiskRound.objects.select_for_update().get(number=_ROUND)


def _places() -> Places:
    regions = list(Region.objects.all())
    return Places(
        {region.code: region.zh for region in regions},
        {region.code: region.parent_id for region in regions},
        dict(FunctionalZone.objects.values_list("id", "zh")),
    )


def _outlines(turn: RiskRound, *, new: bool) -> Mapping[str, Any]:
    """The outlines of divisions when a subject is *new* or boundaries were imported since; else nothing."""
    newest = Boundary.objects.order_by("-imported_at").values_list("imported_at", flat=True).first()
    if not new and newest == turn.boundaries_at:
        return {}
    turn.boundaries_at = newest
    return {row.region: row.geometry for row in Boundary.objects.all()}


class _Writing:
    """Writes the scores of one round."""

    def __init__(
        self,
        at: datetime,
        table: TableVersion,
        weights: Weights,
        before: Mapping[Key, RiskScore],
        found: Gathered,
        scores: UnitScores,
        outlines: Mapping[str, Any],
    ) -> None:
        self._at, self._table, self._weights, self._before = at, table, weights, before
        self._found, self._scores, self._outlines = found, scores, outlines
        self._unit = {str(unit.id): place for place, unit in enumerate(found.units)}
        self._changes: list[RiskChange] = []

    def write(self, standings: Sequence[Standing]) -> int:
        """Write *standings*; how many of them are new or differ from what stood."""
        made, touched = [], []
        for standing in standings:
            old = self._before.get((standing.subject.kind, standing.subject.key))
            row = self._row(standing, old)
            if old is None:
                made.append(row)
            elif _differs(row, old) or (row.geometry is not None and standing.subject.place is None):
                touched.append(row)
        gone = {score.id for score in self._before.values()} - {one.subject.score_id for one in standings}
        RiskScore.objects.filter(id__in=gone).delete()
        RiskScore.objects.bulk_create(made)
        for row in touched:
            row.save(update_fields=_WRITTEN if row.geometry is None else [*_WRITTEN, "geometry", "bounds"])
        RiskChange.objects.bulk_create(self._changes)
        emit_many(_event(change) for change in self._changes)
        return len(made) + len(touched) + len(gone)

    def _row(self, standing: Standing, old: RiskScore | None) -> RiskScore:
        subject, worst = standing.subject, standing.worst
        level = standing.risk_level.value if standing.risk_level else ""
        row = RiskScore(
            id=subject.score_id,
            kind=subject.kind.value,
            key=subject.key,
            subject_id=subject.subject_id,
            name=subject.name,
            enterprise_id=subject.enterprise_id,
            enterprise_name=subject.enterprise_name,
            index=standing.index / 100.0,
            recorded_index=old.recorded_index if old else 0.0,
            level=level,
            since=old.since if old and old.level == level else self._at,
            below_since=list(standing.below_since),
            weight=standing.weight,
            worst=worst.subject.score_id if worst else None,
            worst_name=worst.subject.name if worst else "",
            worst_level=worst.risk_level.value if worst and worst.risk_level else "",
            overrides=list(standing.overrides),
            parts=list(standing.parts),
            gaps=list(standing.gaps),
            table_version=self._table.name,
            computed_at=self._at,
            run=old.run if old else None,
            geometry=self._geometry(standing),
            synthetic=subject.synthetic,
            region=subject.region,
            zone=subject.zone,
        )
        self._remember(standing, row, old.level if old else "")
        return row

    def _geometry(self, standing: Standing) -> Any:
        subject = standing.subject
        if subject.place is not None:
            return Point(*subject.place)
        divisions = (SubjectKind.COUNTY, SubjectKind.CITY, SubjectKind.REGION)
        return self._outlines.get(subject.region) if subject.kind in divisions else None

    def _remember(self, standing: Standing, row: RiskScore, previous: str) -> None:
        """Into the history when the level changed or the index moved far."""
        if row.level == previous and abs(row.index - row.recorded_index) < self._weights["history.step"]:
            return
        warning = None
        if row.level != previous:
            row.run = self._run(standing, row)
            if standing.level > _code(previous):
                warning = warn(standing, self._at)
        row.recorded_index = row.index
        self._changes.append(
            RiskChange(
                id=new_id(),
                kind=row.kind,
                key=row.key,
                subject_id=row.subject_id,
                score_id=row.id,
                name=row.name,
                at=self._at,
                index=row.index,
                level=row.level,
                previous_level=previous,
                overrides=row.overrides,
                parts=row.parts,
                run=row.run if row.level != previous else None,
                warning=warning,
                synthetic=row.synthetic,
                region=row.region,
                zone=row.zone,
            )
        )

    def _run(self, standing: Standing, row: RiskScore) -> UUID:
        if standing.subject.kind is SubjectKind.UNIT:
            card, inputs = CARD, inputs_of(self._found, self._scores, self._unit[row.key])
        else:
            children = [
                {name: part[name] for name in ("id", "index", "level", "weight")} for part in row.parts
            ]
            card, inputs = ROLL_UP_CARD, {"at": self._at.isoformat(), "children": children}
        return record_run(
            manifest_of(card, inputs, tables={WEIGHTS: self._table.name}),
            {"index": row.index, "level": row.level, "parts": row.parts, "overrides": row.overrides},
            RunSubject("risk", row.id, "index"),
            RunPlace(row.region, row.zone, synthetic=row.synthetic),
            valid_at=self._at,
        )


_COMPARED = ("index", "level", "below_since", "worst", "worst_level", "overrides", "parts", "gaps", "name",
             "region", "zone", "table_version", "weight", "synthetic")  # fmt: skip
_WRITTEN = [*_COMPARED, "recorded_index", "since", "worst_name", "enterprise_name", "computed_at", "run"]


def _code(level: str) -> int:
    return code_of(RiskLevel(level) if level else None)


def _differs(row: RiskScore, old: RiskScore) -> bool:
    return any(getattr(row, name) != getattr(old, name) for name in _COMPARED)


def _event(change: RiskChange) -> Event:
    return Event(
        topic=TOPIC,
        data={
            "id": change.score_id,
            "kind": change.kind,
            "subject_id": change.subject_id,
            "index": change.index,
            "level": change.level or None,
        },
        thread=None,
        region=change.region,
        zone=change.zone,
        permission=READ,
    )
