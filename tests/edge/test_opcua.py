"""What a status code says of a value, and what a server says of a unit."""

import pytest
from asyncua import ua

from anlan.edge.sources.opcua import UNIT_CODES, quality_of, unit_of
from anlan.kernel.quality import Quality
from anlan.kernel.units import UNITS


@pytest.mark.parametrize(
    ("status", "quality"),
    [
        (ua.StatusCodes.Good, Quality.GOOD),
        (ua.StatusCodes.GoodClamped, Quality.GOOD),
        (ua.StatusCodes.GoodLocalOverride, Quality.MANUAL),
        (ua.StatusCodes.UncertainLastUsableValue, Quality.UNCERTAIN),
        (ua.StatusCodes.UncertainSensorNotAccurate, Quality.UNCERTAIN),
        (ua.StatusCodes.BadSensorFailure, Quality.BAD),
        (ua.StatusCodes.BadCommunicationError, Quality.BAD),
        (ua.StatusCodes.BadOutOfService, Quality.BAD),
    ],
)
def test_the_severity_of_a_status_is_the_quality_of_the_value(status: int, quality: Quality) -> None:
    assert quality_of(ua.StatusCode(status)) is quality


@pytest.mark.parametrize(
    ("unit_id", "unit"),
    [(4408652, "°C"), (0x4B5041, "kPa"), (0x4D5041, "MPa"), (0x5031, "%"), (0x424152, None), (-1, None)],
)
def test_a_unit_is_known_by_its_common_code(unit_id: int, unit: str | None) -> None:
    assert unit_of(unit_id) == unit


def test_every_common_code_is_a_unit_of_ours() -> None:
    assert set(UNIT_CODES.values()) <= set(UNITS)
