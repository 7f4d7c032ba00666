"""Reads of connections that are more than a filter. Call them inside a service or `read_scope`."""

from collections.abc import Iterable

from anlan.domains.monitoring.access.contracts import ConnectionView
from anlan.domains.monitoring.access.models import Connection, Signal
from anlan.domains.monitoring.access.states import AccessState, Family, Obligation


def connection_view(connection: Connection) -> ConnectionView:
    """The contract of a row; *missing* are the required signals that no point carries."""
    return ConnectionView(
        id=connection.id,
        enterprise_id=connection.enterprise_id,
        family=Family(connection.family),
        name=connection.name,
        state=AccessState(connection.state),
        missing=tuple(signal.zh for signal in missing_signals(connection.signals.all())),
        completeness_percent=connection.completeness_percent,
        region=connection.region,
        zone=connection.zone,
        version=connection.version,
    )


def missing_signals(signals: Iterable[Signal]) -> list[Signal]:
    """The first row of each required signal that none of its rows has a point for."""
    signals = list(signals)
    carried = {signal.key for signal in signals if signal.point_id is not None}
    missing: dict[str, Signal] = {}
    for signal in signals:
        if signal.obligation == Obligation.REQUIRED.value and signal.key not in carried:
            missing.setdefault(signal.key, signal)
    return list(missing.values())
