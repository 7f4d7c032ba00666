"""What can go wrong in words that a person can act on.

A `Problem` becomes ``application/problem+json`` (RFC 9457) at the API and a
message with a next step on a screen.
"""

from collections.abc import Mapping

from anlan.kernel.text import Text


class Problem(Exception):
    """A refusal or failure with a stable code, a status and words in both languages.

    *title* says what is wrong, *next_step* what the person can do about it;
    *facts* are the figures that the message speaks of, safe to show.
    """

    code = "problem"
    status = 400
    title = Text("请求无法处理", "The request cannot be handled")
    next_step = Text("", "")

    def __init__(
        self,
        title: Text | None = None,
        *,
        next_step: Text | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        self.title = title or type(self).title
        self.next_step = next_step or type(self).next_step
        self.facts = dict(facts or {})
        super().__init__(self.title.en)

    def __reduce__(self) -> tuple[object, ...]:
        """From one process to another with everything that it says, however a kind of problem is made."""
        return _made_again, (type(self), self.args, self.__dict__)


def _made_again(kind: type[Problem], said: tuple[object, ...], attributes: dict[str, object]) -> Problem:
    made = kind.__new__(kind, *said)
    made.args = said
    made.__dict__.update(attributes)
    return made


class Invalid(Problem):
    """The input breaks a rule of the object."""

    code = "invalid"
    status = 422
    title = Text("填写内容有误", "The input is not valid")
    next_step = Text("请按提示修改后重新提交", "Correct the marked fields and submit again")


class NotSignedIn(Problem):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    status = 401
    title = Text("尚未登录或登录已过期", "You are not signed in, or the session has ended")
    next_step = Text("请重新登录", "Sign in again")


class Forbidden(Problem):
    """The principal may not do this."""

    code = "forbidden"
    status = 403
    title = Text("没有此项权限", "You may not do this")
    next_step = Text("如确需办理，请联系系统管理员", "Ask the system administrator if you need it")


class NotFound(Problem):
    """No such object, or none that the principal may see: the two read alike."""

    code = "not_found"
    status = 404
    title = Text("未找到该记录", "No such record")
    next_step = Text("请返回列表刷新后重试", "Go back to the list, refresh and try again")


class Conflict(Problem):
    """The object is not in a state in which this can be done."""

    code = "conflict"
    status = 409
    title = Text("当前状态不允许此操作", "The present state does not allow this")
    next_step = Text("请刷新查看最新状态", "Refresh to see the latest state")


class TooManyAttempts(Problem):
    """Too many tries in a short time."""

    code = "too_many_attempts"
    status = 429
    title = Text("尝试次数过多，已暂时锁定", "Too many attempts: locked for a while")
    next_step = Text("请稍后再试", "Try again later")


class Unavailable(Problem):
    """A part that is needed is not answering; the request may be repeated."""

    code = "unavailable"
    status = 503
    title = Text("服务暂不可用", "The service is not available right now")
    next_step = Text("请稍后重试", "Try again in a moment")
