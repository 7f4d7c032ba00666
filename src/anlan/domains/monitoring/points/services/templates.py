"""Rules from templates: the same figures for every point of a kind, with exceptions that stay visible."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from anlan.domains.monitoring.editing import refuse_field
from anlan.domains.monitoring.points.contracts import (
    AppliedTemplate,
    LimitSpec,
    TemplateOrigin,
    TemplateRule,
)
from anlan.domains.monitoring.points.models import Point
from anlan.domains.monitoring.points.permissions import LIMITS_WRITE
from anlan.domains.monitoring.points.services.limits import set_limits
from anlan.kernel.errors import NotFound
from anlan.platform.commands import service

_FIGURES = (
    "threshold",
    "deadband",
    "on_delay_s",
    "off_delay_s",
    "window_s",
    "needed",
    "repeat_count",
    "repeat_window_s",
    "calendar",
    "level",
)
OVERRIDABLE = (*_FIGURES, "reference_id", "enabled")


@service("rules.apply_template", permission=LIMITS_WRITE)
def apply_template(
    rules: Sequence[TemplateRule],
    point_ids: Sequence[UUID],
    overrides: Mapping[str, Mapping[str, object]] | None = None,
) -> AppliedTemplate:
    """Set at each of *point_ids* every rule that is for its kind and unit, in one transaction.

    *overrides* are figures that differ here, by the template's key and the name
    of the figure (those of `TemplateRule`, and ``reference_id`` for deviations
    and frozen values, and ``enabled``); the limits remember their names, and
    the template's code, version and key. Applying a newer version replaces the
    rules of the older one, whose versions are kept. Raises `Invalid` for a key
    or a figure that the template does not have, `NotFound` for a point that one
    may not see, and what `set_limits` raises.
    """
    given = overrides or {}
    _check_overrides(rules, given)
    points = {point.id: point for point in Point.objects.filter(pk__in=point_ids)}
    if set(point_ids) - points.keys():
        raise NotFound()
    specs, matched = [], set()
    for rule in rules:
        for point in points.values():
            if (point.kind, point.unit) == (rule.point_kind.value, rule.unit):
                matched.add(point.id)
                specs.append(_spec(rule, point.id, given.get(rule.key, {})))
    return AppliedTemplate(
        limits=tuple(set_limits(specs)) if specs else (),
        unmatched=tuple(id for id in point_ids if id not in matched),
    )


def _spec(rule: TemplateRule, point_id: UUID, override: Mapping[str, object]) -> LimitSpec:
    figures = {name: getattr(rule, name) for name in _FIGURES} | dict(override)
    differing = tuple(
        name for name in sorted(override) if name not in _FIGURES or getattr(rule, name) != override[name]
    )
    origin = TemplateOrigin(rule.template, rule.version, rule.key, rule.certainty, differing)
    return LimitSpec(
        point_id=point_id,
        kind=rule.condition,
        name=rule.name.zh,
        note=rule.source[:300],
        origin=origin,
        **figures,
    )


def _check_overrides(rules: Sequence[TemplateRule], overrides: Mapping[str, Mapping[str, object]]) -> None:
    unknown = sorted(overrides.keys() - {rule.key for rule in rules})
    unknown += sorted({name for figures in overrides.values() for name in figures} - set(OVERRIDABLE))
    if unknown:
        listed = "、".join(unknown)
        raise refuse_field(
            "overrides",
            f"模板没有以下内容：{listed}",
            f"The template does not have these: {', '.join(unknown)}",
        )
