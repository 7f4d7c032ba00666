"""What a point measures, the two states of a gateway, and why data was refused."""

from anlan.domains.monitoring.points.permissions import GATEWAYS_WRITE
from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.workflow import Transition, Workflow
from anlan.ports.refusals import Refusal, Reject


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
    HUMIDITY = "humidity", "湿度", "Humidity"
    AIR_SPEED = "air_speed", "风速", "Air speed"
    DISPLACEMENT = "displacement", "位移", "Displacement"
    CRACK = "crack", "裂缝", "Crack width"
    WATER_LEVEL = "water_level", "水位", "Water level"
    RAINFALL = "rainfall", "雨量", "Rainfall"
    VIBRATION = "vibration", "振动", "Vibration"
    CONTACT = "contact", "开关量", "On or off"
    OTHER = "other", "其他", "Other"


def _told(reason: Reject | Refusal) -> tuple[str, str, str]:
    return reason.value, reason.label.zh, reason.label.en


class DeadLetterReason(LabelledEnum):
    """Why a reading or a message was refused: every code of the door, and one for what cannot be read."""

    UNKNOWN_POINT = _told(Reject.UNKNOWN_POINT)
    MISSING_VALUE = _told(Reject.MISSING_VALUE)
    NOT_FINITE = _told(Reject.NOT_FINITE)
    UNIT_MISMATCH = _told(Reject.UNIT_MISMATCH)
    BAD_QUALITY = _told(Reject.BAD_QUALITY)
    ABSURD_TIME = _told(Reject.ABSURD_TIME)
    FUTURE_TIME = _told(Reject.FUTURE_TIME)
    DUPLICATE_IN_BATCH = _told(Reject.DUPLICATE_IN_BATCH)
    MALFORMED = _told(Refusal.MALFORMED)
    UNKNOWN_SCHEMA = _told(Refusal.UNKNOWN_SCHEMA)
    OVERSIZED = _told(Refusal.OVERSIZED)
    UNKNOWN_POINTS_HASH = _told(Refusal.UNKNOWN_POINTS_HASH)
    POINTS_HASH_MISMATCH = _told(Refusal.POINTS_HASH_MISMATCH)
    SEQUENCE_TOO_OLD = _told(Refusal.SEQUENCE_TOO_OLD)
    WRONG_KEY = _told(Refusal.WRONG_KEY)
    DISABLED = _told(Refusal.DISABLED)
    SOURCE_MISMATCH = _told(Refusal.SOURCE_MISMATCH)
    LOG_FULL = _told(Refusal.LOG_FULL)
    LOG_UNAVAILABLE = _told(Refusal.LOG_UNAVAILABLE)
    BUSY = _told(Refusal.BUSY)
    NOT_READY = _told(Refusal.NOT_READY)
    UNREADABLE = "unreadable", "记录无法解析", "The record cannot be read"
    OTHER = "other", "其他", "Other"


class GatewayState(LabelledEnum):
    """Whether a gateway may send."""

    ENABLED = "enabled", "启用", "Enabled"
    DISABLED = "disabled", "停用", "Disabled"


MOST_REORDER_S = 600.0
"""A gateway's readings are held no longer than this: a reading later than that is history (our own bound)."""

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
