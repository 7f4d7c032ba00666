"""Dead letters: what the door refused, kept with the reason."""

from collections.abc import Sequence

from anlan.domains.monitoring.points.contracts import DeadLetterItem
from anlan.domains.monitoring.points.models import DeadLetter, Gateway
from anlan.domains.monitoring.points.permissions import DEAD_LETTERS_RECORD
from anlan.domains.monitoring.points.states import DeadLetterReason
from anlan.kernel.ids import new_id
from anlan.platform.commands import service
from anlan.platform.commands.arguments import storable_text

PROVINCE = "640000"
PAYLOAD_CHARACTERS = 4000


@service("dead_letters.record", permission=DEAD_LETTERS_RECORD)
def record_dead_letters(items: Sequence[DeadLetterItem]) -> int:
    """Store *items* once each; returns how many of them were given.

    A letter belongs to the place of its gateway, and to the whole region when
    the sender is unknown.
    """
    sources = {_storable(item.source, 64) for item in items}
    places = {
        source: (region, zone)
        for source, region, zone in Gateway.objects.filter(source__in=sources).values_list(
            "source", "region", "zone"
        )
    }
    rows = []
    for item in items:
        source = _storable(item.source, 64)
        region, zone = places.get(source, (PROVINCE, None))
        rows.append(
            DeadLetter(
                id=new_id(),
                key=item.key[:80],
                at=item.at,
                source=source,
                reason=_reason(item.reason).value,
                detail=_storable(_detail(item), 500),
                tag=_storable(item.tag, 80),
                count=item.count,
                payload=_storable(item.payload, PAYLOAD_CHARACTERS),
                region=region,
                zone=zone,
            )
        )
    DeadLetter.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _reason(code: str) -> DeadLetterReason:
    try:
        return DeadLetterReason(code)
    except (TypeError, ValueError):
        return DeadLetterReason.OTHER


def _detail(item: DeadLetterItem) -> str:
    """What the door said; a code that we do not know stays readable there."""
    if _reason(item.reason) is DeadLetterReason.OTHER:
        return f"{item.reason} {item.detail}".strip()
    return item.detail


def _storable(text: str, characters: int) -> str:
    """What a stranger sent, cut, without what PostgreSQL's text cannot hold."""
    return storable_text(text)[:characters]
