"""What other apps may know about structures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from anlan.domains.monitoring.structures.states import Outcome, StructureKind
from anlan.kernel.levels import WarningLevel


@dataclass(frozen=True)
class FiledScale:
    """A filed value for each colour, None where none is filed; *filed_in* names the document."""

    blue: float | None = None
    yellow: float | None = None
    orange: float | None = None
    red: float | None = None
    filed_in: str = ""

    def by_level(self) -> dict[WarningLevel, float]:
        """The values that are filed, from blue to red."""
        ladder = (WarningLevel.BLUE, WarningLevel.YELLOW, WarningLevel.ORANGE, WarningLevel.RED)
        values = (self.blue, self.yellow, self.orange, self.red)
        return {level: value for level, value in zip(ladder, values, strict=True) if value is not None}


@dataclass(frozen=True)
class StructureView:
    """A structure as other apps see it, with its last judgement."""

    id: UUID
    enterprise_id: UUID
    kind: StructureKind
    name: str
    outcome: Outcome
    level: WarningLevel | None
    judged_at: datetime | None
    failure_at: datetime | None
    region: str
    zone: str | None
    version: int


@dataclass(frozen=True)
class PartView:
    """A station or a point of a structure."""

    id: UUID
    structure_id: UUID
    version: int
