"""Why data is not accepted: the codes and words that gateways, dead letters and screens share."""

from anlan.kernel.text import LabelledEnum


class Reject(LabelledEnum):
    """Why one reading is not accepted."""

    UNKNOWN_POINT = "unknown_point", "本网关没有此测点", "this gateway has no such point"
    MISSING_VALUE = "missing_value", "没有数值", "the value is missing"
    NOT_FINITE = "not_finite", "数值不是有限数", "the value is not a finite number"
    UNIT_MISMATCH = "unit_mismatch", "单位与测点登记单位不符", "the unit is not the point's"
    BAD_QUALITY = "bad_quality", "质量码不在码表中", "the quality code is not in the table"
    ABSURD_TIME = "absurd_time", "时间早于 2000 年", "the time is before the year 2000"
    FUTURE_TIME = "future_time", "时间超前 5 分钟以上", "the time is more than 5 minutes ahead"
    DUPLICATE_IN_BATCH = "duplicate_in_batch", "同批内重复的读数", "the reading occurs twice in the batch"


class Refusal(LabelledEnum):
    """Why a whole message is not accepted."""

    MALFORMED = "malformed", "报文无法解析", "the message cannot be read"
    UNKNOWN_SCHEMA = "unknown_schema", "不支持的报文版本", "the schema version is not supported"
    OVERSIZED = "oversized", "报文过大", "the message is too large"
    UNKNOWN_POINTS_HASH = (
        "unknown_points_hash",
        "测点表摘要未登记，请重新申报",
        "announce the point list again",
    )
    POINTS_HASH_MISMATCH = (
        "points_hash_mismatch",
        "测点表与摘要不符",
        "the point list does not have this hash",
    )
    SEQUENCE_TOO_OLD = "sequence_too_old", "批次序号过旧，无法核对", "the sequence is too old to be checked"
    WRONG_KEY = "wrong_key", "来源或密钥不正确", "the source or its key is not right"
    DISABLED = "disabled", "该网关已停用", "the gateway is disabled"
    SOURCE_MISMATCH = "source_mismatch", "报文来源与身份不符", "the message names another source"
    LOG_FULL = "log_full", "存储已满，请稍后重发", "the store is full: send again later"
    LOG_UNAVAILABLE = "log_unavailable", "存储暂不可用，请重发", "the store does not answer: send again"
    BUSY = "busy", "在途数据过多，请稍后重发", "too much is in flight: send again later"
    NOT_READY = "not_ready", "正在启动，请稍后重发", "starting: send again later"
