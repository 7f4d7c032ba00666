"""What every list of alarms shows alike."""

from anlan.kernel.text import Text
from anlan.platform.resources import Column, Filter

ENTERPRISE = Column(
    "enterprise_name", Text("企业", "Enterprise"), kind="link", link="enterprise", link_id="enterprise_id"
)
ENTERPRISE_FILTER = Filter("enterprise_id", Text("企业", "Enterprise"), kind="link", link="enterprise")
EXERCISE = Column("exercise", Text("演练", "Exercise"), kind="bool", width=80)
GROUP = Text("报警管理", "Alarm management")
