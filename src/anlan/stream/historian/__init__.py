"""From the log of telemetry into history: every reading once, none before it is durable."""

from anlan.stream.historian.writer import HistorianWriter

__all__ = ["HistorianWriter"]
