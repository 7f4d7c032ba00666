"""What a point measures, and the two states of a gateway."""

from anlan.domains.monitoring.points.permissions import GATEWAYS_WRITE
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.workflow import Transition, Workflow


class PointKind(LabelledEnum):
    """What a point (监测点) measures."""

    LEVEL = "level", "液位", "Level"
    TEMPERATURE = "temperature", "温度", "Temperature"
    PRESSURE = "pressure", "压力", "Pressure"
    FLOW = "flow", "流量", "Flow"
    FLAMMABLE_GAS = "flammable_gas", "可燃气体", "Flammable gas"
    TOXIC_GAS = "toxic_gas", "有毒气体", "Toxic gas"
    OXYGEN = "oxygen", "氧含量", "Oxygen"
    FLAME = "flame", "火焰", "Flame"
    VALVE = "valve", "阀位", "Valve position"
    POWER = "power", "功率", "Power"
    COMPOSITION = "composition", "组分", "Composition"
    WEATHER = "weather", "气象", "Weather"
    OTHER = "other", "其他", "Other"


class GatewayState(LabelledEnum):
    """Whether a gateway may send."""

    ENABLED = "enabled", "启用", "Enabled"
    DISABLED = "disabled", "停用", "Disabled"


GATEWAY_WORKFLOW = Workflow(
    GatewayState,
    (
        Transition(
            event="disable",
            source=frozenset({GatewayState.ENABLED}),
            target=GatewayState.DISABLED,
            label=Text("停用", "Disable"),
            permission=GATEWAYS_WRITE,
            confirm=Text(
                "停用后该网关的数据将被拒收，确定？", "Its data will be refused. Disable this gateway?"
            ),
        ),
        Transition(
            event="enable",
            source=frozenset({GatewayState.DISABLED}),
            target=GatewayState.ENABLED,
            label=Text("启用", "Enable"),
            permission=GATEWAYS_WRITE,
        ),
    ),
)
