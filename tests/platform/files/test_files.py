"""Files: told by their bytes, kept by their content, out of sight of other counties."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.platform.files.kinds import FileRefused, media_type_of

LINGWU, YANCHI = "640181", "640323"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def officer(db):
    from tests.server.conftest import browser_of, new_person

    return lambda name, region: browser_of(new_person(name, "local_bureau", region))


def upload(browser, name="现场.png", content=PNG, region=LINGWU, **form):
    file = SimpleUploadedFile(name, content, "application/octet-stream")
    return browser.post("/api/files", {"file": file, "region": region, **form})


def test_a_photo_comes_back_as_it_was_and_as_an_attachment(officer):
    browser = officer("lingwu", LINGWU)
    stored = upload(browser)
    assert stored.status_code == 201, stored.content
    assert stored.json()["media_type"] == "image/png", "told by its bytes, whatever the sender said"
    answer = browser.get(f"/api/files/{stored.json()['id']}")
    assert answer.content == PNG
    assert (
        answer["Content-Disposition"].startswith("attachment")
        and "sandbox" in answer["Content-Security-Policy"]
    )


def test_another_county_neither_sees_nor_plants_a_file(officer):
    stored = upload(officer("lingwu", LINGWU)).json()
    other = officer("yanchi", YANCHI)
    assert other.get(f"/api/files/{stored['id']}").status_code == 404
    assert upload(other, region=LINGWU).status_code == 403


def test_the_same_content_lies_on_the_disk_once(officer):
    from anlan.platform.files.store import folder

    browser = officer("lingwu", LINGWU)
    one, two = upload(browser).json(), upload(browser, name="副本.png").json()
    assert one["id"] != two["id"] and one["sha256"] == two["sha256"]
    assert len([path for path in folder().rglob(one["sha256"]) if path.is_file()]) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\x00\x03",
        b"PK\x03\x04",
        b"\x7fELF",
        b"{broken",
        b"text with \x00 in it",
    ],
)
def test_what_could_run_or_is_unknown_is_refused_with_what_is_kept(content):
    with pytest.raises(FileRefused) as refused:
        media_type_of(content)
    assert "PDF" in refused.value.next_step.zh


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\r\nSet-Cookie: x", '"; filename=evil.exe', "  ..  "])
def test_a_name_cannot_leave_its_folder_or_its_header(officer, name):
    stored = upload(officer("lingwu", LINGWU), name=name or "x").json()
    assert not set(stored["name"]) & set('/\\"\r\n') and stored["name"]


def test_content_changed_on_the_disk_is_not_given_out(officer):
    from anlan.platform.files.store import content_of, path_of

    content = json.dumps({"height_m": 3}).encode()
    stored = upload(officer("lingwu", LINGWU), name="a.json", content=content).json()
    path_of(stored["sha256"]).write_bytes(b"{}")
    with pytest.raises(OSError, match="was changed"):
        content_of(stored["sha256"])
