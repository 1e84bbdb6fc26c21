"""What DSPy costs a process: rows I1 and M1."""

import gc
import subprocess
import sys
import time
import tracemalloc

import dspy
from dspy.clients.base_lm import GLOBAL_HISTORY
from measuring import Workload
from models import InstantLM
from task import JUDGED, prompt_of

PAIRS = 3


def _child(code):
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return (time.perf_counter() - started) * 1000, done.stdout


def open_import(params):
    """A process that imports DSPy beside one that does nothing, in turns: milliseconds over it, and modules loaded."""
    count = "import sys; before = len(sys.modules); import dspy; print(len(sys.modules) - before)"
    modules = int(_child(count)[1])

    def measure():
        bare, loaded = [], []
        for _ in range(PAIRS):
            bare.append(_child("pass")[0])
            loaded.append(_child("import dspy")[0])
        # The quickest of each: whatever else the machine did came on top.
        return {"ms": min(loaded) - min(bare), "modules": modules}

    return Workload(measure)


def open_heap_growth(params):
    """Bytes of Python objects that a call leaves behind while history is as by default, which keeps 10,000 calls."""
    calls, size = params.get("calls", 1000), params.get("bytes", 1000)
    program = dspy.Predict(JUDGED)
    program.lm = InstantLM()
    start = 0

    def run(count):
        nonlocal start
        for index in range(start, start + count):
            program(question=prompt_of(size, index))
        start += count

    run(100)

    def measure():
        GLOBAL_HISTORY.clear()
        program.lm.history.clear()
        program.history.clear()
        tracemalloc.start()
        run(100)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        run(calls)
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return {"bytesPerCall": (after - before) / calls}

    return Workload(measure)
