"""Safety first: everything typed is looked at before it is stored or sent. The rules themselves are `web.safety`."""

from __future__ import annotations

from typing import Protocol


class Finding(Protocol):
    """`kind`: self_harm, being_hurt or harm_to_others. `tier` 1: stop and show help; 2: go on with a pointer to help."""

    @property
    def kind(self) -> str: ...

    @property
    def tier(self) -> int: ...


class Door(Protocol):
    def look_at(self, text: str) -> Finding | None: ...


MODEL_KIND = "unsure"
"""The kind of help shown when the model's crisis verdict spoke, which does not say which kind it is."""


def look_at_all(door: Door, texts: list[str]) -> Finding | None:
    """The gravest finding among several short texts."""
    findings = [finding for text in texts if text and (finding := door.look_at(text)) is not None]
    return min(findings, key=lambda finding: finding.tier, default=None)
