"""The plots: latency by turn number, throughput by number of people, time by part of the way, pages by size of the database."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

OURS, THEIRS, THIRD = "#1f6f78", "#c8553d", "#e0a458"
SMALL = "smallest recipe"
NAMES = {"small": SMALL, "default": "recipe of rasa init"}


def draw_figures(found: dict[str, Any], folder: Path) -> list[Path]:
    """Draw what `found` has figures for; gives the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    drawers = {"turns": draw_turns, "load": draw_load, "parts": draw_parts, "pages": draw_pages}
    written = []
    for name, draw in drawers.items():
        if found.get(name):
            path = folder / f"bench-{name}.png"
            figure = draw(found[name])
            figure.savefig(path, dpi=110, bbox_inches="tight", metadata={"Software": None})
            plt.close(figure)
            written.append(path)
    return written


def draw_turns(turns: dict[str, Any]) -> Any:
    figure, axes = plt.subplots(figsize=(8, 4.2))
    for (recipe, one), shade in zip(turns.items(), (THEIRS, THIRD), strict=False):
        stock = one["median_by_turn"]["stock"]
        axes.plot(range(1, len(stock) + 1), stock, color=shade, lw=1.4, label=f"stock Rasa bot, {NAMES[recipe]}: it only echoes")
    ours = next(iter(turns.values()))["median_by_turn"]["sayable"]
    axes.plot(range(1, len(ours) + 1), ours, color=OURS, lw=1.8, label="Sayable: checked, stored, judged, answered, stored")
    axes.set_yscale("log")
    axes.set_yticks([20, 50, 100, 200, 500, 1000, 2000], ["20", "50", "100", "200", "500", "1000", "2000"])
    finish(axes, "A whole turn over HTTP, by turn number", "turn", "milliseconds (median, log scale)")
    return figure


def draw_load(load: dict[str, Any]) -> Any:
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2))
    for (recipe, one), shade in zip(load.items(), (THEIRS, THIRD), strict=False):
        people = [int(count) for count in one["by_people"]]
        for axes, key in ((left, "per_second"), (right, "p99")):
            values = [both["stock"][key] for both in one["by_people"].values()]
            axes.plot(people, values, "o-", color=shade, label=f"stock, {NAMES[recipe]}")
    one = next(iter(load.values()))
    people = [int(count) for count in one["by_people"]]
    for axes, key in ((left, "per_second"), (right, "p99")):
        axes.plot(people, [both["sayable"][key] for both in one["by_people"].values()], "o-", color=OURS, label="Sayable")
        axes.set_xscale("log")
        axes.set_xticks(people, [str(count) for count in people])
        axes.minorticks_off()
    left.set_ylim(bottom=0)
    finish(left, "Throughput", "people typing at once", "replies a second")
    finish(right, "The slowest in a hundred", "people typing at once", "milliseconds (p99)")
    return figure


def draw_parts(parts: dict[str, Any]) -> Any:
    figure, axes = plt.subplots(figsize=(8, 2.6))
    rows = [("stock Rasa bot", parts["stock"]), ("Sayable", parts["sayable"])]
    names = {"web": "web: session, safety, encrypted storing", "rasa": "Rasa", "actions": "actions: judging and the partner, or the echo"}
    left = [0.0, 0.0]
    for part, shade in (("web", OURS), ("rasa", THEIRS), ("actions", THIRD)):
        widths = [max(0.0, each[part]) for _, each in rows]
        bars = axes.barh([name for name, _ in rows], widths, left=left, color=shade, label=names[part])
        axes.bar_label(bars, [f"{width:.0f}" if width >= 1 else "" for width in widths], label_type="center", color="white")
        left = [start + width for start, width in zip(left, widths, strict=True)]
    finish(axes, "Where the time of a turn goes (turns 1 to 8)", "milliseconds (medians)", "")
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.28), ncols=3, frameon=False, fontsize=8)
    return figure


def draw_pages(pages: dict[str, Any]) -> Any:
    names = list(pages["pages"])[::-1]
    figure, axes = plt.subplots(figsize=(8, 0.22 * len(names) + 1.4))
    axes.barh(names, [pages["pages"][name]["ratio"] for name in names], color=OURS)
    axes.axvline(1, color="grey", lw=0.8)
    axes.axvline(2, color=THEIRS, lw=1.2, ls="--", label="goal: at most 2")
    axes.tick_params(axis="y", labelsize=7)
    size = pages["size"]
    sized = f"{size['clients']} clients, {size['attempts']:,} rehearsals, {size['turns']:,} turns"
    finish(axes, f"Each page on a database of {sized}", "median, times that on an empty one", "")
    return figure


def finish(axes: Any, title: str, across: str, up: str) -> None:
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
