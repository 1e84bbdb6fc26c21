"""Many calls at once: rows E1 to E4, E6 and E8."""

import asyncio
import time

import dspy
from measuring import Workload, timed
from models import SleepingLM
from task import ASKED, JUDGED, answer_of, question_of


def _client(url, in_flight):
    """DSPy's own client, with as many connections as requests in flight; its default is 100. No cache: each prompt is new."""
    from dspy.clients.engines import LM15Engine
    from dspy.lm15 import RouterConfig

    config = RouterConfig(api_keys={"openai-chat": "none"}, base_urls={"openai-chat": url}, max_connections=in_flight)
    return dspy.LM("openai/mock", engine=LM15Engine(config), cache=False)


def open_evaluate(params):
    """An evaluation over HTTP with a thread for each request in flight."""
    in_flight, rows = params["inFlight"], params["rows"]
    program = dspy.Predict(ASKED)
    program.lm = _client(params["mockUrl"], in_flight)
    start = 0

    def ask():
        nonlocal start
        devset = [
            dspy.Example(question=question_of(index), answer=answer_of(index)).with_inputs("question")
            for index in range(start, start + rows)
        ]
        start += rows
        evaluate = dspy.Evaluate(
            devset=devset,
            metric=lambda gold, predicted, trace=None: gold.answer == predicted.answer,
            num_threads=in_flight,
            display_progress=False,
        )

        def run():
            result = evaluate(program)
            if result.score != 100:
                raise RuntimeError(f"The score is {result.score}, not 100.")
            return [prediction.answer for _, prediction, _ in result.results]

        return run

    outputs = ask()()

    def measure():
        seconds, cpu, _ = timed(ask())
        return {"perSecond": rows / seconds, "cpuUs": cpu * 1e6 / rows}

    measure()
    return Workload(measure, lambda: outputs)


def open_executor(params):
    """The executor alone, with a function that does nothing, for so many `items`."""
    from dspy.utils.parallelizer import ParallelExecutor

    items, threads = params["items"], params.get("inFlight", 8)
    data = list(range(items))

    def run():
        executor = ParallelExecutor(num_threads=threads, disable_progress_bar=True)
        return executor.execute(lambda item: item, data)

    def measure():
        seconds, cpu, results = timed(run)
        if len(results) != items:
            raise RuntimeError(f"There are {len(results)} results of {items} items.")
        return {"us": seconds * 1e6 / items, "cpuUs": cpu * 1e6 / items}

    return Workload(measure)


def open_gather(params):
    """`calls` predictions at once on a model in process that takes `latencyMs`."""
    calls = params["calls"]
    program = dspy.Predict(JUDGED)
    program.lm = SleepingLM(params["latencyMs"])
    # One loop for all rounds, as an application has.
    loop = asyncio.new_event_loop()
    start = 0

    async def gather():
        return await asyncio.gather(*(program.acall(question=question_of(index)) for index in range(start, start + calls)))

    def run():
        nonlocal start
        predictions = loop.run_until_complete(gather())
        start += calls
        return predictions

    run()

    def measure():
        started = time.perf_counter()
        run()
        return {"ms": (time.perf_counter() - started) * 1000}

    outputs = [{"answer": each.answer, "confidence": each.confidence} for each in run()[:3]]
    return Workload(measure, lambda: outputs, loop.close)
