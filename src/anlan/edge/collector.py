"""The collector as a whole: its sources, its spool and its courier in one event loop."""

import asyncio
import json
import logging
import os
import random
from collections.abc import Coroutine, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from anlan.edge.core.config import Config
from anlan.edge.core.pace import Backoff, Pace, RealPace
from anlan.edge.core.spool import Spool
from anlan.edge.courier import Courier
from anlan.edge.door import DoorClient
from anlan.edge.keeper import Keeper
from anlan.edge.sources.base import Desk, Fare
from anlan.kernel.ids import new_id

log = logging.getLogger(__name__)

STATUS_FILE = "status.json"
STATUS_S = 2.0


class Collector:
    """Runs what *config* declares until it is cancelled. *environment* has the keys and passwords."""

    def __init__(self, config: Config, environment: Mapping[str, str], pace: Pace | None = None) -> None:
        self._config, self._environment = config, environment
        self._pace = pace or RealPace()
        self._folder = Path(config.spool.folder)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        spool = Spool(self._folder, new_id().hex, config.spool.bounds)
        self._keeper = Keeper(spool, self._pace)
        self._door = DoorClient(config.door, config.source, environment[config.key_env], ca=config.ca)
        self._courier = Courier(
            self._keeper, self._door, config.source, self._pace, backlog_share=config.spool.backlog_share
        )
        self._fares: list[Fare] = []

    async def run(self) -> None:
        """Collect for ever. Raises `ExceptionGroup` when a part cannot go on: the disk, or a port that is taken."""
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._keeper.run())
                parts.create_task(self._courier.run())
                for source in self._sources():
                    parts.create_task(source)
                parts.create_task(self._tell())
        finally:
            await self._door.close()
            self._keeper.close()

    def _sources(self) -> list[Coroutine[Any, Any, None]]:
        config = self._config
        started: list[Coroutine[Any, Any, None]] = []
        # the clients of protocols that are not used need not be installed
        if config.opcua:
            from anlan.edge.sources.opcua import OpcUaSource

            for server in config.opcua:
                password = self._environment.get(server.password_env or "")
                desk = self._desk(server.name, "opcua")
                started.append(OpcUaSource(server, desk, self._pace, self._backoff(), password).run())
        if config.modbus:
            from anlan.edge.sources.modbus import ModbusSource

            for device in config.modbus:
                desk = self._desk(device.name, "modbus")
                started.append(ModbusSource(device, desk, self._pace, self._backoff()).run())
        started += self._listeners()
        return started

    def _listeners(self) -> list[Coroutine[Any, Any, None]]:
        from anlan.edge.sources.hj212 import Hj212Protocol
        from anlan.edge.sources.listener import Station
        from anlan.edge.sources.sl651 import Sl651Protocol

        stations = []
        for air in self._config.hj212:
            desk = self._desk(air.name, "hj212")
            stations.append(Station(air, Hj212Protocol(air, desk, self._environment), desk))
        for water in self._config.sl651:
            desk = self._desk(water.name, "sl651")
            stations.append(Station(water, Sl651Protocol(water, desk, self._environment), desk))
        return [station.run() for station in stations]

    def _desk(self, name: str, kind: str) -> Desk:
        fare = Fare(name, kind)
        self._fares.append(fare)
        return Desk(fare, self._keeper.take, self._pace)

    @staticmethod
    def _backoff() -> Backoff:
        return Backoff(random.SystemRandom())

    async def _tell(self) -> None:
        """Write the status beside the spool every few seconds, for ``--status``."""
        while True:
            said = {
                "at_ms": self._pace.now_ms(),
                "pid": os.getpid(),
                "source": self._config.source,
                "link": asdict(self._courier.link),
                "spool": await self._keeper.counts(),
                "sources": [fare.told() for fare in self._fares],
            }
            await asyncio.to_thread(
                _replace, self._folder / STATUS_FILE, json.dumps(said, ensure_ascii=False)
            )
            await self._pace.rest(STATUS_S)


def _replace(path: Path, text: str) -> None:
    """Put *text* in the place of the file; a disk that is full leaves the old one."""
    beside = path.with_suffix(".new")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(path)
    except OSError as error:
        log.warning("the status could not be written: %s", error)
