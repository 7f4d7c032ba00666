"""Columns and filters that several resources of points share."""

from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter

REGION = Column("region", Text("行政区划", "Region"), kind="region", width=120)
SYNTHETIC = Column("synthetic", Text("合成数据", "Synthetic"), kind="bool", width=90)
ENTERPRISE = Column(
    "enterprise_name", Text("企业", "Enterprise"), kind="link", link="enterprise", link_id="enterprise_id"
)
REGION_FILTER = Filter("region", Text("行政区划", "Region"), kind="region")
ENTERPRISE_FILTER = Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise")
