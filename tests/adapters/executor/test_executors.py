"""What every executor promises: the answer, the reports, the work's own refusal, an end when told, a loss that is said.

The cluster's promises are checked where Ray is installed, and reported as not run elsewhere.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import pytest
from tests.adapters.executor import works

from anlan.adapters.processes import ProcessPool
from anlan.adapters.ray import RayExecutor
from anlan.adapters.ray.executor import NoRay
from anlan.kernel.errors import Invalid
from anlan.ports.executor import WorkLost

HAS_RAY = find_spec("ray") is not None


@pytest.fixture(
    scope="module",
    params=[
        "processes",
        pytest.param("ray", marks=pytest.mark.skipif(not HAS_RAY, reason="ray is not installed")),
    ],
)
def executor(request):
    made = ProcessPool(2) if request.param == "processes" else _local_ray()
    yield made
    made.close()


def _local_ray():
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, namespace="anlan")
    return RayExecutor("auto")


class Told:
    """Keeps what it is told; raises when it has been told *enough*."""

    def __init__(self, enough=None):
        self.shares, self.enough = [], enough

    def __call__(self, share, words):
        self.shares.append(share)
        if self.enough is not None and len(self.shares) >= self.enough:
            raise Enough


class Enough(Exception):
    pass


def test_the_answer_and_the_reports_come_from_another_process(executor):
    told = Told()
    answer = executor.run(works.double, told, number=21)
    assert answer["twice"] == 42 and answer["process"] != os.getpid()
    assert [share for share in told.shares if share] == sorted(share for share in told.shares if share)
    assert 0.75 in told.shares


def test_a_refusal_of_the_work_is_raised_here_with_its_facts(executor):
    with pytest.raises(Invalid) as caught:
        executor.run(works.refuse, Told())
    assert caught.value.title.zh == "风速不能为负" and caught.value.facts == {"wind_m_s": -1.0}


@pytest.mark.parametrize("work", [works.talk, works.silent], ids=["that reports", "that says nothing"])
def test_a_work_is_ended_when_whoever_waits_has_had_enough(executor, work):
    with pytest.raises(Enough):
        executor.run(work, Told(enough=2))
    assert executor.run(works.double, Told(), number=1)["twice"] == 2, "and the next one is done"


def test_a_process_that_dies_is_said_to_be_lost_and_the_next_work_is_done(executor):
    with pytest.raises(WorkLost):
        executor.run(works.die, Told())
    assert executor.run(works.double, Told(), number=2)["twice"] == 4


def test_a_signal_to_the_whole_group_leaves_the_work_to_whoever_asked():
    pool = ProcessPool(1)
    assert pool.run(works.told_to_go, Told()) == "still here"
    pool.close()


def test_two_works_are_done_at_once(executor):
    """Each waits in its reports for the other: one after the other they would never end."""
    both = threading.Barrier(2, timeout=60)

    def meet(number):
        told = []

        def report(share, words):
            if share >= 0.75 and not told:
                told.append(share)
                both.wait()

        return executor.run(works.double, report, number=number)["twice"]

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(meet, [1, 2])) == [2, 4]


@pytest.mark.skipif(HAS_RAY, reason="ray is installed")
def test_a_cluster_without_ray_is_refused_with_what_to_do():
    with pytest.raises(NoRay) as caught:
        RayExecutor("ray://nowhere:10001")
    assert "ray" in caught.value.next_step.en
