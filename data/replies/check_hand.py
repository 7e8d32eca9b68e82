"""Find the faults in a hand's file of labelled replies and count its criteria. Usage: python3 -m data.replies.check_hand FILE …"""

import collections
import statistics
import sys
from pathlib import Path

from data.criteria import KEYS
from data.replies.hands import BadHandFile, LabelledReply, read_hand


def describe(replies: list[LabelledReply]) -> str:
    """Counts of one hand: replies, without context, median words, and yes (unclear) for each criterion."""
    counts = collections.Counter(key for reply in replies for key in KEYS if reply.labels[key] == 1)
    unclear = collections.Counter(key for reply in replies for key in KEYS if reply.labels[key] is None)
    words = statistics.median(len(reply.text.split()) for reply in replies) if replies else 0
    alone = sum(reply.context is None for reply in replies)
    listed = "  ".join(f"{key} {counts[key]} ({unclear[key]})" for key in KEYS)
    return f"{len(replies)} replies, {alone} without context, median {words:g} words\n  {listed}"


if __name__ == "__main__":
    faults = 0
    for name in sys.argv[1:]:
        try:
            print(f"{name}: {describe(list(read_hand(Path(name))))}")
        except BadHandFile as fault:
            print(fault)
            faults += 1
    sys.exit(1 if faults else 0)
