"""The life of a bulletin, as a table."""

from ninja import Schema

from anlan.kernel.text import LabelledEnum, Text
from anlan.platform.resources import labelled
from anlan.platform.workflow import Transition, Workflow

READ = "patrol.read"
ISSUE = "patrol.issue"
ANSWER = "patrol.answer"


class BulletinState(LabelledEnum):
    """Whether the place has answered."""

    ISSUED = "issued", "待反馈", "Waits for feedback"
    FED_BACK = "fed_back", "已反馈", "Fed back"


class VideoState(LabelledEnum):
    """What is known of video: nothing, until it is connected; a rate is never made up for it."""

    NOT_CONNECTED = "not_connected", "未接入", "Not connected"


class BulletinFeedback(Schema):
    """What a place answers: who, and what was done."""

    contact: str = labelled("联系人及电话", "Contact", min_length=2, max_length=120)
    note: str = labelled("反馈内容", "Feedback", min_length=2, max_length=1000, widget="textarea")


BULLETIN_WORKFLOW = Workflow(
    BulletinState,
    (
        Transition(
            event="feed_back",
            source=frozenset({BulletinState.ISSUED}),
            target=BulletinState.FED_BACK,
            label=Text("反馈", "Give feedback"),
            permission=ANSWER,
            form=BulletinFeedback,
        ),
    ),
)
