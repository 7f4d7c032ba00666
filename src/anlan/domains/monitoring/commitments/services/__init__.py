"""The only writers of commitments, special work and discrepancies."""

from anlan.domains.monitoring.commitments.services.discrepancies import (
    check_all,
    explain_discrepancy,
    record_discrepancies,
    reopen_discrepancy,
    settle_discrepancy,
)
from anlan.domains.monitoring.commitments.services.promising import submit_commitment, update_commitment
from anlan.domains.monitoring.commitments.services.working import (
    accept_work,
    apply_for_work,
    approve_work,
    close_work,
    record_gas_test,
    refuse_work,
    start_work,
)

__all__ = [
    "accept_work",
    "apply_for_work",
    "approve_work",
    "check_all",
    "close_work",
    "explain_discrepancy",
    "record_discrepancies",
    "record_gas_test",
    "refuse_work",
    "reopen_discrepancy",
    "settle_discrepancy",
    "start_work",
    "submit_commitment",
    "update_commitment",
]
