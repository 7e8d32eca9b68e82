"""Find faults in a hand's file of labelled replies and count its criteria. Usage: check_hand.py FILE …"""
import collections
import sys

KEYS = ("i_statement observation feeling faux_feeling need request demand paraphrase emotion_label open_question validation "
        "roadblock blame absolutes pressure boundary consent_check repair crisis").split()


def blocks(path):
    start, lines = None, []
    for number, line in enumerate(open(path, encoding="utf-8").read().split("\n") + [""], 1):
        if line.strip() == "":
            if lines:
                yield start, lines
            start, lines = None, []
        elif not line.startswith("#"):
            start = start or number
            lines.append((number, line))


def check(path):
    faults, count, unclear, n, nocontext, seen, words = [], collections.Counter(), collections.Counter(), 0, 0, set(), []
    for start, lines in blocks(path):
        context, reply, present = None, [], {}
        for number, line in lines:
            mark, rest = line[:2], line[2:]
            if mark == "@ ":
                context = rest.strip()
            elif mark in ("> ", ">"):
                reply.append(rest)
            elif mark == "+ ":
                key, _, span = rest.partition(":")
                if key.strip() not in KEYS:
                    faults.append(f"{path}:{number}: unknown key {key.strip()!r}")
                    continue
                spans = [part.strip() for part in span.split(" | ") if part.strip()]
                if not spans:
                    faults.append(f"{path}:{number}: {key.strip()} has no evidence words")
                present[key.strip()] = spans
                for part in spans:
                    if part not in "\n".join(reply):
                        faults.append(f"{path}:{number}: words not in the reply: {part!r}")
            elif mark == "? ":
                for key in rest.replace(",", " ").split():
                    if key not in KEYS:
                        faults.append(f"{path}:{number}: unknown key {key!r}")
                    unclear[key] += 1
            else:
                faults.append(f"{path}:{number}: line starts with none of '@ ', '> ', '+ ', '? ', '#': {line[:40]!r}")
        text = "\n".join(reply)
        if context is None:
            faults.append(f"{path}:{start}: no '@' line")
        if not text.strip():
            faults.append(f"{path}:{start}: no reply")
        if text in seen:
            faults.append(f"{path}:{start}: the same reply twice")
        seen.add(text)
        n += 1
        nocontext += context == "-"
        words.append(len(text.split()))
        count.update(list(present))
    return faults, count, unclear, n, nocontext, words


if __name__ == "__main__":
    bad = 0
    for path in sys.argv[1:]:
        faults, count, unclear, n, nocontext, words = check(path)
        print(f"{path}: {n} replies, {nocontext} without context, median {sorted(words)[len(words) // 2] if words else 0} words, {len(faults)} faults")
        print("  " + "  ".join(f"{key} {count[key]}" + (f"(?{unclear[key]})" if unclear[key] else "") for key in KEYS))
        print("\n".join(faults[:40]))
        bad += len(faults)
    sys.exit(1 if bad else 0)
