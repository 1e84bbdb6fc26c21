"""DSPy as a contestant. It speaks the protocol of ../../harness/serve.ts: one JSON object a line, in both directions."""

import gc
import json
import os
import sys
import traceback

# Standard output belongs to the protocol: whatever else prints goes to standard error.
answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
os.dup2(2, 1)

import dspy  # noqa: E402
from caching import open_cache_hit, open_cache_key, open_disk_hit, open_disk_put, open_stampede  # noqa: E402
from evaluating import open_evaluate, open_executor, open_gather  # noqa: E402
from process import open_heap_growth, open_import  # noqa: E402
from prompts import open_format, open_hostile, open_parse, open_predict  # noqa: E402
from state import open_copy_program, open_save_load  # noqa: E402

WORKLOADS = {
    "predict": open_predict,
    "format": open_format,
    "parse": open_parse,
    "hostile": open_hostile,
    "evaluate": open_evaluate,
    "executor": open_executor,
    "gather": open_gather,
    "cache-key": open_cache_key,
    "cache-hit": open_cache_hit,
    "disk-hit": open_disk_hit,
    "disk-put": open_disk_put,
    "stampede": open_stampede,
    "copy-program": open_copy_program,
    "save-load": open_save_load,
    "import": open_import,
    "heap-growth": open_heap_growth,
}


def answer(asked, opened):
    if asked["do"] == "open":
        workload = WORKLOADS[asked["workload"]](asked.get("params", {}))
        opened[asked["id"]] = workload
        return {} if workload.outputs is None else {"outputs": workload.outputs()}
    if asked["do"] == "round":
        gc.collect()
        return {"figures": opened[asked["of"]].round()}
    workload = opened.pop(asked["of"])
    if workload.close is not None:
        workload.close()
    return {}


def main():
    import logging

    # Nothing is logged and no caller's cache is read: what is measured sets up its own.
    logging.disable(logging.CRITICAL)
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)
    opened = {}
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            said = answer(asked, opened)
        except Exception:
            said = {"error": traceback.format_exc()}
        answers.write(json.dumps({"id": asked["id"], **said}) + "\n")


if __name__ == "__main__":
    main()
