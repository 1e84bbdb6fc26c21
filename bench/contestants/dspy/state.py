"""Programs as values: rows S1 and S2."""

import os
import shutil
import tempfile
import time

import dspy
from measuring import Workload, repeated
from task import JUDGED, demos_of


class Steps(dspy.Module):
    """A program of so many predictors."""

    def __init__(self, count):
        super().__init__()
        self.steps = [dspy.Predict(JUDGED) for _ in range(count)]


def _program(params):
    program = Steps(params.get("predictors", 20))
    for predictor in program.predictors():
        predictor.demos = demos_of(params.get("demos", 16))
    return program


def open_copy_program(params):
    """A copy of a program that an optimizer may change."""
    program = _program(params)

    def calls(count, start):
        for _ in range(count):
            program.deepcopy()

    return repeated(calls)


def open_save_load(params):
    """A program written to a file and read back into another."""
    program, other = _program(params), Steps(params.get("predictors", 20))
    folder = tempfile.mkdtemp(prefix="dspex-bench-")
    path = os.path.join(folder, "program.json")

    def measure():
        started = time.perf_counter()
        program.save(path)
        other.load(path)
        return {"ms": (time.perf_counter() - started) * 1000}

    measure()
    if len(other.steps[-1].demos) != len(program.steps[-1].demos):
        raise RuntimeError("What was loaded is not what was saved.")
    return Workload(measure, close=lambda: shutil.rmtree(folder, ignore_errors=True))
