"""Loads, renders and saves programs with the real DSPy. The one argument is a JSON file that says what to do; answers on stdout."""

import json
import sys

import dspy
from dspy.adapters.baml_adapter import BAMLAdapter
from pydantic import TypeAdapter

ADAPTERS = {
    "ChatAdapter": dspy.ChatAdapter,
    "JSONAdapter": dspy.JSONAdapter,
    "XMLAdapter": dspy.XMLAdapter,
    "BAMLAdapter": BAMLAdapter,
}


class Composite(dspy.Module):
    def __init__(self, attributes):
        super().__init__()
        for name, member in attributes.items():
            setattr(self, name, build(member))

    def forward(self, **inputs):
        raise NotImplementedError


def build(described):
    if isinstance(described, list):
        return [build(item) for item in described]
    if "signature" not in described:
        return Composite(described)
    kind = dspy.ChainOfThought if described.get("reasons") else dspy.Predict
    return kind(described["signature"])


def typed(signature, values):
    """Values of a JSON file as the signature declares them: JSON.stringify writes a whole float like an int."""
    fields = signature.fields
    return {
        name: TypeAdapter(fields[name].annotation).validate_python(value) if name in fields else value
        for name, value in values.items()
    }


def tune(program, changes):
    for path, predictor in program.named_predictors():
        change = changes[path]
        predictor.signature = predictor.signature.with_instructions(change["instructions"])
        predictor.demos = [dspy.Example(**typed(predictor.signature, demo)) for demo in change["demos"]]


def prompts(program, inputs):
    return {
        path: {
            name: make().format(predictor.signature, predictor.demos, typed(predictor.signature, inputs[path]))
            for name, make in ADAPTERS.items()
        }
        for path, predictor in program.named_predictors()
    }


def replay(task):
    tuned = build(task["program"])
    tune(tuned, task["changes"])
    tuned.save(task["theirs"])
    loaded = build(task["program"])
    loaded.load(task["ours"])
    return {
        "saved": prompts(tuned, task["inputs"]),
        "loaded": prompts(loaded, task["inputs"]),
        "state": json.loads(json.dumps(loaded.dump_state())),
    }


with open(sys.argv[1], encoding="utf-8") as file:
    tasks = json.load(file)
print(json.dumps({"version": dspy.__version__, "results": [replay(task) for task in tasks]}))
