"""What the tables of warnings and circulars say, without a database."""

from anlan.domains.monitoring.warnings import tables
from anlan.domains.monitoring.warnings.states import (
    CIRCULAR_WORKFLOW,
    OPEN_STATES,
    WARNING_WORKFLOW,
    Reach,
    WarningState,
    graver,
)
from anlan.kernel.levels import WarningLevel


def test_every_state_is_reached_and_every_open_one_leads_on() -> None:
    targets = {one.target for one in WARNING_WORKFLOW.transitions} - {None}
    assert targets | {WarningState.GENERATED} == set(WarningState)
    for state in OPEN_STATES:
        assert any(
            state in one.source and one.target not in (None, state) for one in WARNING_WORKFLOW.transitions
        )


def test_nothing_leads_out_of_an_archived_warning_or_a_closed_circular() -> None:
    assert not [one for one in WARNING_WORKFLOW.transitions if WarningState.ARCHIVED in one.source]
    assert not [one for one in CIRCULAR_WORKFLOW.transitions if "closed" in one.source]


def test_red_stands_above_all_and_no_level_above_itself() -> None:
    ladder = [WarningLevel.BLUE, WarningLevel.YELLOW, WarningLevel.ORANGE, WarningLevel.RED]
    for low, one in enumerate(ladder):
        assert [graver(other, one) for other in ladder] == [False] * (low + 1) + [True] * (3 - low)


def test_a_graver_colour_is_pushed_no_less_far_and_waits_no_longer() -> None:
    rows = {row.key: row.values for row in tables._first()}
    by_gravity = [rows[str(level)] for level in reversed(WarningLevel)]
    reaches = [list(Reach).index(Reach(row["reach"])) for row in by_gravity]
    assert reaches == sorted(reaches)
    for clock in ("sign_min", "feedback_min"):
        waits = [row[clock] for row in by_gravity]
        assert waits == sorted(waits, reverse=True)
    assert [row["feedback_min"] for row in by_gravity] == [1440.0, 240.0, 60.0, 30.0]
    assert all(row["sign_min"] < row["feedback_min"] for row in by_gravity)
