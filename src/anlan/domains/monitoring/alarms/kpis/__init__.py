"""Key figures of alarm management after EEMUA 191 and ISA-18.2, asked of the database.

What is counted is activations (each entry “raised” or “raised again” of a time line) by the live
time at which they were recorded, since that is when an operator would hear of them. *Announced* are those
that nothing kept silent; shelved, suppressed and chattering ones are counted beside them, never dropped.
"""

from anlan.domains.monitoring.alarms.kpis.figures import (
    BadActor,
    KpiRow,
    Period,
    Reference,
    bad_actors,
    figures_by,
    live_alarms,
    references,
)

__all__ = [
    "BadActor",
    "KpiRow",
    "Period",
    "Reference",
    "bad_actors",
    "figures_by",
    "live_alarms",
    "references",
]
