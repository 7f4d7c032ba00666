"""Answers that the front gives itself, and the headers that every answer carries."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import Response

from anlan.kernel.errors import Problem, Unavailable
from anlan.kernel.text import Text
from anlan.platform.http.problems import MEDIA_TYPE, problem_body

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

# Styles: antd puts <style> elements in at run time. A nonce would have to change with every
# answer, and then index.html could not be kept by the browser's cache; a style can fetch
# nothing from elsewhere, since images, fonts and connections are ours alone.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS: Headers = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self), payment=(), usb=()"),
]
_OURS = {name for name, _ in SECURITY_HEADERS} | {b"server"}


class BackendDown(Unavailable):
    """The process behind this path does not answer; it is being started again."""

    code = "backend_down"
    status = 502
    title = Text("后台服务正在恢复", "The service behind this is coming back")
    next_step = Text("请稍候片刻再试", "Try again in a moment")


class TooLarge(Problem):
    """The body is larger than this path takes."""

    code = "too_large"
    status = 413
    title = Text("提交的内容过大", "What was sent is too large")
    next_step = Text("请减小后分次提交", "Send it in smaller parts")


def problem_answer(problem: Problem) -> Response:
    """The HTTP answer that tells *problem*."""
    headers = {"Cache-Control": "no-store"}
    if problem.status in (502, 503):
        headers["Retry-After"] = "2"
    return Response(problem_body(problem), problem.status, headers, MEDIA_TYPE)


class FrontFailed(Problem):
    """Something of the front's own is broken; its log tells more."""

    code = "internal"
    status = 500
    title = Text("系统内部错误", "Something went wrong on our side")
    next_step = Text(
        "请稍后重试；若仍失败请联系运维", "Try again in a moment; if it fails again tell operations"
    )


def with_problems(app: App) -> App:
    """*app*, telling its unforeseen failures as a problem; an answer already begun is broken off."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await app(scope, receive, send_noting)
        except Exception:
            if started or scope["type"] != "http":
                raise
            log.exception("%s %s", scope["method"], scope["path"])
            await problem_answer(FrontFailed())(scope, receive, send)

    return guarded


def with_security_headers(app: App) -> App:
    """*app*, with our security headers in place of any that a process behind it gives."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in _OURS]
                message = {**message, "headers": kept + SECURITY_HEADERS}
            await send(message)

        await app(scope, receive, send_guarded if scope["type"] == "http" else send)

    return guarded
