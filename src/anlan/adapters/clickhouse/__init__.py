"""The history of telemetry in ClickHouse, embedded or a cluster: only the URL differs."""

from anlan.adapters.clickhouse.historian import ClickHouseHistorian
from anlan.adapters.clickhouse.schema import Layout, statements

__all__ = ["ClickHouseHistorian", "Layout", "statements"]
