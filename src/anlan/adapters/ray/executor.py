"""Each work is a task of the cluster; its reports come back through a queue of its own.

Every node needs the same version of this package: the work goes there by its name.
"""

import importlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from anlan.kernel.errors import Problem
from anlan.kernel.text import NO_WORDS, Text
from anlan.ports.executor import Report, Result, WorkLost

_LOOK_S = 0.5


class NoRay(Problem):
    """The URL of a cluster is set, but Ray is not installed here."""

    code = "no_ray"
    status = 500
    title = Text("已设置 RAY_URL，但未安装 ray", "RAY_URL is set, but ray is not installed")
    next_step = Text(
        "请安装与集群同版本的 ray，或取消该设置", "Install the cluster's version of ray, or unset it"
    )


class RayExecutor:
    """The cluster at *url* (``ray://host:10001``, or ``auto`` for one of this machine). Raises `NoRay`."""

    def __init__(self, url: str) -> None:
        try:
            self._ray: Any = importlib.import_module("ray")
            self._queue: Any = importlib.import_module("ray.util.queue").Queue
        except ImportError as problem:
            raise NoRay() from problem
        self._ray.init(address=url, namespace="anlan", log_to_driver=False, ignore_reinit_error=True)
        # a work that is lost is asked for again by whoever asked, with its record: never twice behind their back
        self._task = self._ray.remote(max_retries=0)(_work)

    def run(self, work: Callable[..., Result], report: Report, **arguments: Any) -> Result:
        """As `Executor.run`."""
        reports = self._queue(actor_options={"num_cpus": 0})
        task = self._task.remote(work, reports, arguments)
        share, words = 0.0, NO_WORDS
        try:
            while True:
                done, _ = self._ray.wait([task], timeout=_LOOK_S)
                for share, words in _taken(reports):
                    report(share, words)
                if done:
                    answer: Result = self._ray.get(task)
                    return answer
                report(share, words)
        except self._ray.exceptions.RayTaskError as problem:
            raise (problem.cause or problem) from None
        except (self._ray.exceptions.WorkerCrashedError, self._ray.exceptions.OutOfMemoryError) as problem:
            raise WorkLost(facts={"problem": str(problem)[:400]}) from problem
        finally:
            with suppress(Exception):
                self._ray.cancel(task, force=True)  # nothing when it is done
            reports.shutdown(force=True)

    def close(self) -> None:
        """Leave the cluster."""
        self._ray.shutdown()


def _work(work: Callable[..., Result], reports: Any, arguments: dict[str, Any]) -> Result:
    """On the cluster: do the work, its reports into the queue."""
    return work(lambda share, words: reports.put((share, words)), **arguments)


def _taken(reports: Any) -> list[tuple[float, Text]]:
    count = reports.size()
    return list(reports.get_nowait_batch(count)) if count else []
