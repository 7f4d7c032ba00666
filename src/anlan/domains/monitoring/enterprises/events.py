"""Topics of the events that enterprises emit: the id and version of what was made or changed."""

TOPIC = "enterprise"
UNIT_TOPIC = "process_unit"
