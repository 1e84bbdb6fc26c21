"""The same measuring as ../../harness/repeated.ts."""

import time
from dataclasses import dataclass
from typing import Any, Callable

ROUND_S = 0.2
WARM_UP_S = 0.3


@dataclass
class Workload:
    round: Callable[[], dict]
    outputs: Callable[[], Any] | None = None
    close: Callable[[], None] | None = None


def timed(work):
    """Seconds by the clock and of processor time that `work` takes, and what it returns."""
    cpu, started = time.process_time(), time.perf_counter()
    value = work()
    return time.perf_counter() - started, time.process_time() - cpu, value


def repeated(calls, outputs=None, close=None):
    """`calls(count, start)` as often as fills a round: microseconds a call, by the clock and of processor time."""
    start = 0

    def measure(count):
        nonlocal start
        seconds, cpu, _ = timed(lambda: calls(count, start))
        start += count
        return {"us": seconds * 1e6 / count, "cpuUs": cpu * 1e6 / count}

    count = 1
    warm_until = time.perf_counter() + WARM_UP_S
    while True:
        us = measure(count)["us"]
        if time.perf_counter() >= warm_until:
            break
        if us * count < WARM_UP_S * 1e6 / 4:
            count *= 2
    count = max(1, round(ROUND_S * 1e6 / us))
    return Workload(lambda: measure(count), outputs, close)
