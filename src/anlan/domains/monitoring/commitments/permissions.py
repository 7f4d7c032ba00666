"""What one may do with commitments, special work and discrepancies."""

from anlan.domains.monitoring.commitments.states import (
    CHECK,
    COMMIT,
    EXPLAIN,
    READ,
    SETTLE,
    WORK_APPLY,
    WORK_APPROVE,
)
from anlan.domains.monitoring.roles import OBSERVERS, SUPERVISORS
from anlan.kernel.text import Text
from anlan.platform.identity.permissions import register_permission
from anlan.platform.identity.roles import RoleCode

_LEADS = (RoleCode.ENTERPRISE_PRINCIPAL, RoleCode.ENTERPRISE_TECHNICAL)
_ENTERPRISE = (*_LEADS, RoleCode.ENTERPRISE_OPERATOR)


def register_all() -> None:
    """Declare the permissions with their first holders."""
    register_permission(
        READ,
        Text("查看安全承诺和特殊作业", "See commitments and special work"),
        roles=OBSERVERS,
        services=("demo", "worker", "evaluator"),
    )
    for code, title, roles in (
        (COMMIT, Text("提交安全承诺", "Submit commitments"), _ENTERPRISE),
        (
            WORK_APPLY,
            Text("申请特殊作业、登记气体分析、开工", "Apply for special work and begin it"),
            _ENTERPRISE,
        ),
        (WORK_APPROVE, Text("审批和验收特殊作业", "Approve and accept special work"), _LEADS),
        (EXPLAIN, Text("说明核对问题", "Explain discrepancies"), _ENTERPRISE),
        (SETTLE, Text("核销核对问题", "Settle discrepancies"), (*SUPERVISORS, RoleCode.DUTY_OFFICER)),
    ):
        register_permission(code, title, roles=roles, services=("demo",))
    register_permission(
        CHECK, Text("核对承诺与作业", "Cross-check commitments and work"), services=("worker", "demo")
    )
