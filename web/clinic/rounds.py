"""Which round of homework a day belongs to: without a rhythm there is one, with a rhythm a new one begins every so many days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_PLAN = timedelta(days=366)
"""How far ahead rounds are drawn when no last day was set."""


@dataclass(frozen=True)
class Round:
    """`first` and `last` day; `last` is None when nothing is due."""

    first: date
    last: date | None


def find_round(begins_on: date, due_on: date | None, every_days: int | None, today: date) -> Round:
    """The round of `today`; before the first it is the first, after the last the last: late work belongs to it."""
    if every_days is None:
        return Round(begins_on, due_on)
    number = max(0, (today - begins_on).days // every_days)
    if due_on is not None:
        number = min(number, max(0, (due_on - begins_on).days // every_days))
    first = begins_on + timedelta(days=number * every_days)
    last = first + timedelta(days=every_days - 1)
    return Round(first, last if due_on is None else min(last, due_on))


def list_due_days(begins_on: date, due_on: date | None, every_days: int | None) -> list[date]:
    """The last day of every round, first to last; without a rhythm the one day it is due, if any."""
    if every_days is None:
        return [] if due_on is None else [due_on]
    end = due_on if due_on is not None else begins_on + LONGEST_PLAN
    days = []
    first = begins_on
    while first <= end:
        days.append(min(first + timedelta(days=every_days - 1), end))
        first += timedelta(days=every_days)
    return days
