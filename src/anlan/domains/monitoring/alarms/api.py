"""The route of alarms that the generic ones do not cover: remarks."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from anlan.domains.monitoring.alarms.services import comment_alarm
from anlan.domains.monitoring.alarms.states import Comment
from anlan.platform.http.problems import ProblemOut

router = Router(tags=["alarms"])


@router.post(
    "/{uuid:id}/comment",
    operation_id="comment_alarm",
    response={204: None, frozenset({401, 403, 404, 409, 422, 500, 503}): ProblemOut},
)
def post_comment(request: HttpRequest, id: UUID, payload: Comment) -> Status[None]:
    """Put a remark on the alarm's time line, in any state."""
    comment_alarm(id, note=payload.note)
    return Status(204, None)
