"""The built front end as files: kept for ever when the name carries a hash, asked for anew when not."""

import os
import stat
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response

from anlan.kernel.errors import NotFound
from anlan.server.front.answers import Receive, Scope, Send, problem_answer

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

_NOTICE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>安澜 anlan</title>
<p>服务已启动，但网页尚未构建。请运行 <code>./start --setup</code>。</p>
<p lang="en">The server is running, but its pages have not been built. Run <code>./start --setup</code>.</p>
</html>"""


class StaticFiles:
    """Serves *root*; a path without a file is a screen of the one-page application."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        headers = Headers(scope=scope)
        path: str = scope["path"]
        found = self._file(path)
        if found is not None:
            return _file_answer(found, headers, IMMUTABLE if path.startswith("/assets/") else REVALIDATE)
        if path.startswith("/assets/") or "." in path.rsplit("/", 1)[-1]:
            return problem_answer(NotFound())
        index = self._file("/index.html")
        if index is not None:
            return _file_answer(index, headers, REVALIDATE)
        return HTMLResponse(_NOTICE, 503, {"Cache-Control": "no-store"})

    def _file(self, path: str) -> Path | None:
        """The regular file at *path*, None when there is none or it lies outside."""
        if "\x00" in path:
            return None
        candidate = (self._root / path.lstrip("/")).resolve()
        return candidate if candidate.is_relative_to(self._root) and candidate.is_file() else None


def _file_answer(path: Path, headers: Headers, cache: str) -> Response:
    """*path*, or its compressed form when the browser takes it; 304 when it has it already."""
    encoding, sent = _encoded(path, headers.get("accept-encoding", ""))
    status = os.stat(sent)  # noqa: PTH116 - FileResponse wants this very result
    if not stat.S_ISREG(status.st_mode):
        return problem_answer(NotFound())
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}{"-" + encoding if encoding else ""}"'
    fixed = {"ETag": etag, "Cache-Control": cache, "Vary": "Accept-Encoding"}
    if etag in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=fixed)
    if encoding:
        fixed["Content-Encoding"] = encoding
    return FileResponse(sent, headers=fixed, media_type=_media_type(path), stat_result=status)


def _encoded(path: Path, accepted: str) -> tuple[str, Path]:
    """The best form of *path* that lies ready: its encoding ('' for plain) and its file."""
    offered = {part.split(";")[0].strip() for part in accepted.split(",") if not part.endswith("q=0")}
    for encoding, suffix in _ENCODINGS:
        compressed = path.with_name(path.name + suffix)
        if encoding in offered and compressed.is_file():
            return encoding, compressed
    return "", path


def _media_type(path: Path) -> str | None:
    """Types that the system's table may lack or get wrong; None leaves it to the table."""
    return {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".webmanifest": "application/manifest+json",
        ".woff2": "font/woff2",
        ".map": "application/json",
    }.get(path.suffix)
