"""What to show when safety speaks, and when the client says "that's not what I meant": once per attempt, without argument.

The record says only how often each thing happened in an attempt; it holds no words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from web.safety.rules import Finding

Showing = Literal["nothing", "footer", "panel", "link"]
"""`panel`: help stays on screen and the exercise is paused. `link`: help has folded to a link; the exercise waits for *resume*."""


@dataclass(frozen=True)
class HelpRecord:
    """What help one attempt has had: what is `showing` now, whether it was `taken_back` once, whether the one footer was `footed`."""

    showing: Showing = "nothing"
    taken_back: bool = False
    footed: bool = False

    @property
    def may_take_back(self) -> bool:
        """Whether "that's not what I meant" is offered."""
        return self.showing == "panel" and not self.taken_back


def note_finding(record: HelpRecord, finding: Finding | None) -> HelpRecord:
    """The record after safety looked at a text. Tier 1 always shows the panel, again too; Tier 2 gives one footer per attempt."""
    if finding is not None and finding.tier == 1:
        return replace(record, showing="panel")
    if record.showing in ("panel", "link"):
        return record
    if finding is not None and not record.footed:
        return replace(record, showing="footer", footed=True)
    return replace(record, showing="nothing")


def take_back(record: HelpRecord) -> HelpRecord:
    """The client did not mean it that way: believed the first time; the panel folds to a link. Changes nothing the second time."""
    if not record.may_take_back:
        return record
    return replace(record, showing="link", taken_back=True)


def resume(record: HelpRecord) -> HelpRecord:
    """Only the client makes the exercise go on, from the link or from the panel."""
    return replace(record, showing="nothing")
