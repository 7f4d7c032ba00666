"""Carries the demonstration's batches to the door: each until it is taken, or will never be."""

import asyncio
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import httpx

log = logging.getLogger(__name__)

RETRY_S = 1.0
KEYS = "*gateways.json"
"""The files in ``DATA/demo`` with the keys of the demonstration's gateways."""
_NEVER = (400, 409, 413, 422)


class Courier:
    """Knows the gateways' keys from *folder*; *door_url* is ``unix:PATH`` or an http URL."""

    def __init__(self, folder: Path, door_url: str) -> None:
        self._folder = folder
        self._keys = self._read_keys()
        self._door_url = door_url
        self._troubles: dict[str, str] = {}

    def client(self) -> httpx.AsyncClient:
        """A client of the door."""
        if self._door_url.startswith("unix:"):
            transport = httpx.AsyncHTTPTransport(uds=self._door_url.removeprefix("unix:"))
            return httpx.AsyncClient(transport=transport, base_url="http://door", timeout=10)
        return httpx.AsyncClient(base_url=self._door_url, timeout=10)

    def knows(self, source: str) -> bool:
        """Whether this gateway's key is there: what is loaded later is played at the next start."""
        return source in self._keys

    @property
    def troubles(self) -> Mapping[str, str]:
        """What keeps a gateway's batch from being taken now, by source."""
        return self._troubles

    async def deliver(self, client: httpx.AsyncClient, body: Mapping[str, object]) -> None:
        """Send one batch until the door has taken it, or said that it never will."""
        source = str(body["source"])
        while (trouble := await self._refused(client, source, body)) is not None:
            if self._troubles.get(source) != trouble:
                log.warning("%s: %s", source, trouble)
            self._troubles[source] = trouble
            await asyncio.sleep(RETRY_S)
        self._troubles.pop(source, None)

    async def _refused(
        self, client: httpx.AsyncClient, source: str, body: Mapping[str, object]
    ) -> str | None:
        """Why the batch has to be sent again; None when there is no need."""
        headers = {"Authorization": f"Bearer {source}:{self._keys[source]}"}
        try:
            answer = await client.post("/ingest", json=body, headers=headers)
        except httpx.TransportError as error:
            return type(error).__name__
        if answer.status_code < 400:
            return None
        said = f"{answer.status_code} {answer.text[:200]}"
        if answer.status_code in _NEVER:
            log.error("%s: the door will not take batch %s: %s", source, body["sequence"], said)
            return None
        if answer.status_code == 401:
            self._keys = self._read_keys()  # loaded anew, perhaps with other keys
        return said

    def _read_keys(self) -> dict[str, str]:
        keys: dict[str, str] = {}
        for file in self._folder.glob(KEYS):
            keys |= json.loads(file.read_text())
        return keys
