"""Filed values and the colours that they give."""

from anlan.domains.monitoring.structures.contracts import FiledScale
from anlan.domains.monitoring.structures.models import PondPoint, Scale, SlopeStation
from anlan.kernel.clock import now
from anlan.kernel.levels import WarningLevel


def level_by_scale(scale: FiledScale, value: float) -> WarningLevel | None:
    """The most severe colour whose filed value is reached, rising or falling as they were filed.

    >>> beach = FiledScale(blue=150.0, yellow=120.0, red=70.0)
    >>> str(level_by_scale(beach, 110.0)), level_by_scale(beach, 160.0)
    ('yellow', None)
    """
    filed = list(scale.by_level().items())
    rising = len(filed) < 2 or filed[-1][1] > filed[0][1]
    reached = [level for level, limit in filed if (value >= limit if rising else value <= limit)]
    return reached[-1] if reached else None


def mark(part: SlopeStation | PondPoint, level: WarningLevel | None) -> None:
    """Keep the colour of a part's last judgement, none when nothing was reached."""
    part.level = level.value if level else ""
    part.judged_at = now()
    part.save()


def scale_of(part: Scale) -> FiledScale:
    """The values that are filed for a part."""
    return FiledScale(part.blue, part.yellow, part.orange, part.red, part.filed_in)
