"""Files of the built front end: compressed when they lie ready, kept for ever only when named by content."""

import gzip
from pathlib import Path

import httpx
import pytest

from anlan.server.front.answers import with_security_headers
from anlan.server.front.static import StaticFiles

SCRIPT = b"console.log('anlan');\n" * 50


@pytest.fixture
def browser(tmp_path: Path) -> httpx.AsyncClient:
    root = tmp_path / "static"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>安澜</title>")
    (root / "favicon.svg").write_text("<svg/>")
    (root / "assets" / "main-1a2b.js").write_bytes(SCRIPT)
    (root / "assets" / "main-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (root / "assets" / "plain-3c4d.js").write_bytes(SCRIPT)
    (tmp_path / "secret.txt").write_text("not yours")
    (root / "leak.txt").symlink_to(tmp_path / "secret.txt")
    transport = httpx.ASGITransport(app=with_security_headers(StaticFiles(root)))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://anlan")


async def test_a_screen_of_the_application_is_its_one_page(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/alarms", "/enterprises/0199/points"):
        answer = await browser.get(path)
        assert (answer.status_code, "安澜" in answer.text) == (200, True)
        assert answer.headers["cache-control"] == "no-cache"


async def test_a_file_named_by_its_content_is_kept_for_ever_and_comes_compressed(
    browser: httpx.AsyncClient,
) -> None:
    answer = await browser.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == SCRIPT
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    plain = await browser.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.content == SCRIPT


async def test_what_the_browser_has_already_is_not_sent_again(browser: httpx.AsyncClient) -> None:
    first = await browser.get("/favicon.svg")
    again = await browser.get("/favicon.svg", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/assets/gone.js", "/missing.png", "/leak.txt", "/../secret.txt", "/%00"])
async def test_nothing_outside_the_folder_is_a_file_and_a_missing_file_is_no_page(
    browser: httpx.AsyncClient, path: str
) -> None:
    answer = await browser.get(path)
    assert "not yours" not in answer.text
    if path != "/%00":
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


async def test_every_answer_forbids_what_our_pages_do_not_need(browser: httpx.AsyncClient) -> None:
    for path in ("/", "/assets/gone.js", "/favicon.svg"):
        headers = (await browser.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy
        assert "unsafe-eval" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


async def test_files_can_only_be_read(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/favicon.svg")).status_code == 405
