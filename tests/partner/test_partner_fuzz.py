"""Any sequence of replies, with any verdicts, leaves a sound talk."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import partner
from data.criteria import KEYS
from data.scenarios import list_scenes
from tests.partner.conftest import judge

SCENES = {scene.id: scene for scene in list_scenes() if scene.kind == "talk"}
REPLIES = st.one_of(
    st.text(max_size=120),
    st.text(st.characters(categories=["L", "P", "Zs", "Cs"]), max_size=20),  # lone surrogates too
    st.sampled_from(
        [
            "Stop.",
            "pause",
            "Shall we go on?",
            "ok",
            "no",
            "...",
            "I changed my mind",
            "Could we try a walk?",
            "I don't want that",
            "sorry",
            "why?",
        ]
    ),
)
KEY_SETS = st.sets(st.sampled_from([key for key in KEYS if key != "crisis"]), max_size=5)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    scene_id=st.sampled_from(sorted(SCENES)),
    level=st.sampled_from(["friendly", "guarded", "upset"]),
    seed=st.integers(0, 2**31 - 1),
    turns=st.lists(st.tuples(REPLIES, KEY_SETS), min_size=1, max_size=30),
)
def test_a_talk_stays_sound_whatever_is_said(scene_id, level, seed, turns):
    """Something is always said, nothing twice, the state is small JSON, and agreement never follows pressure."""
    scene = SCENES[scene_id]
    talk = partner.open_talk(scene, seed=seed, level=level)
    for reply, keys in turns:
        if talk.ending:
            break
        talk = partner.answer_reply(scene, talk.state, reply, judge(reply, " ".join(keys)) if reply else {})
        assert talk.lines
        assert all("{" not in line.text for line in talk.lines if line.who == "partner")
        assert not (talk.state["agreed"] and talk.state["pushes"])
        assert 0 <= talk.state["trust"] <= 19
    used = talk.state["used"]
    assert len(used) == len(set(used))
    assert len(json.dumps(talk.state)) < 16 * 1024
    assert json.loads(json.dumps(talk.state)) == talk.state
