"""What the gateways of the measurements have: said once for those who make the points and those who send."""

POINTS = 500
"""Of each sending gateway: one batch carries one reading of each."""


def tags(points: int = POINTS) -> list[str]:
    """The tags of one gateway's points."""
    return [f"TI-{index:04d}" for index in range(points)]
