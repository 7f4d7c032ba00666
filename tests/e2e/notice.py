"""Two notices about an incident, given in a process that joins the running system: ``notice.py INCIDENT``.

What gives notices by itself are deadlines, and no test waits for twenty minutes.
"""

import sys
from uuid import UUID

TITLES = ("处置时限将到（浏览器测试）", "处置超时（浏览器测试）")
REGION = "640000"


def main(incident: UUID) -> None:
    import django

    django.setup()
    from anlan.domains.command.incidents.permissions import READ
    from anlan.kernel.text import Text
    from anlan.platform.commands import acting_as, service_principal
    from anlan.platform.notices.contracts import NoticeSpec, Urgency
    from anlan.platform.notices.services import give_notice

    with acting_as(service_principal("worker")):
        for title, urgency in zip(TITLES, (Urgency.ATTENTION, Urgency.URGENT), strict=True):
            give_notice(
                NoticeSpec(
                    Text(title, "Time of handling (browser test)"),
                    REGION,
                    None,
                    READ,
                    urgency=urgency,
                    subject_kind="incident",
                    subject_id=incident,
                )
            )


if __name__ == "__main__":
    main(UUID(sys.argv[1]))
