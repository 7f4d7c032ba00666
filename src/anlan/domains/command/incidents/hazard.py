"""The major hazard that an alarm's point belongs to."""

from anlan.domains.monitoring.hazards.contracts import MajorHazardView
from anlan.domains.monitoring.hazards.queries import hazard_of_unit, hazards_of
from anlan.domains.monitoring.points.contracts import PointView
from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text


def hazard_of_point(point: PointView) -> MajorHazardView:
    """The hazard of the point's own unit, else the gravest of the enterprise. Raises `Invalid` when it has none."""
    own = hazard_of_unit(point.process_unit_id) if point.process_unit_id else None
    found = own or next(iter(hazards_of(point.enterprise_id)), None)
    if found is None:
        raise Invalid(
            Text("该企业未登记带坐标的危险源，无法定位", "The enterprise has no unit with a known place"),
            next_step=Text(
                "请先登记重大危险源的位置，或手工接报并给出坐标",
                "Record the place of its major hazard first, or open an incident by hand with a place",
            ),
        )
    return found
