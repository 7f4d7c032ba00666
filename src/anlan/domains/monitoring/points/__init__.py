"""监测点: gateways, points, their limits, and what the stream asks about them."""
