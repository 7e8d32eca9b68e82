"""The refusals of accounts, homework and scenes are one family: each has a sentence and a code of its own."""

from __future__ import annotations

import importlib

from flask_babel import force_locale

from web.access.refusals import Refused, RefusedAsItStands

MODULES = ("web.access.refusals", "web.clinic.homework_faults", "web.clinic.scene_refusals")


def list_refusals() -> list[type[Refused]]:
    found = {one for name in MODULES for one in vars(importlib.import_module(name)).values() if isinstance(one, type)}
    return [one for one in found if issubclass(one, Refused) and one not in (Refused, RefusedAsItStands)]


def test_each_refusal_has_a_code_and_a_sentence_of_its_own(app):
    """No two refusals say the same or bear the same code, so that each is written once."""
    refusals = list_refusals()
    with app.test_request_context(), force_locale("en"):
        sentences = [str(one.sentence) for one in refusals]
    assert len(refusals) > 45
    assert len(set(sentences)) == len(refusals) and str(Refused.sentence) not in sentences
    assert len({one.code for one in refusals}) == len(refusals) and "refused" not in {one.code for one in refusals}


def test_the_code_is_the_name_of_the_class():
    """A caller can tell the code from the class without looking it up."""
    codes = {one.__name__: one.code for one in list_refusals()}
    assert codes["NameTaken"] == "name_taken"
    assert codes["NotAScene"] == "not_a_scene"
    assert codes["ThereIsADraft"] == "there_is_a_draft"


def test_what_cannot_be_done_as_things_stand_is_a_conflict():
    """Refusals about the present state answer 409, those about what was typed 422, too many tries 429."""
    statuses = {one.__name__: one.status for one in list_refusals()}
    assert statuses["LastOfTheirKind"] == statuses["GoalNotShared"] == statuses["ChangedMeanwhile"] == 409
    assert statuses["NoName"] == statuses["BadDay"] == statuses["NoFile"] == 422
    assert statuses["TooManyTries"] == 429
