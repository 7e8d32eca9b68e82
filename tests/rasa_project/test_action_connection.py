"""Rasa speaks to the action server over a connection that stays, and one that was closed costs no reply."""

import socket

import pytest

pytestmark = pytest.mark.slow


def test_replies_share_a_connection(channel, action_server, speak):
    """Ten replies one after the other need no new connection after the first."""
    channel(speak("Hm.", "scene"))
    before = len(action_server.connections)
    for _ in range(10):
        assert channel(speak("Hm.", "scene"))[0] == 200
    assert len(action_server.connections) == before


def test_a_connection_that_was_closed_costs_no_reply(channel, action_server, speak):
    """The action server was started again since the last reply: the next one is answered all the same."""
    assert channel(speak("Hm.", "scene"))[0] == 200
    for connection in action_server.connections:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
    assert channel(speak("Hm.", "scene"))[0] == 200


def test_a_connection_closed_in_the_middle_of_a_call_is_tried_once_more(channel, action_server, speak):
    """The call that the old process took down with it is made again, and the reply is answered."""
    fallen = []

    def fall_once(call):
        if not fallen:
            fallen.append(1)
            action_server.connections[-1].shutdown(socket.SHUT_RDWR)
        return action_server.say_who_ran(call)

    channel(speak("Hm.", "scene"))
    action_server.behave = fall_once
    assert channel(speak("Hm.", "scene"))[1]["ran"] == "action_answer_reply"
    assert fallen


def test_the_domain_is_not_sent_along(channel, action_server, speak):
    """A call holds the message and its state, not the whole domain."""
    channel(speak("Hm.", "scene"))
    assert "domain" not in action_server.calls[-1]
