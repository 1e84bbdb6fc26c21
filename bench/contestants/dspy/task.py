"""What every contestant is asked to do; the same as ../task.ts."""

import hashlib
import json

import dspy

JUDGED = "question -> answer, confidence: float"
ASKED = "question -> answer"
INSTANT_ANSWER = "[[ ## answer ## ]]\nAn even number.\n\n[[ ## confidence ## ]]\n0.75\n\n[[ ## completed ## ]]"


def question_of(number):
    return f"Explain in one sentence what you know about the number {number}?"


def answer_of(number):
    return f"It is {number}, and so it was before."


def demos_of(count):
    return [
        dspy.Example(question=question_of(index), answer=answer_of(index), confidence=0.5).with_inputs("question")
        for index in range(count)
    ]


def completions_of(form, size):
    """So many different answers of about this size, so that nothing is gained by knowing one of them."""
    completions = []
    for index in range(8):
        line = f"Line of text number {index}, as any other.\n"
        text = (line * -(-size // len(line)))[: max(1, size - 74)] + "."
        if form == "json":
            completions.append(json.dumps({"answer": text, "confidence": 0.75}, separators=(",", ":")))
        else:
            completions.append(f"[[ ## answer ## ]]\n{text}\n\n[[ ## confidence ## ]]\n0.75\n\n[[ ## completed ## ]]")
    return completions


def digest_of(values):
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def prompt_of(size, number):
    """A prompt of about `size` bytes that no other number has."""
    line = f"This prompt is number {number}, and it says so again and again.\n"
    return (line * -(-size // len(line)))[:size]
