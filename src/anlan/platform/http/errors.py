"""Every failure of a request becomes a problem that says no more than it may."""

import logging

from django.db import DataError, Error, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unavailable
from anlan.kernel.ids import new_id
from anlan.kernel.text import Text
from anlan.platform.http.problems import MEDIA_TYPE, InvalidFields, field_errors, problem_body

log = logging.getLogger(__name__)

_UNIQUE_VIOLATION = "23505"
_INSUFFICIENT_PRIVILEGE = "42501"


class Internal(Problem):
    """Something of ours is broken; *facts* carry the number under which the log tells more."""

    code = "internal"
    status = 500
    title = Text("系统内部错误", "Something went wrong on our side")
    next_step = Text("请将事件编号告知系统管理员", "Give the incident number to the system administrator")


class CsrfFailed(Forbidden):
    """The request does not prove that it comes from our own page."""

    code = "csrf_failed"
    title = Text("页面已过期", "The page has expired")
    next_step = Text("请刷新页面后重试", "Reload the page and try again")


def problem_response(problem: Problem) -> HttpResponse:
    """The HTTP response that tells *problem*."""
    response = HttpResponse(problem_body(problem), status=problem.status, content_type=MEDIA_TYPE)
    if isinstance(problem, Unavailable):
        response["Retry-After"] = "2"
    return response


def as_problem(error: Exception) -> Problem:
    """What to tell about *error*; whatever is not foreseen is logged and told as `Internal`."""
    match error:
        case Problem():
            return error
        case ValidationError():
            return InvalidFields(field_errors(error.errors))
        case Http404():
            return NotFound()
        case HttpError(status_code=status) if 400 <= status < 500:
            return Invalid(Text("请求内容无法解析", "The request cannot be read"))
        case Error():
            return _database_problem(error)
    return _internal(error)


def add_error_handlers(api: NinjaAPI) -> None:
    """Let *api* answer every exception with a problem."""

    def answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return problem_response(as_problem(error if isinstance(error, Exception) else error()))

    for kind in (Exception, Problem, ValidationError, Http404, HttpError):
        api.add_exception_handler(kind, answer)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler for a path that leads nowhere."""
    return problem_response(NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for a failure outside any route; Django has logged it."""
    return problem_response(Internal())


def _database_problem(error: Error) -> Problem:
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    if sqlstate == _INSUFFICIENT_PRIVILEGE:
        return Forbidden()
    if isinstance(error, IntegrityError) and sqlstate == _UNIQUE_VIOLATION:
        return Conflict(
            Text("已有相同的记录", "There is already such a record"),
            next_step=Text("请检查编码或名称是否重复", "Look for a repeated code or name"),
        )
    if isinstance(error, DataError):
        log.warning("the database cannot hold a value: %s", error)
        return Invalid(
            Text("含有无法保存的字符或数值", "This holds a character or figure that cannot be stored")
        )
    if isinstance(error, OperationalError):
        log.warning("the database does not answer: %s", error)
        return Unavailable()
    return _internal(error)


def _internal(error: Exception) -> Internal:
    incident = new_id()
    log.error("incident %s", incident, exc_info=error)
    return Internal(facts={"incident": str(incident)})
