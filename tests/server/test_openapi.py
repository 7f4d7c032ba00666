"""The API as clients know it. A change here is a change for them: see it, then write the file anew.

``ANLAN_WRITE_GOLDEN=1 pytest tests/server/test_openapi.py`` writes it.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).with_name("openapi.json")


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    from anlan.server.urls import api

    said = json.loads(json.dumps(api.get_openapi_schema(), default=str, ensure_ascii=False))
    said["info"]["version"] = "0"  # the product's version changes without the routes
    return dict(said)


def test_the_api_is_the_one_that_clients_were_generated_from(openapi: dict[str, Any]) -> None:
    text = json.dumps(openapi, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("ANLAN_WRITE_GOLDEN"):
        GOLDEN.write_text(text)
    assert json.loads(GOLDEN.read_text()) == json.loads(text), "the API has changed: see this file's top"


def test_every_operation_has_a_name_of_its_own_and_tells_its_refusals(openapi: dict[str, Any]) -> None:
    names = []
    for path, methods in openapi["paths"].items():
        for method, said in methods.items():
            names.append(said["operationId"])
            refusals = {code for code in said["responses"] if code.startswith(("4", "5"))}
            assert "401" in refusals, f"{method} {path}"
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names), [n for n in names if not n.isidentifier()]
