"""Versioned tables of thresholds and factors: an edit never rewrites what was computed before."""

from anlan.platform.standards.declaration import StandardTable, TableColumn, TableRow, register_table

__all__ = ["StandardTable", "TableColumn", "TableRow", "register_table"]
