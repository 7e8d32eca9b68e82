"""No text makes a rule run away. How quick the door is on a usual reply stands in the benchmark, not here."""

import time

import pytest

from web.safety import SafetyRules

DOOR = SafetyRules.load()
REPLY = "I feel anxious when plans change at the last minute, and I need some warning. Could you call me if you will be late again today?"


def measure(text, rounds=5):
    """Seconds of this thread's own work, whatever else the machine does."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.thread_time()
        DOOR.look_at(text)
        best = min(best, time.thread_time() - begun)
    return best


@pytest.mark.parametrize(
    "unit",
    [
        REPLY + " ",
        "i want to ",
        "he will not let me ",
        "if you leave i will ",
        "the pills and the letters and the bridge ",
        "my ",
        "a ",
        "x",
        "!?",
        "k*",
        "i i i ",
        "s u i ",
        "'",
        "he she they someone my husband my wife ",
        "\u200b\u0301",
        "(((",
        "😭",
    ],
)
def test_time_grows_with_length_and_not_faster(unit):
    """Eight times the text takes at most some twenty times as long: no pattern backtracks without bound."""
    short, long = (unit * 500)[:500], (unit * 4000)[:4000]
    assert measure(long) <= 20 * measure(short) + 0.002
