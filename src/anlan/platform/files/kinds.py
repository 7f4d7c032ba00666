"""What kinds of files are taken in, told by their first bytes and not by their names."""

import json
from unicodedata import category

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text

MAX_BYTES = 50 * 1024 * 1024

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PAR1", "application/vnd.apache.parquet"),
)
_RIFF, _WEBP = b"RIFF", b"WEBP"


class FileRefused(Invalid):
    """The file cannot be kept."""

    code = "file_refused"


def media_type_of(content: bytes) -> str:
    """The kind of *content*. Raises `FileRefused` when it is none of those that are kept."""
    if not content:
        raise _refused("文件为空", "The file is empty")
    if len(content) > MAX_BYTES:
        raise _refused("文件超过 50 MB", "The file is larger than 50 MB")
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content[:4] == _RIFF and content[8:12] == _WEBP:
        return "image/webp"
    return _text_kind(content)


def _text_kind(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unknown() from None
    if any(category(sign) == "Cc" and sign not in "\t\n\r\f" for sign in text):
        raise _unknown()
    start = text.lstrip()[:1]
    if start == "<":
        raise _unknown()
    if start in ("{", "["):
        try:
            json.loads(text)
        except ValueError:
            raise _refused("JSON 内容无效", "The JSON is not valid") from None
        return "application/json"
    return "text/plain"


def _unknown() -> FileRefused:
    return _refused("不支持此类文件", "Files of this kind are not kept")


def _refused(zh: str, en: str) -> FileRefused:
    return FileRefused(
        Text(zh, en),
        next_step=Text(
            "可上传：PNG、JPEG、WebP、TIFF 图片，PDF，文本、CSV、JSON、Parquet",
            "These are kept: PNG, JPEG, WebP and TIFF images, PDF, text, CSV, JSON, Parquet",
        ),
    )
