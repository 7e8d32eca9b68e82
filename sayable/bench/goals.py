"""What the measured figures must come to (issue 6), and whether they do."""

from typing import Any

MORE_STATEMENTS = 2
"""A query per row would be dozens; one or two come from what the nearly empty database has none of, such as finished homework."""


def list_goals(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Each goal that `found` has figures for: what, figure, limit, whether it is met, and against which recipe of the stock bot."""
    goals: list[dict[str, Any]] = []
    for recipe, turns in found.get("turns", {}).items():
        at = turns["at"]
        if "5" in at:
            add(goals, "a whole turn at turn 5, times the stock echo", at["5"]["ratio"], 1.0, recipe)
        if "150" in at:
            add(goals, "a whole turn at turn 150, times the stock echo", at["150"]["ratio"], 0.1, recipe)
        if "late_to_early" in turns:
            add(goals, "turn 200, times turn 5", turns["late_to_early"]["sayable"], 1.1, recipe)
        add(goals, "accepted replies missing after the talks", turns["missing"], 0, recipe)
    for recipe, load in found.get("load", {}).items():
        both = load["by_people"].get("50")
        if both:
            add(goals, "replies lost with 50 people at once", both["sayable"]["lost"], 0, recipe)
            add(goals, "p99 with 50 people at once, times the stock bot's", both["ratio"]["p99"], 1.0, recipe)
            add(goals, "throughput with 50 people at once, times the stock bot's", both["ratio"]["throughput"], 1.5, recipe, at_least=True)
    for recipe, start in found.get("start", {}).items():
        add(goals, "ready after start, times bare `rasa run`", start["start_ratio"], 1.3, recipe)
        add(goals, "memory of all processes (RSS), times bare Rasa's", start["memory_ratio"]["rss"], 1.8, recipe)
    pages = found.get("pages")
    if pages:
        name, worst = max(pages["pages"].items(), key=lambda each: each[1]["ratio"])
        add(goals, f"slowest page against the empty database ({name})", worst["ratio"], 2.0)
        more = max(page["statements"]["big"] - page["statements"]["empty"] for page in pages["pages"].values())
        add(goals, "SQL statements that any page sends more to the large database", more, MORE_STATEMENTS)
        over = [name for name, page in pages["pages"].items() if page["ratio"] > 2.0]
        add(goals, f"pages over 2 times the empty database, of {len(pages['pages'])}", len(over), 0)
    return goals


def add(goals: list[dict[str, Any]], what: str, figure: float, limit: float, recipe: str = "", *, at_least: bool = False) -> None:
    met = figure >= limit if at_least else figure <= limit
    goals.append({"what": what, "stock": recipe, "figure": figure, "limit": limit, "at_least": at_least, "met": met})


def tell_goals(goals: list[dict[str, Any]]) -> list[str]:
    """One line for each goal, for the terminal."""
    lines = []
    for goal in goals:
        bound = f"at {'least' if goal['at_least'] else 'most'} {goal['limit']:g}"
        against = f" [stock, {goal['stock']} recipe]" if goal["stock"] else ""
        lines.append(f"{'met   ' if goal['met'] else 'MISSED'}  {goal['what']}: {goal['figure']:g} ({bound}){against}")
    return lines


def reckon_capacity(load: dict[str, Any], seconds_between_replies: float = 30.0) -> dict[str, Any]:
    """People one such machine carries, reckoned from the highest measured throughput: each sends a reply every so many seconds.

    `people_at_half_load` leaves the other half for bursts and for pages.
    """
    best = max(both["sayable"]["per_second"] for both in load["by_people"].values())
    people = best * seconds_between_replies
    return {
        "reckoned_from": "highest measured replies per second",
        "replies_per_second": best,
        "seconds_between_replies": seconds_between_replies,
        "people_at_full_load": int(people),
        "people_at_half_load": int(people / 2),
    }
