"""The help panel as a shape, from the clinic's help book (`data.safety.help`)."""

from __future__ import annotations

from data.safety.help import HelpBook, HelpKind
from web.rehearsal.shapes import HelpShape, ResourceShape


def draw_help(book: HelpBook, kind: str, *, folded: bool = False, may_take_back: bool = False) -> HelpShape:
    """The panel of `kind`: what it says, where people can turn, who is told."""
    known: HelpKind = kind if kind in book.panels else "unsure"
    panel = book.panels[known]
    notes = (book.wording.safe_device,) if known == "being_hurt" else ()
    resources = []
    for resource in book.find_resources(known):
        about = " · ".join(part for part in (resource.hours, ", ".join(resource.languages)) if part)
        resources.append(ResourceShape(name=resource.name, about=about, phone=resource.phone, text=resource.text, address=resource.url))
    return HelpShape(
        kind=known,
        folded=folded,
        may_take_back=may_take_back,
        title=panel.title,
        paragraphs=panel.paragraphs + notes,
        resources=tuple(resources),
        who_is_told=book.who_is_told.nobody,
    )
