"""The groups of lines that a scene writes: which reply each answers, how many are needed, and which of the client's words it may use."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("friendly", "guarded", "upset")
BANDS = ("any", "open", "closed")


@dataclass(frozen=True)
class Group:
    """`slots`: the client's own words a line may use; `instead`: where to look when these lines are used up."""

    said_when: str
    least: int
    slots: frozenset[str] = frozenset()
    instead: str = "fallback"


def group(said_when: str, least: int, slots: str = "", instead: str = "fallback") -> Group:
    return Group(said_when, least, frozenset(slots.split()), instead)


GROUPS: dict[str, Group] = {
    # the client listens
    "heard": group("the client gave back what the partner said, and nothing further is left to tell", 3),
    "label_right": group("the client guessed the feeling underneath", 2, "guess", "heard"),
    "label_surface": group("the client named the feeling on the surface: true, but there is more", 1, "guess", "heard"),
    "label_also": group(
        "guessed a feeling that is there too, but is not the main one: true, and not all of it", 0, "guess", "label_surface"
    ),
    "label_wrong": group("the client guessed a feeling the partner does not have: a correction without reproach", 2, "guess"),
    "need_right": group("the client named what the partner needs", 1, "", "heard"),
    "validated": group("the client said that the feeling, limit or view makes sense", 2, "", "heard"),
    "thanked": group("the client thanked the partner", 1, "", "validated"),
    # the client asks
    "asked_feeling": group("asked how the partner feels or what it is like", 2),
    "asked_need": group("asked what the partner needs or would like", 2, "", "asked_generic"),
    "asked_why": group("asked why", 1, "", "asked_generic"),
    "asked_us": group("asked whether the two are all right, or whether the partner is angry", 1, "", "asked_generic"),
    "asked_change": group("asked what would help or what could be done", 0, "", "asked_need"),
    "asked_generic": group("asked something this scene has no answer to: a true answer that stays in character", 3),
    "asked_sure": group("asked whether the partner means it", 0, "", "asked_us"),
    "asked_details": group("asked when, where or how, about a step that was agreed", 0, "", "asked_generic"),
    "checked_in": group("asked whether now is a good time, or whether this is still all right", 2),
    "room_given": group("said that no is fine, or that either may change their mind", 1, "", "validated"),
    # the client speaks for themselves
    "shared_feeling": group("named their own feeling", 2, "feeling", "shared_self"),
    "shared_warm": group("named a warm feeling of their own (glad, relieved, touched, close)", 0, "feeling", "shared_self"),
    "shared_fear": group("named a fear of what the partner might think, feel or do", 0, "feeling", "shared_feeling"),
    "shared_need": group("named their own need", 2, "need", "shared_self"),
    "shared_self": group("spoke for themselves: a want, a worry, a value", 3),
    "observed": group("named what happened, without blame", 1, "", "shared_self"),
    "plain": group("said something else that belongs here", 3),
    "recalls": group("said little; the partner brings back something the client said earlier", 0, "step limit need feeling", "plain"),
    # steps and limits
    "step_hesitate": group("proposed a step before the partner felt heard: not yet, and why", 2, "step"),
    "step_agree": group("proposed a step and the partner is ready: yes, in words that show what was agreed", 2, "step"),
    "step_decline": group("proposed a step and the partner is closed, or declines for a reason of their own", 2, "step", "step_hesitate"),
    "step_after_pressure": group("proposed a step after pushing: nothing is agreed today, kindly", 1, "", "step_decline"),
    "offer_taken": group("accepted the partner's own counter-proposal", 0, "offer", "step_agree"),
    "offer_left": group("declined the partner's counter-proposal", 0, "offer", "client_no"),
    "settled": group("said something after a step was agreed: looks forward, adds a small thing", 2, "step", "client_yes"),
    "reviewed": group("named a day to look at it again", 0, "step", "settled"),
    "limit_accept": group("set a clear limit: taken in and kept", 2, "limit"),
    "limit_test": group("set a limit: the partner tests it once, politely, the way this scene wants practised", 0, "limit", "limit_accept"),
    "limit_held": group("held the limit after the test: the partner stops testing", 0, "limit", "limit_accept"),
    "limit_dropped": group("gave up the limit at the first test: the partner does not take it", 0, "limit", "plain"),
    "taken_back": group("changed their mind about something agreed: accepted without reproach", 1, "step"),
    "no_accepted": group("accepted the partner's no", 2, "", "validated"),
    # repair and harm
    "repaired": group("owned what they did and what it did to the partner", 2, "", "sorry"),
    "sorry": group("said sorry, no more", 1),
    "sorry_but": group("said sorry and took it back with 'but' or 'if'", 1, "", "blamed"),
    "blamed": group("accused, labelled or mocked: the partner defends", 4),
    "absolutes": group("said always or never about the partner", 1, "", "blamed"),
    "faux_feeling": group("passed a judgement off as a feeling (used, attacked, ignored)", 1, "", "blamed"),
    "demanded": group("ordered, or left no room for no", 2, "", "blamed"),
    "advised": group("advised, minimised or lectured instead of listening", 2, "", "blamed"),
    "pressured": group("pushed for the first time: the partner sets a limit of their own", 2, "", "pressured_again"),
    "pressured_again": group("pushed again: the partner closes", 1),
    "withdraws": group("kept pushing or attacking: the partner leaves the talk, without threat or insult", 2),
    "hostile": group("insulted or swore at the partner", 2, "", "blamed"),
    # what people also say
    "client_yes": group("only said yes, okay, sure", 2),
    "client_no": group("only said no", 1),
    "uncertain": group("said they do not know yet", 1),
    "understood": group("said that the partner has understood them (“exactly”, “yes, that's it”)", 0, "", "client_yes"),
    "corrected": group("said that the partner has got them wrong (“no, I meant …”)", 0, "", "plain"),
    "offered_now": group("offered something small for this moment: a seat, tea, a walk, a hug", 0, "", "plain"),
    "silence": group("sent only dots, or went silent", 3),
    "one_word": group("one word that says little", 1, "", "silence"),
    "very_long": group("said very much at once (comes before the answer)", 1),
    "repeated": group("said the same words again", 1, "", "one_word"),
    "off_topic": group("spoke of something else", 2),
    "confused": group("did not understand", 1),
    "flirting": group("flirted, or turned it into a joke of that kind", 1, "", "off_topic"),
    "joked": group("laughed or joked", 0, "", "off_topic"),
    "greeted": group("said hello", 0, "", "plain"),
    "later": group("proposed to talk another time", 1),
    "leaving": group("walked off without saying when they are back", 0, "", "later"),
    # pause, stop, close
    "stopped": group("said stop: honoured at once, in a few words, no question why", 1),
    "paused": group("asked for a pause", 1, "", "stopped"),
    "timed_out": group("asked for a time-out with a time to return", 0, "minutes", "paused"),
    "resumed": group("asked whether to go on: yes, and where the talk stood", 1),
    "not_yet": group("asked whether to go on and the partner would rather leave it today", 0, "", "closing"),
    "closing": group("closes the talk kindly when nothing new is left to say today", 2),
    "reassured": group("said something warm, or took a fear away: nobody is angry, laughing, leaving", 0, "", "validated"),
    "fallback": group("anything at all, when other lines are used up: short, true of this partner, moves the talk on", 8),
}

TOPIC_SLOTS: dict[str, frozenset[str]] = {
    "asked": frozenset(),
    "told": frozenset({"feeling", "need"}),
    "agree": frozenset({"step"}),
    "hesitate": frozenset({"step"}),
    "decline": frozenset({"step"}),
}
"""Slots that lines of a topic may use."""

SLOTS: dict[str, str] = {
    "step": "the step the client proposed, as a phrase in the partner's mouth: 'text you before you come home'",
    "limit": "the limit the client set, in the partner's mouth: 'you don't want phones in the bedroom'",
    "feeling": "the client's own feeling word: 'worn out'",
    "need": "what the client said they need: 'some quiet', 'time to yourself'",
    "guess": "the feeling the client guessed: 'jealous'",
    "offer": "the partner's own counter-proposal in a few words",
    "minutes": "the time-out's length, with the unit: '20 minutes'",
}
