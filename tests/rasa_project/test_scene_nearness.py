"""Scenes found by meaning: the real scenes, wishes written from the catalogue, and things that have nothing to do with them."""

import numpy as np
import pytest
import yaml

from rasa_project.recipe import ROOT
from rasa_project.scene_nearness import SceneNearness, list_phrases
from rasa_project.sentence_encoder import SentenceEncoder

pytestmark = pytest.mark.slow

FLOOR = 0.85
"""Share of wishes whose scene is among the three nearest."""
NEAR_ENOUGH = 0.36  # the bar in actions/offer_actions.py; test_the_bar_is_the_same compares
NONSENSE = [
    "what's the weather tomorrow",
    "qwertz asdf",
    "write me a poem",
    "how much is 17 times 23",
    "who won the football game",
    "my printer is broken",
    "give me a recipe for lasagna",
    "12345",
]


def read_all(encoder, folder):
    """A SceneNearness that has finished reading."""
    nearness = SceneNearness(encoder, folder)
    nearness.wait_until_learnt()
    return nearness


@pytest.fixture(scope="module")
def encoder():
    return SentenceEncoder.load()


@pytest.fixture(scope="module")
def nearness(encoder):
    return read_all(encoder, ROOT / "data" / "scenarios")


def test_a_sentence_is_near_its_own_meaning(encoder):
    """A paraphrase without a shared word is nearer than an unrelated sentence; the vector has length 1."""
    one, like, unlike = (encoder.encode(text) for text in ("I need some time alone", "leave me by myself for a while", "the train is late"))
    assert one.shape == (384,) and abs(float(np.linalg.norm(one)) - 1) < 1e-5
    assert one @ like > 0.4 > one @ unlike


@pytest.mark.parametrize("text", ["", " ", "🙂", "\x00", "x" * 2000, "שלום עולם", "a " * 1000])
def test_any_text_has_a_vector(encoder, text):
    """Nothing that may be typed breaks the encoder."""
    assert np.isfinite(encoder.encode(text)).all()


def test_wishes_find_their_scene(encoder, nearness):
    """Among the scenes there are, most wishes have theirs among the three nearest."""
    wishes = yaml.safe_load((ROOT / "tests" / "actions" / "wishes.yml").read_text(encoding="utf-8"))
    there = {scene for scene, _ in list_phrases(ROOT / "data" / "scenarios")}
    found, first, told = 0, 0, 0
    for scene, wish in wishes:
        if scene in there:
            nearest = [each["scene"] for each in nearness.find_nearest(encoder.encode(wish))[:3]]
            found += scene in nearest
            first += scene == nearest[0]
            told += 1
            if scene not in nearest:
                print("  missed", scene, wish, nearest)
    print(f"\n{told} wishes, {len(there)} scenes: among three {found / told:.2f}, first {first / told:.2f}")
    assert found / told >= FLOOR


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_near_no_scene(encoder, nearness, text):
    """What has nothing to do with any scene stays below the bar."""
    assert nearness.find_nearest(encoder.encode(text))[0]["score"] < NEAR_ENOUGH


def test_the_bar_is_the_same():
    """Both rooms mean the same by "near"."""
    assert f"NEAR_ENOUGH = {NEAR_ENOUGH}\n" in (ROOT / "actions" / "offer_actions.py").read_text()


def test_a_broken_or_unfinished_scene_is_left_out(encoder, tmp_path):
    """Rasa starts all the same; the action server says what is wrong."""
    good = {"id": "X1", "title": "Dogs", "summary": "The dog in the bed.", "client_goal": "Say where it sleeps.", "asks_for": ["the dog"]}
    (tmp_path / "X1.yml").write_text(yaml.safe_dump(good))
    (tmp_path / "X2.yml").write_text("id: [")
    (tmp_path / "X3.yml").write_text("id: X3\n")
    (tmp_path / "X4.yml").write_bytes(b"\xff\xfe")
    (tmp_path / "_template.yml").write_text(yaml.safe_dump(good))
    near = read_all(encoder, tmp_path).find_nearest(encoder.encode("our dog sleeps in my bed"))
    assert [each["scene"] for each in near] == ["X1"] and near[0]["score"] > 0.4


def test_without_scenes_nothing_is_near(encoder, tmp_path):
    """An empty folder gives an empty list."""
    assert read_all(encoder, tmp_path).find_nearest(encoder.encode("hello")) == []
