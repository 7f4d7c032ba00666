"""Works for the executors to do: functions of a module, so that another process finds them by name."""

import os
import signal
import time

from anlan.kernel.errors import Invalid
from anlan.kernel.text import Text


def double(report, *, number):
    for step in range(4):
        report(step / 4, Text("计算中", "computing"))
    return {"twice": 2 * number, "process": os.getpid()}


def refuse(report):
    raise Invalid(Text("风速不能为负", "The wind cannot be negative"), facts={"wind_m_s": -1.0})


def silent(report):
    """Says nothing, and would go on for a minute."""
    time.sleep(60)


def talk(report):
    """Reports until it is stopped."""
    for _ in range(2000):
        report(0.5, Text("继续", "going on"))
        time.sleep(0.02)


def die(report):
    report(0.1, Text("内存不足", "short of memory"))
    os.kill(os.getpid(), signal.SIGKILL)


def told_to_go(report):
    """As when a whole group of processes is told to stop: the one that asked decides what becomes of the work."""
    for told in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), told)
    return "still here"
