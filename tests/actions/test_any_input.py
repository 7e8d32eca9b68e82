"""Whatever comes in: the channel's reader refuses or accepts, and an action always gives exactly one answer (Hypothesis)."""

import json
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.action_list import ACTIONS
from rasa_project.incoming_message import COMMANDS, PHASES, Refusal, read_message

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

ARGUMENTS = ["scene", "seed", "level", "minutes", "feeling", "due", "feedback"]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
talk = st.fixed_dictionaries({"turn": st.integers(0, 9), "last_line": st.text(max_size=30)})
progress = st.fixed_dictionaries(
    {},
    optional={
        "skill": st.sampled_from(["paraphrase", "i_statement", "x"]),
        "left": st.lists(st.sampled_from(["p01", "p02", "i01", "zz"]), max_size=3) | anything,
        "lines": st.integers(0, 9) | anything,
        "done": st.lists(st.text(max_size=4), max_size=3) | anything,
        "missed": st.lists(st.text(max_size=4), max_size=3) | anything,
        "again": st.lists(st.text(max_size=4), max_size=3) | anything,
    },
)
states = st.fixed_dictionaries(
    {"phase": st.sampled_from(PHASES)},
    optional={
        "step": st.none() | st.sampled_from(["offered", "drill_paraphrase", "drill_i_statement", "odd"]),
        "scene": st.sampled_from(["S17", "S99"]) | anything,
        "talk": talk | anything,
        "drill": progress | anything,
        "feedback": st.sampled_from(["full", "line", "none"]),
        "seed": st.integers(0, 9) | anything,
        "level": st.sampled_from(["friendly", "upset"]) | anything,
        "offered": st.lists(st.sampled_from(["S17", "S08", "nope"])) | anything,
        "refused": anything,
        "asked": anything,
    },
)


@QUICK
@given(body=st.binary(max_size=300) | anything.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused(body):
    """Never another exception than Refusal, and never a status outside the contract."""
    status = 200
    try:
        read_message(body)
    except Refusal as refusal:
        status = refusal.status
    assert status in (200, 400, 413, 422)


@QUICK
@given(
    content=st.fixed_dictionaries(
        {"message_id": st.just("m"), "kind": st.sampled_from(["speech", "command"])},
        optional={
            "command": st.sampled_from(COMMANDS) | anything,
            "text": st.text(max_size=3000) | anything,
            "argument": anything,
            "state": states,
        },
    )
)
def test_what_is_accepted_is_what_was_sent(content):
    """A message that is accepted carries its words and its state unchanged."""
    try:
        message = read_message(json.dumps(content).encode())
    except Refusal:
        return
    assert message.text == content.get("text") and message.state == (content.get("state") or {})
    assert message.phase in PHASES


@settings(QUICK, max_examples=40)
@given(data=st.data())
@pytest.mark.parametrize("kind", ACTIONS, ids=lambda kind: kind.called)
def test_an_action_always_answers(equipment, kind, data):
    """Any state, argument and text: one answer slot, which is an answer or a refusal; nothing is raised."""
    logging.disable(logging.CRITICAL)
    try:
        action = kind(equipment)
        incoming = {
            "message_id": "m",
            "kind": "speech",
            "command": None,
            "argument": data.draw(st.dictionaries(st.sampled_from(ARGUMENTS), anything)),
            "text": data.draw(st.text(max_size=60)),
        }
        slots = {"incoming": incoming, "state": json.dumps(data.draw(states))}
        intent = {"name": data.draw(st.sampled_from(["speech", "thank", "ask_skill_need"])), "confidence": data.draw(st.floats(0, 1))}
        tracker = Tracker("t", slots, {"intent": intent}, [], False, None, {}, "action_listen")
        events = action.run(CollectingDispatcher(), tracker, {})
    finally:
        logging.disable(logging.NOTSET)
    assert [event["name"] for event in events] == ["answer"]
    answer = json.loads(events[0]["value"])
    if "refused" in answer:
        assert answer["refused"]["status"] in (400, 409, 422, 502)
    else:
        assert answer["phase"] in PHASES and answer["state"]["phase"] == answer["phase"]
