"""From what the other apps tell to the figures of each enterprise: aggregates of theirs, put together here."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from anlan.domains.monitoring.alarms.queries import unresolved_by_enterprise
from anlan.domains.monitoring.commitments.queries import management_facts
from anlan.domains.monitoring.commitments.tables import day_of
from anlan.domains.monitoring.enterprises.contracts import EnterpriseView
from anlan.domains.monitoring.enterprises.queries import enterprises_of_kind
from anlan.domains.monitoring.enterprises.states import EnterpriseKind
from anlan.domains.monitoring.patrol.figures import Figures
from anlan.domains.monitoring.points.queries import presence
from anlan.domains.monitoring.warnings.contracts import WarningCounts
from anlan.domains.monitoring.warnings.queries import open_counts

HOUR_S = 3600.0

Place = tuple[str, str | None]
"""A county, and the functional zone in it where the enterprise belongs to one."""


@dataclass(frozen=True)
class Counted:
    """An enterprise with its figures."""

    enterprise: EnterpriseView
    figures: Figures

    @property
    def place(self) -> Place:
        return self.enterprise.region, self.enterprise.zone


def counted(at: datetime, window: timedelta) -> list[Counted]:
    """Every visible enterprise of hazardous chemicals as it stands at *at*; a handful of aggregates in all."""
    enterprises = enterprises_of_kind(EnterpriseKind.HAZCHEM)
    ids = [one.id for one in enterprises]
    heard = _presence(at)
    unresolved = unresolved_by_enterprise(ids, at - window)
    facts = management_facts(ids, day_of(at))
    waiting = open_counts(ids)
    made = []
    for one in enterprises:
        points, online = heard.get(one.id, (0, 0))
        alarms, counts, fact = unresolved.get(one.id), waiting.get(one.id, WarningCounts()), facts[one.id]
        in_time = fact.submitted_at is not None and fact.submitted_at <= fact.due_at
        made.append(
            Counted(
                one,
                Figures(
                    enterprises=1,
                    points=points,
                    online=online,
                    required=int(fact.required),
                    committed=int(fact.required and in_time),
                    unresolved=alarms.points if alarms else 0,
                    longest_h=(at - alarms.since).total_seconds() / HOUR_S if alarms else 0.0,
                    warnings_open=counts.not_closed,
                    warnings_waiting=counts.not_fed_back,
                    circulars_waiting=counts.circulars_not_fed_back,
                    discrepancies=fact.open_discrepancies,
                ),
            )
        )
    return made


def by_place(every: list[Counted]) -> Mapping[Place, list[Counted]]:
    """The enterprises of each place, in their order."""
    places: dict[Place, list[Counted]] = defaultdict(list)
    for one in every:
        places[one.place].append(one)
    return places


def _presence(at: datetime) -> dict[UUID, tuple[int, int]]:
    """Points and those heard of, by enterprise."""
    sums: dict[UUID, tuple[int, int]] = {}
    for unit in presence(at):
        points, online = sums.get(unit.enterprise_id, (0, 0))
        sums[unit.enterprise_id] = points + unit.points, online + unit.online
    return sums
