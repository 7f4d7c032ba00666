"""Columns and filters that many resources share."""

from dataclasses import replace

from anlan.kernel.text import Text
from anlan.platform.resources.declaration import Column, Filter

REGION = Column("region", Text("行政区划", "Region"), kind="region", width=120)
SORTED_REGION = replace(REGION, sortable=True)
"""Where the table has an index that begins with the region."""
REGION_FILTER = Filter("region", REGION.title, kind="region")
SYNTHETIC = Column("synthetic", Text("合成数据", "Synthetic"), kind="bool", width=90)
