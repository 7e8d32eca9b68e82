"""Scenes that a clinic wrote reach the actions as files, by id and version; a missing one is told, and nothing else breaks."""

from __future__ import annotations

import dataclasses
import json
import logging
import os

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import partner
from actions.action_list import build_actions
from actions.clinic_scenes import MOST_KEPT, ClinicScenes
from data.faults import ContentError
from data.scenarios.clinic_file import SceneAway, check_clinic_scene, digest_of, is_clinic_id, name_file
from data.scenarios.reader import HERE


def write_clinic_scene(*, scene_id: str = "C01", version: int = 1, title: str = "An evening of my own") -> str:
    """S17 as a scene of the clinic."""
    text = (HERE / "S17.yml").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    fresh = {"id": scene_id, "version": version, "title": title}
    for number, line in enumerate(lines):
        key = line.split(":")[0]
        if key in fresh:
            lines[number] = f"{key}: {fresh.pop(key)}\n"
    return "".join(lines)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "C01.v1.yml").write_text(write_clinic_scene(), encoding="utf-8")
    (tmp_path / "C01.v2.yml").write_text(write_clinic_scene(version=2, title="An evening, second version"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(equipment, folder):
    equipment = dataclasses.replace(equipment, partner=partner, clinic_scenes=ClinicScenes(folder))
    actions = {action.name(): action for action in build_actions(equipment)}

    def run_action(name, state=None, *, text="", command=None, argument=None):
        incoming = {"message_id": "m1", "kind": "speech" if text else "command", "command": command, "argument": argument, "text": text}
        slots = {"incoming": incoming, "state": json.dumps(state or {})}
        tracker = Tracker("t", slots, {"intent": {"name": "speech"}}, [], False, None, {}, "action_listen")
        return json.loads(actions[name].run(CollectingDispatcher(), tracker, {})[0]["value"])

    return run_action


def start(run, **argument):
    chosen = {"scene": "C01", "version": 1, "level": "guarded", "seed": 7, "feedback": "full", **argument}
    return run("action_open_scene", command="start", argument=chosen)


def test_a_scene_of_the_clinic_plays_like_any_other(run):
    """From the briefing through a reply to the stop, on the real partner and the file that the web laid."""
    state = start(run)["state"]
    assert (state["scene"], state["version"], state["phase"]) == ("C01", 1, "briefing")
    answer = run("action_begin_scene", state, command="begin")
    assert answer["phase"] == "scene" and answer["lines"][0]["text"]
    answer = run("action_answer_reply", answer["state"], text="I FEELING am tired and would like an evening alone.")
    assert answer["phase"] == "scene" and answer["state"]["version"] == 1
    assert run("action_stop_scene", answer["state"], command="stop")["phase"] == "guess"


def test_a_running_attempt_keeps_its_version(run, folder):
    """The state names the version, so that version answers to the end, whatever was published since."""
    old = run("action_begin_scene", start(run)["state"], command="begin")["state"]
    new = run("action_begin_scene", start(run, version=2)["state"], command="begin")["state"]
    (folder / "C01.v2.yml").unlink()
    assert run("action_answer_reply", old, text="Okay.")["phase"] == "scene"
    assert run("action_answer_reply", new, text="Okay.")["refused"]["status"] == 502


def test_a_missing_file_is_refused_so_that_nothing_is_lost(run, folder, caplog):
    """502 means: keep the message and send it again; the log names the file and the remedy."""
    (folder / "C01.v1.yml").unlink()
    with caplog.at_level(logging.ERROR):
        refused = start(run)["refused"]
    assert refused == {"status": 502, "error": "The file of this scene is not on this machine; the message can be sent again once it is."}
    assert "C01.v1.yml" in caplog.text and "shared" in caplog.text


@pytest.mark.parametrize("argument", [{"version": None}, {"version": "1"}, {"version": True}, {"version": -1}, {"draft": ["x"]}])
def test_nonsense_instead_of_a_version_is_refused(run, argument):
    """A version that is none, or a draft that is no text, never becomes a path."""
    assert start(run, **argument)["refused"]["status"] in (422, 502)


@pytest.mark.parametrize("draft", ["../../secrets/x", "0" * 15, "G" * 16, "a" * 16 + "/.."])
def test_a_draft_is_named_by_its_digest_only(run, draft):
    """What is no digest opens no file."""
    assert start(run, draft=draft)["refused"]["status"] == 502


def test_a_draft_plays_beside_the_published_version(run, folder):
    """A preview asks for the draft by its content; its state goes on with that very text."""
    text = write_clinic_scene(version=3, title="A draft")
    (folder / name_file("C01", 3, digest_of(text))).write_text(text, encoding="utf-8")
    state = start(run, version=3, draft=digest_of(text))["state"]
    assert state["draft"] == digest_of(text)
    assert run("action_begin_scene", state, command="begin")["phase"] == "scene"


def test_a_faulty_file_is_refused(run, folder):
    """A file that somebody changed by hand into nonsense opens no talk."""
    (folder / "C01.v1.yml").write_text("id: C01\nversion: 1\n", encoding="utf-8")
    assert start(run)["refused"]["status"] == 409


def test_a_file_is_read_again_only_when_it_changed(folder, monkeypatch):
    """Kept by its time and size: two readings are one, a new file is read anew, and no more than a handful is kept."""
    read = []
    from actions import clinic_scenes

    real = clinic_scenes.read_clinic_scene
    monkeypatch.setattr(clinic_scenes, "read_clinic_scene", lambda *given: read.append(given) or real(*given))
    scenes = ClinicScenes(folder)
    assert scenes.load("C01", 1) is scenes.load("C01", 1) and len(read) == 1
    path = folder / "C01.v1.yml"
    path.write_text(write_clinic_scene(title="Another title"), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert scenes.load("C01", 1).title == "Another title" and len(read) == 2
    assert MOST_KEPT >= 8


def test_the_file_must_hold_what_its_name_says(folder):
    """A file of another version or another scene is a fault, with a place."""
    (folder / "C01.v7.yml").write_text(write_clinic_scene(version=2), encoding="utf-8")
    (folder / "C02.v1.yml").write_text(write_clinic_scene(), encoding="utf-8")
    for scene_id, version, key in (("C01", 7, "version"), ("C02", 1, "id")):
        with pytest.raises(ContentError) as told:
            ClinicScenes(folder).load(scene_id, version)
        assert told.value.key == key and told.value.line > 1
    with pytest.raises(SceneAway):
        ClinicScenes(folder).load("C09", 1)


def test_a_scene_in_another_language_is_read_under_its_own_name():
    """`locale: de` is no fault of the name: the export of such a scene is called C01.de.yml."""
    text = write_clinic_scene().replace("locale: en", "locale: de")
    assert check_clinic_scene(text, "C01", 1)[1] == []


def test_only_c_and_digits_is_an_id_of_the_clinic():
    """No path, no other letter, no number from afar."""
    assert is_clinic_id("C01") and is_clinic_id("C12345")
    assert not [each for each in ("C1", "S17", "C01/..", "c01", "C٠١", 1, None, "C01\n") if is_clinic_id(each)]


def test_an_age_under_18_is_a_fault_wherever_it_stands():
    """All characters are adults: an age in the setting is found as well as the partner's own."""
    told = write_clinic_scene().replace("The dishes are done", "Her sister, fifteen years old, sleeps next door; the dishes are done")
    told = told.replace("the dishes are done", "a sixteen-year-old is in the next room", 1)
    faults = check_clinic_scene(told, "C01", 1)[1]
    assert [(fault.key, "under 18" in fault.problem) for fault in faults] == [("setting", True)]
    young = write_clinic_scene().replace("age: 32", "age: 17")
    assert [fault.key for fault in check_clinic_scene(young, "C01", 1)[1]] == ["partner.age"]
