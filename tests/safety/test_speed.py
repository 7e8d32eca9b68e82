"""The door is quick on what people type and stays so on what nobody would type."""

import time

import pytest

from web.safety import SafetyRules

DOOR = SafetyRules.load()
REPLY = "I feel anxious when plans change at the last minute, and I need some warning. Could you call me if you will be late again today?"


def measure(text, rounds=5):
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        DOOR.look_at(text)
        best = min(best, time.perf_counter() - begun)
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


def test_a_reply_costs_little_beside_reading_it_once():
    """A usual reply takes at most some hundred times what a bare pass over its letters takes: far below 5 ms."""
    begun = time.perf_counter()
    for _ in range(200):
        "".join(letter for letter in REPLY if letter != "\u200b")
    plain = (time.perf_counter() - begun) / 200
    assert measure(REPLY, rounds=20) <= 400 * plain
