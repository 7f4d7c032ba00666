"""Words from the system to people: in the application, to those whose place and duty it is."""

from anlan.platform.notices.contracts import NoticeSpec, Urgency

__all__ = ["NoticeSpec", "Urgency"]
