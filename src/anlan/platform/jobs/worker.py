"""The worker's loop: jobs from the queue, and those back whose worker has died."""

import asyncio
import logging
from typing import Any

import procrastinate
from procrastinate.contrib.django.utils import connector_params

from anlan.platform.jobs.running import LOST_AFTER_S, TASK, Runner
from anlan.ports.executor import Executor

log = logging.getLogger(__name__)

_LOOK_S = 5.0


class Worker:
    """One worker process of *concurrency* jobs at a time; *executor* computes for them."""

    def __init__(self, concurrency: int = 1, executor: Executor | None = None) -> None:
        self._concurrency = concurrency
        self._runner = Runner(executor)
        self._trouble = ""
        self._app = _app(self._runner)

    def health(self) -> dict[str, object]:
        """What the runner does, and what is in the way."""
        return {"ok": not self._trouble, "trouble": self._trouble, **self._runner.health()}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until *stop* is set; outages of the database are waited out."""
        while not stop.is_set():
            try:
                async with self._app.open_async():
                    await self._work(stop)
            except Exception as error:  # noqa: BLE001 - whatever the trouble, the queue is still there
                log.warning("the queue cannot be read: %s", error)
                self._trouble = type(error).__name__
                await asyncio.sleep(2)

    async def _work(self, stop: asyncio.Event) -> None:
        self._trouble = ""
        working = asyncio.create_task(
            self._app.run_worker_async(
                concurrency=self._concurrency,
                install_signal_handlers=False,
                delete_jobs="successful",
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=LOST_AFTER_S / 3,
                stalled_worker_timeout=LOST_AFTER_S,
            )
        )
        looking = asyncio.create_task(self._bring_back())
        told = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({working, looking, told}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._runner.stop() if stop.is_set() else None
            for task in (looking, told):
                task.cancel()
            if not working.done():
                working.cancel()
            await asyncio.gather(working, looking, told, return_exceptions=True)
        for task in (working, looking):
            if task.done() and not task.cancelled() and task.exception() is not None:
                raise task.exception()  # type: ignore[misc]

    async def _bring_back(self) -> None:
        """Requeue what a dead worker had under way."""
        while True:
            for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=LOST_AFTER_S):
                log.warning("job %s was under way when its worker died: it comes again", job.task_kwargs)
                await self._app.job_manager.retry_job(job)
            await asyncio.sleep(_LOOK_S)


def _app(runner: Runner) -> procrastinate.App:
    """The queue with a connection of its own, and the one task that there is."""
    parameters: dict[str, Any] = connector_params("default")
    made = procrastinate.App(
        connector=procrastinate.PsycopgConnector(kwargs=parameters, min_size=1, max_size=3)
    )
    made.task(name=TASK)(runner.run)
    return made
