"""bench.json as tables for docs/SPEED.md: what stands there is what was measured, and a test compares the two."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sayable.bench.goals import list_goals

BEGIN, END = "<!-- figures: sayable bench write-docs -->", "<!-- end of figures -->"
RECIPES = {"small": "smallest recipe", "default": "recipe of `rasa init`"}


def write_tables(found: dict[str, Any]) -> str:
    """Everything between the two marks of the document."""
    parts = ["## Goals and what came of them", tell_goals_table(list_goals(found))]
    for recipe, turns in found.get("turns", {}).items():
        parts += [
            f"## A whole turn by turn number, stock bot with its {RECIPES[recipe]}",
            tell_turns(turns),
            tell_how(found, f"turns {recipe}"),
        ]
    for recipe, load in found.get("load", {}).items():
        parts += [f"## People typing at once, stock bot with its {RECIPES[recipe]}", tell_load(load), tell_how(found, f"load {recipe}")]
    if "capacity" in found:
        parts += ["### How many people one machine carries", tell_capacity(found["capacity"])]
    for recipe, start in found.get("start", {}).items():
        parts += [f"## Start and memory, stock bot with its {RECIPES[recipe]}", tell_start(start), tell_how(found, f"start {recipe}")]
    if "parts" in found:
        parts += ["## Where the time goes", tell_parts(found["parts"]), tell_how(found, "parts")]
    if "pages" in found:
        parts += ["## Pages", tell_pages(found["pages"]), tell_how(found, "pages")]
    return "\n\n".join(part for part in parts if part)


def replace_tables(document: str, tables: str) -> str:
    """The document with its figures replaced. Raises ValueError when the marks are not there."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the marks for the figures are not in the document")
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


def write_document(document: Path, tables: str) -> None:
    """Put `tables` into the document. Raises ValueError when the marks are not there."""
    document.write_text(replace_tables(document.read_text(encoding="utf-8"), tables), encoding="utf-8")


def make_table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    lines = [" | ".join(heads), " | ".join("---" if not place else "--:" for place in range(len(heads)))]
    lines += [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def tell_goals_table(goals: Sequence[dict[str, Any]]) -> str:
    rows = []
    for goal in goals:
        against = RECIPES.get(goal["stock"], "")
        bound = f"at {'least' if goal['at_least'] else 'most'} {goal['limit']:g}"
        rows.append([goal["what"], against, bound, f"{goal['figure']:g}", "met" if goal["met"] else "**missed**"])
    return make_table(["goal", "stock bot", "limit", "measured", ""], rows)


def tell_turns(turns: dict[str, Any]) -> str:
    rows = []
    for mark, both in turns["at"].items():
        ours, theirs = both["sayable"], both["stock"]
        rows.append([mark, *tell_spread(ours), *tell_spread(theirs), f"{both['ratio']:.2f}"])
    heads = ["turn", "Sayable median", "p95", "p99", "stock median", "p95", "p99", "ratio of medians"]
    told = make_table(heads, rows)
    if "late_to_early" in turns:
        late = turns["late_to_early"]
        told += f"\n\nTurn 200 against turn 5: Sayable {late['sayable']:.2f}, stock bot {late['stock']:.2f}."
    return f"{told}\nMilliseconds; {turns['talks']} talks of each side by side; accepted replies missing afterwards: {turns['missing']}."


def tell_load(load: dict[str, Any]) -> str:
    rows = []
    for people, both in load["by_people"].items():
        ours, theirs = both["sayable"], both["stock"]
        rows.append(
            [
                people,
                f"{ours['per_second']:.1f}",
                f"{theirs['per_second']:.1f}",
                f"{both['ratio']['throughput']:.2f}",
                f"{ours['median']:.0f} / {ours['p95']:.0f} / {ours['p99']:.0f}",
                f"{theirs['median']:.0f} / {theirs['p95']:.0f} / {theirs['p99']:.0f}",
                f"{both['ratio']['p99']:.2f}",
                f"{ours['lost']} / {theirs['lost']}",
                f"{ours['server_ms_per_reply']:.0f} / {theirs['server_ms_per_reply']:.0f}",
            ]
        )
    heads = ["people", "Sayable replies/s", "stock replies/s", "ratio", "Sayable median / p95 / p99 ms", "stock median / p95 / p99 ms"]
    return make_table([*heads, "ratio of p99", "lost, Sayable / stock", "processor ms a reply, Sayable / stock"], rows)


def tell_capacity(capacity: dict[str, Any]) -> str:
    return (
        f"Reckoned, not measured: at {capacity['replies_per_second']:.1f} replies a second, the highest measured, and one reply of each "
        f"person every {capacity['seconds_between_replies']:.0f} seconds, such a machine is full "
        f"with {capacity['people_at_full_load']} people typing; plan for {capacity['people_at_half_load']}, "
        "which leaves half of it for bursts and pages."
    )


def tell_start(start: dict[str, Any]) -> str:
    ours, theirs, memory = start["seconds"]["sayable"], start["seconds"]["stock"], start["memory_mb"]
    rows = [
        ["ready after start, s (median)", f"{ours['median']:.1f}", f"{theirs['median']:.1f}", f"{start['start_ratio']:.2f}"],
        *(
            [
                f"memory, MB ({kind.upper()})",
                f"{memory['sayable'][kind]:.0f}",
                f"{memory['stock'][kind]:.0f}",
                f"{start['memory_ratio'][kind]:.2f}",
            ]
            for kind in ("rss", "pss")
        ),
    ]
    return make_table(["", "Sayable, everything", "bare `rasa run`", "ratio"], rows)


def tell_parts(parts: dict[str, Any]) -> str:
    names = {"web": "web: session, safety, encrypted storing", "rasa": "Rasa", "actions": "actions: judging and the partner; the echo"}
    rows = [[names[part], f"{parts['sayable'][part]:.1f}", f"{parts['stock'][part]:.1f}" if part != "web" else "–"] for part in names]
    return make_table(["ms of a turn (turns 1 to 8)", "Sayable", "stock bot"], rows)


def tell_pages(pages: dict[str, Any]) -> str:
    rows = []
    for name, page in pages["pages"].items():
        counted = page["statements"]
        rows.append(
            [
                f"`{name}`",
                f"{page['big']['median']:.1f}",
                f"{page['empty']['median']:.1f}",
                f"{page['ratio']:.2f}",
                f"{counted['big']} / {counted['empty']}",
            ]
        )
    size = pages["size"]
    told = f"The large database: {size['clients']} clients, {size['attempts']:,} rehearsals, {size['turns']:,} turns."
    heads = ["page", "median ms, large", "median ms, nearly empty", "ratio", "SQL statements, large / empty"]
    missed = "; ".join(f"`{name}` ({why})" for name, why in pages["not_measured"].items())
    return f"{told}\n\n{make_table(heads, rows)}\n\nNot measured: {missed}."


def tell_how(found: dict[str, Any], name: str) -> str:
    how = found.get("measured", {}).get(name)
    if how is None:
        return ""
    return (
        f"`{how['command']}` at {how['at'][:16].replace('T', ' ')} UTC on commit {how['commit']}, {how['cores']} cores, "
        f"{how['processor']}; load average when it ended: {how['load_average']}."
    )


def tell_spread(spread: dict[str, Any]) -> list[str]:
    return [f"{spread[name]:.0f}" for name in ("median", "p95", "p99")]
