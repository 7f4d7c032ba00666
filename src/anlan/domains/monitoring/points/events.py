"""Topics of the events that points emit: the id and version of what was made or changed."""

GATEWAY_TOPIC = "gateway"
POINT_TOPIC = "point"
LIMIT_TOPIC = "limit"
