"""Prediction, prompts and answers: rows P1 to P4, and R2."""

import time

import dspy
from measuring import Workload, repeated
from models import InstantLM
from task import ASKED, JUDGED, completions_of, demos_of, digest_of, question_of


def open_predict(params):
    """Calls of a predictor on a model without latency, with DSPy's history as it is by default."""
    program = dspy.Predict(JUDGED)
    program.demos = demos_of(params.get("demos", 0))
    program.lm = InstantLM()

    def calls(count, start):
        for index in range(start, start + count):
            program(question=question_of(index))

    def outputs():
        prediction = program(question=question_of(7))
        return {"answer": prediction.answer, "confidence": prediction.confidence}

    return repeated(calls, outputs)


def open_format(params):
    """A prompt from signature, demos and inputs. DSPy keeps nothing of one for the next."""
    demos = demos_of(params.get("demos", 0))
    signature = dspy.Signature(ASKED if params.get("asked") else JUDGED)
    adapter = dspy.ChatAdapter()

    def calls(count, start):
        for index in range(start, start + count):
            adapter.format(signature, demos, {"question": question_of(index)})

    return repeated(calls, lambda: adapter.format(signature, demos, {"question": question_of(7)}))


def _adapter(form):
    return dspy.JSONAdapter() if form == "json" else dspy.ChatAdapter()


def open_parse(params):
    """Values out of an answer of `bytes` bytes, in `format` chat or json."""
    completions = completions_of(params["format"], params["bytes"])
    adapter, signature = _adapter(params["format"]), dspy.Signature(JUDGED)

    def calls(count, start):
        for index in range(start, start + count):
            adapter.parse(signature, completions[index % len(completions)])

    return repeated(calls, lambda: digest_of([adapter.parse(signature, text) for text in completions]))


def open_hostile(params):
    """The worst time of any answer that means harm; small ones, for DSPy's time grows with their square."""
    size = params.get("bytes", 2000)
    texts = [seed * (size // len(seed)) for seed in ("{", "[", '{"a":', '"', "[[ ## answer ## ]]\n", "\\", "{}", "\n")]
    signature = dspy.Signature(JUDGED)

    def worst():
        longest = 0.0
        for form in ("chat", "json"):
            adapter = _adapter(form)
            for text in texts:
                started = time.perf_counter()
                try:
                    adapter.parse(signature, text)
                except Exception:
                    pass
                longest = max(longest, time.perf_counter() - started)
        return {"worstMs": longest * 1000}

    return Workload(worst)
