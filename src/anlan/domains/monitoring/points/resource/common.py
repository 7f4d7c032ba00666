"""Columns and filters that several resources of points share."""

from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter

ENTERPRISE = Column(
    "enterprise_name", Text("企业", "Enterprise"), kind="link", link="enterprise", link_id="enterprise_id"
)
ENTERPRISE_FILTER = Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise")
