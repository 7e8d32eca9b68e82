"""The capacity section of docs/OPERATING.md: what was measured with one and two of each process, and what is reckoned from it."""

from typing import Any

from sayable.bench.tables import make_table, tell_capacity, tell_how, tell_spread


def write_capacity(found: dict[str, Any]) -> str:
    """Everything between the two marks of docs/OPERATING.md."""
    parts = ["**Measured**: one of each process against two of each.", tell_grown(found["grown"]), tell_how(found, "grown")]
    parts.append(f"**{tell_capacity(found['capacity']).replace(':', '**:', 1)}")
    return "\n\n".join(parts)


def tell_grown(grown: dict[str, Any]) -> str:
    """One of each process against two of each, both behind nginx on PostgreSQL."""
    rows = []
    for people, both in grown["by_people"].items():
        one, two = both["one"], both["two"]
        rows.append(
            [
                people,
                *(f"{each['per_second']:.1f} ({min(rounds):.1f}–{max(rounds):.1f})" for each, rounds in list_rounds(both)),
                f"{both['ratio']['throughput']:.2f}",
                *(" / ".join(tell_spread(each)) for each in (one, two)),
                f"{one['lost']} / {two['lost']}",
                f"{one['server_ms_per_reply']:.0f} / {two['server_ms_per_reply']:.0f}",
            ]
        )
    heads = ["people", "one of each, replies/s (slowest–quickest round)", "two of each", "ratio", "one: median / p95 / p99 ms"]
    told = make_table([*heads, "two: median / p95 / p99 ms", "lost, one / two", "processor ms a reply, one / two"], rows)
    return f"{told}\nEach: {grown['rounds']} rounds in turns, {grown['replies_each']} replies a person in each, nobody pausing for thought."


def list_rounds(both: dict[str, Any]) -> list[tuple[dict[str, Any], list[float]]]:
    return [(both[name], both["by_round"][name]) for name in ("one", "two")]
