"""A whole system for one measurement, in a temporary folder, and a person who is signed in to it."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from anlan.server.compiling import THREATS, mark_of
from anlan.server.supervisor.ports import free_port
from anlan.server.supervisor.spawn import spawn

REGION = "640181"
_START_S = 120.0
_STORES = ("DATABASE_OWNER_URL", "DATABASE_URL", "NATS_URL", "CLICKHOUSE_URL", "ANLAN_RUN", "ANLAN_DATA")


@contextmanager
def own_system(data: Path) -> Iterator[dict[str, Any]]:
    """A system without demonstration on *data*; gives what its ``run.json`` says."""
    own = {name: value for name, value in os.environ.items() if name not in _STORES}
    port = str(free_port())
    command = [sys.executable, "-m", "anlan", "start", "--no-demo", "--data", str(data), "--port", port]
    log = (data.parent / "anlan.log").open("wb")
    process = spawn(command, env=own, output=log)
    try:
        yield _when_ready(process, data)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def wait_for_kernels(system: dict[str, Any], patience_s: float) -> bool:
    """Wait until the system of a first start has compiled the engine ahead; whether it has."""
    mark = mark_of(THREATS, Path(system["environment"]["NUMBA_CACHE_DIR"]))
    deadline = time.monotonic() + patience_s
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.5)
    return mark.exists()


def pids_of(supervisor: int) -> set[int]:
    """The supervisor and every process below it."""
    parent = psutil.Process(supervisor)
    return {supervisor, *(child.pid for child in parent.children(recursive=True))}


@contextmanager
def signed_in(url: str, role: str) -> Iterator[httpx.Client]:
    """The browser of an officer of the county who is signed in at the front; its token goes with every request."""
    from anlan.platform.accounts.services import create_organisation, create_user, grant_role
    from anlan.platform.commands import acting_as, service_principal

    password = secrets.token_urlsafe()
    with acting_as(service_principal("demo")):
        office = create_organisation("性能测量", REGION)
        grant_role(create_user("bench", "性能测量", office, password), role, region=REGION)
    with httpx.Client(base_url=url, timeout=60) as client:
        client.get("/api/session")
        client.headers["x-csrftoken"] = client.cookies["csrftoken"]
        client.post("/api/session", json={"username": "bench", "password": password}).raise_for_status()
        client.headers["x-csrftoken"] = client.cookies["csrftoken"]
        yield client


def _when_ready(process: "subprocess.Popen[bytes]", data: Path) -> dict[str, Any]:
    """Wait until every process is well, and take on the system's environment."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if (data / "run.json").exists():
            said: dict[str, Any] = json.loads((data / "run.json").read_text())
            front = Path(said["run"]) / "health" / "front.json"
            if front.exists() and json.loads(front.read_text())["ok"]:
                os.environ.update(said["environment"])
                return said
        time.sleep(0.2)
    raise RuntimeError("the system did not start: " + (data.parent / "anlan.log").read_text()[-2000:])
