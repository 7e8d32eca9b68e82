"""The form of a piece of homework, read field by field as it was typed, so that it can be drawn again when something does not fit."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from web.clinic.homework_plan import MOST_ITEMS, Draft, DraftItem


def read_draft(form: MultiDict[str, str]) -> Draft:
    """What stands in the form; an item whose box "leave this out" is ticked is left out."""
    items = []
    for place in form.getlist("item")[: 2 * MOST_ITEMS]:
        if f"out-{place}" in form:
            continue
        items.append(
            DraftItem(
                kind=form.get(f"kind-{place}", ""),
                scene_id=form.get(f"scene-{place}", ""),
                level=form.get(f"level-{place}", ""),
                feedback_mode=form.get(f"feedback-{place}", "full"),
                check_kind=form.get(f"check-{place}", ""),
                attempts=form.get(f"attempts-{place}", "1"),
                skill=form.get(f"skill-{place}", ""),
                skill_count=form.get(f"count-{place}", "2"),
                item_id=form.get(f"id-{place}", ""),
            )
        )
    return Draft(
        items=tuple(items),
        opens_on=form.get("opens_on", ""),
        due_on=form.get("due_on", ""),
        every_days=form.get("every_days", ""),
        note=form.get("note", ""),
    )


def read_added(form: MultiDict[str, str]) -> tuple[list[str], list[str]]:
    """Scenes and drills chosen in the list "add one more", as `scene:S17` or `drill:paraphrase`."""
    chosen = [value.partition(":") for value in form.getlist("add") if value]
    return [name for kind, _, name in chosen if kind == "scene"], [name for kind, _, name in chosen if kind == "drill"]
