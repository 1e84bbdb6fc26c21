"""Language models in process. A subclass of BaseLM is the fastest that DSPy 3.4 knows: an engine costs about 50 us more a call."""

import asyncio
import threading
import time
import warnings
from types import SimpleNamespace

import dspy
from task import INSTANT_ANSWER

# DSPy warns once that 3.5 will not know subclasses.
warnings.filterwarnings("ignore", category=DeprecationWarning)


def _response(model, text):
    message = SimpleNamespace(content=text, tool_calls=None)
    return SimpleNamespace(choices=[SimpleNamespace(message=message, finish_reason="stop")], usage={}, model=model)


class InstantLM(dspy.BaseLM):
    """Has its answer at once."""

    def __init__(self, text=INSTANT_ANSWER):
        super().__init__("instant", cache=False)
        self.text = text

    def forward(self, prompt=None, messages=None, **kwargs):
        return _response(self.model, self.text)

    async def aforward(self, prompt=None, messages=None, **kwargs):
        return _response(self.model, self.text)


class SleepingLM(InstantLM):
    """Takes its time."""

    def __init__(self, latency_ms):
        super().__init__()
        self.seconds = latency_ms / 1000

    async def aforward(self, prompt=None, messages=None, **kwargs):
        await asyncio.sleep(self.seconds)
        return _response(self.model, self.text)


class CountingEngine:
    """The interface that DSPy's own cache stands before: counts what gets through to it."""

    def __init__(self, latency_ms=0):
        self.seconds = latency_ms / 1000
        self.requests = 0
        self._lock = threading.Lock()

    def complete(self, request):
        from dspy.lm15 import Message, Response, TextPart, Usage

        with self._lock:
            self.requests += 1
        if self.seconds > 0:
            time.sleep(self.seconds)
        usage = Usage(input_tokens=0, output_tokens=0, total_tokens=0)
        message = Message.assistant([TextPart(INSTANT_ANSWER)])
        return Response(id=None, model=request.model, message=message, finish_reason="stop", usage=usage)

    def close(self):
        pass
