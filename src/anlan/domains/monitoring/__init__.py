"""监测预警: enterprises and their points, limits and alarms."""
