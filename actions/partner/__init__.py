"""The partner: a scene, its state and a judged reply in; the partner's next line and the new state out.

Pure: no Rasa, no clock, no chance but the seed.
"""

from actions.partner.answer_reply import answer_reply
from actions.partner.controls import give_hint, open_talk, pause, repeat_line, resume, reveal, stop, take_guess, time_out
from actions.partner.meaning import read_ahead
from actions.partner.talk import Line, Moved, Reached, Talk

__all__ = [
    "Line",
    "Moved",
    "Reached",
    "Talk",
    "answer_reply",
    "give_hint",
    "open_talk",
    "pause",
    "read_ahead",
    "repeat_line",
    "resume",
    "reveal",
    "stop",
    "take_guess",
    "time_out",
]
