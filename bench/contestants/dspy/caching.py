"""The cache: rows C1 to C5."""

import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor

import dspy
from dspy.clients.cache import Cache
from measuring import Workload, repeated
from models import CountingEngine
from task import prompt_of


def _request(size, number):
    """What DSPy's LM hands to its cache, short of the copy that it makes of it."""
    messages = [
        {"role": "system", "content": "Answer in one sentence."},
        {"role": "user", "content": prompt_of(size, number)},
    ]
    return {"_fn_identifier": "dspy.clients.lm.litellm_completion", "model": "instant", "messages": messages,
            "temperature": 0.0, "max_tokens": 1000}


def _requests(params):
    """Requests of `bytes` bytes made beforehand: making a prompt is no part of a cache."""
    return [_request(params.get("bytes", 1000), number) for number in range(64)]


def _record():
    """An answer as DSPy keeps it: plain data."""
    engine = CountingEngine()
    lm = dspy.LM("instant", engine=engine, cache=True)
    kept = {}

    class Spy(Cache):
        def put(self, request, value, *rest, **more):
            kept["value"] = value

    before, dspy.cache = dspy.cache, Spy(False, True, None)
    try:
        lm("A question")
    finally:
        dspy.cache = before
    return kept["value"]


def open_cache_key(params):
    """The key of a request of `bytes` bytes."""
    cache, requests = Cache(False, True, None), _requests(params)

    def calls(count, start):
        for index in range(start, start + count):
            cache.cache_key(requests[index % 64])

    return repeated(calls)


def open_cache_hit(params):
    """A whole call of an LM that its memory cache answers, as in a program: key, look-up and copy of the answer."""
    lm = dspy.LM("instant", engine=CountingEngine(), cache=True, temperature=0.0, max_tokens=1000)
    requests = [request["messages"] for request in _requests(params)]
    cache = Cache(False, True, None)

    def calls(count, start):
        before, dspy.cache = dspy.cache, cache
        try:
            for index in range(start, start + count):
                lm(messages=requests[index % 64])
        finally:
            dspy.cache = before

    calls(64, 0)
    return repeated(calls)


def _disk(params):
    folder = tempfile.mkdtemp(prefix="dspex-bench-")
    cache = Cache(True, False, folder, disk_size_limit_bytes=10**9)
    return cache, _requests(params), _record(), lambda: shutil.rmtree(folder, ignore_errors=True)


def open_disk_hit(params):
    """An answer that is on disk and not in memory, key included."""
    cache, requests, record, remove = _disk(params)
    for request in requests:
        cache.put(request, record)

    def calls(count, start):
        for index in range(start, start + count):
            if cache.get(requests[index % 64]) is None:
                raise RuntimeError("This is no hit.")

    return repeated(calls, close=remove)


def open_disk_put(params):
    """An answer put on disk under a new key, key included."""
    cache, requests, record, remove = _disk(params)

    def calls(count, start):
        for index in range(start, start + count):
            cache.put({**requests[index % 64], "seed": index}, record)

    return repeated(calls, close=remove)


def open_stampede(params):
    """So many `callers` of the same request at once, a thread each: how many requests reach the model."""
    callers, latency_ms = params.get("callers", 1000), params.get("latencyMs", 50)
    pool = ThreadPoolExecutor(callers)
    start = 0

    def measure():
        nonlocal start
        start += 1
        engine = CountingEngine(latency_ms)
        lm = dspy.LM("instant", engine=engine, cache=True)
        prompt = f"Question number {start}"
        before, dspy.cache = dspy.cache, Cache(False, True, None)
        try:
            list(pool.map(lambda _: lm(prompt), range(callers)))
        finally:
            dspy.cache = before
        return {"requests": engine.requests}

    return Workload(measure, close=pool.shutdown)
