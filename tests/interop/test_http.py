"""curl at the door: the way of a gateway's shell script."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any

import pytest
from tests.faults.plant import HTTP, TAGS
from tests.interop.conftest import Site
from tests.system.console import needed
from tests.system.gateway import batch

pytestmark = pytest.mark.long

SOURCE = HTTP[0]


@pytest.fixture(autouse=True)
def curl() -> None:
    needed("curl", shutil.which("curl"))


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    said: Any


def post(site: Site, body: bytes, *, key: str | None = None, more: tuple[str, ...] = ()) -> Answer:
    """``curl --data-binary @- …/ingest`` as *SOURCE*."""
    token = f"{SOURCE}:{key or site.plant.keys[SOURCE]}"
    command = ["curl", "-sS", "--data-binary", "@-", "-H", f"Authorization: Bearer {token}", *more]
    command += [
        "-H",
        "Content-Type: application/json",
        "-w",
        "\n%{http_code} %{content_type}",
        site.ingest_url,
    ]
    done = subprocess.run(command, input=body, capture_output=True, check=True, timeout=30)
    text, _, last = done.stdout.decode().rpartition("\n")
    status, _, content_type = last.partition(" ")
    return Answer(int(status), content_type, json.loads(text))


def test_a_batch_is_accepted_and_its_repetition_is_known(site: Site) -> None:
    body = batch(SOURCE, "curl", 1, dict.fromkeys(TAGS, 30.0))
    first, again = post(site, body), post(site, body)
    assert (first.status, first.said["accepted"], first.said["rejected"]) == (200, len(TAGS), [])
    assert again.status == 200 and again.said["duplicate"] is True


def test_a_body_in_chunks_is_taken_like_any_other(site: Site) -> None:
    body = batch(SOURCE, "curl", 2, {TAGS[0]: 31.0})
    assert post(site, body, more=("-H", "Transfer-Encoding: chunked")).said["accepted"] == 1


def test_a_wrong_key_gets_401_in_the_doors_own_words(site: Site) -> None:
    refused = post(site, batch(SOURCE, "curl", 3, {TAGS[0]: 32.0}), key="wrong")
    assert (refused.status, refused.said["code"], refused.said["accepted"]) == (401, "wrong_key", 0)


def test_what_is_no_json_is_a_problem_of_the_senders(site: Site) -> None:
    refused = post(site, b"\xff\xfe not json")
    assert (refused.status, refused.said["code"]) == (400, "malformed")
    assert refused.content_type.startswith("application/json")


def test_only_unknown_points_is_422_with_each_named(site: Site) -> None:
    refused = post(site, batch(SOURCE, "curl", 4, {"NOBODY-1": 1.0, "NOBODY-2": 2.0}))
    assert (refused.status, refused.said["accepted"]) == (422, 0)
    assert {item["code"] for item in refused.said["rejected"]} == {"unknown_point"}
