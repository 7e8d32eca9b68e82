"""What weighs most in a reply: stop, harm, limit, repair, listening, question, proposal, sharing, and the rest, in this order."""

from __future__ import annotations

import re

from actions.partner.partner_state import State
from actions.partner.read_reply import Reading
from data.scenarios import Scene

HALTS = ("stop", "time_out", "pause")
HARMS = ("hostile", "pressure", "blame", "demand", "sorry_but", "absolutes", "faux_feeling", "roadblock", "punishes_no")
LISTENS = ("paraphrase", "emotion_label", "validation")
SHARES = ("feeling", "need", "i_statement", "observation", "disclosure")
EMPTY = ("silence", "one_word", "off_topic", "repeated", "joking", "flirting", "confused", "greeting")
HARM_POINTS = {
    "hostile": -6,
    "pressure": -5,
    "blame": -4,
    "demand": -3,
    "sorry_but": -2,
    "absolutes": -2,
    "faux_feeling": -2,
    "roadblock": -3,
    "punishes_no": -4,
}
LISTENING_DEEDS = {"paraphrase", "emotion_label", "validation", "accepts_no"}
PUTS_OFF = re.compile(r"(?:i |you )?(?:talk|leave|come back|pick|sleep|continue|return|finish|discuss|go on|do (?:this|it)|think|wait)\b")
SPEAKS_NOW = re.compile(
    r"(?:you |we )?(?:just |please |quickly |maybe )?"
    r"(?:talk|bear with|hear me|let me|explain|"
    r"(?:ask|say|tell|bring)(?: me| you)? (?:up )?(?:something|one thing|a thing|a question|this|that|it))\b",
    re.I,
)
NAMES_A_TIME = re.compile(
    r"\b(?:tonight|tomorrow|today|after|every|each|once|daily|weekly|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mornings?|evenings?|nights?"
    r"|minutes|hours?|o'clock|at \w+|before bed|when|whenever|if|first)\b",
    re.I,
)
TALKED_ABOUT = re.compile(
    r"\babout (?:what (?:happened|(?:you|i|we) said) )?(?:last |this |that |the |our |on )?[\w']+(?: night| morning| evening)?\b", re.I
)
"""In "talk about tonight" the evening is what is talked about, not when."""
SHORT = 10  # words; "I don't know" in a longer reply is not all there is to it
BARE = 6  # words; a longer reply that begins with "yes." says more than yes
MOST_PROPOSALS = 3  # that open the partner; asking again and again does not
STEADY = {"friendly": 4, "guarded": 3, "upset": 2}  # points for a strong deed


def find_harm(state: State, reading: Reading) -> str | None:
    """The heaviest harm in a reply, if any. A limit is never a harm, and neither is a bare refusal."""
    for harm in HARMS:
        if not reading.did(harm) or harm in reading.doubtful:
            continue
        if harm == "demand" and reading.did("boundary", "request"):
            continue
        if harm == "punishes_no" and not (state["no_open"] or reading.did("roadblock", "blame")):
            continue
        if harm == "sorry_but" and reading.did("repair"):
            continue
        if harm in ("blame", "absolutes", "demand", "roadblock", "faux_feeling") and owns_it(reading):
            continue  # "I'm sorry I said you never listen": the fault is quoted to be owned
        return harm
    return None


def weigh(scene: Scene, state: State, reading: Reading) -> str:
    """The name of what is answered first."""
    did = reading.did
    for halt in HALTS:
        if did(halt):
            return halt
    if did("meta"):
        return "meta"
    harm = find_harm(state, reading)
    if did("second_ask") and scene.partner.says_no and not did("boundary", "repair", "paraphrase", "emotion_label", "sorry"):
        return "pressure"
    if harm:
        return harm
    if did("softens") and state["harms"] and not did("repair") and not owns_it(reading):
        return "softens"
    if did("takes_back") and (state["agreed"] or state["steps"] or (state["limits"] and not did("boundary", "refusal"))):
        return "takes_back"
    if state["testing"]:
        if did("boundary", "holds_limit", "refusal"):
            return "holds_limit"
        if did("caves") or (did("assent") and not did("request")):
            return "caves"
    if did("repeated") and not did("boundary", "silence"):
        return "repeated"
    took_no = did("accepts_no", "validation", "assent") and not reading.pressed
    if state["no_open"] and took_no and not did("firm_limit", "second_ask", "repair"):
        return "accepts_no"
    if did("enough_tonight"):
        return "later"
    if (did("boundary") and is_firm(reading)) or did("not_tonight") or keeps_what_the_scene_tests(scene, state, reading):
        return "boundary"
    if did("repair") or owns_it(reading):
        return "repair"
    if did("leaving") and not reading.asked:
        return "leaving"
    if state["offer"] is not None:
        at_once = state["turn"] - state["offered"] <= 1  # later, "good" answers what was said since
        if (did("assent") and at_once) or (did("accepts_no", "accepts_offer") and not did("request")):
            return "takes_offer"
        if did("refusal"):
            return "leaves_offer"
    if did("starts_over") and not reading.asked:
        return "starts_over"
    if did("resume"):
        return "consent_check"
    if state["agreed"] and did("review_point"):
        return "review_point"
    if did("later") and not did("boundary") and not is_another_step(reading):
        return "later"
    if state["agreed"] and did("confirms", "restates_term") and not did("request"):
        return "confirms"
    step = reading.slots.get("step", "")
    for_now = did("offers_now") and not re.search(r"\binstead\b", step) and not NAMES_A_TIME.search(step)
    if for_now and not did("need", "repair", "boundary", *LISTENS, "reassures") and has_lines(scene, "offered_now"):
        return "offers_now"
    if did("request") and did("check_in") and is_only_talk(step):
        return "consent_check"
    if did("request"):
        return "request"
    if did("emotion_label") and reading.guess is None and reading.asked and not did("paraphrase", "validation"):
        return "question"
    if did(*LISTENS) and not is_bare_assent(reading):
        return next(name for name in ("emotion_label", "paraphrase", "validation") if did(name))
    if did("sympathises"):
        return "validation"
    if did("sorry"):
        return "sorry"
    if did("reassures"):
        return "reassures"
    if reading.asked:
        return "question"
    if did("consent_check", "check_in", "revocable", "room_for_no"):
        return "consent_check"
    if did("corrects") and not did("feeling", "need") and has_lines(scene, "corrected"):
        return "corrects"
    if did(*SHARES):
        return "share"
    if did("understood") and has_lines(scene, "understood"):
        return "understood"
    if did("uncertain") and reading.words > SHORT:
        return "topic" if reading.topics else "plain"
    for name in (
        "leaving",
        "thanks",
        "confused",
        "uncertain",
        "flirting",
        "joking",
        "greeting",
        "assent",
        "refusal",
        "silence",
        "off_topic",
    ):
        if did(name) and not (name in ("assent", "refusal") and reading.words > BARE):
            return name
    if reading.topics:
        return "topic"
    if did("one_word"):
        return "one_word"
    return "plain"


def has_lines(scene: Scene, group: str) -> bool:
    """Whether a scene has lines for a kind of reply that not every scene must answer."""
    return group in scene.lines and bool(scene.lines[group].said())


def is_only_talk(step: str) -> bool:
    """ "Can we talk about something?", "bear with me": leave to speak now is asked for. With a day, an hour or a condition it is a step."""
    return not step or bool(SPEAKS_NOW.match(step) and not NAMES_A_TIME.search(TALKED_ABOUT.sub("", step)))


def is_another_step(reading: Reading) -> bool:
    """ "Would you try it once, and we talk about the rest later?": what is proposed is not the putting off."""
    step = reading.slots.get("step", "")
    return bool(step) and not PUTS_OFF.match(step)


def keeps_what_the_scene_tests(scene: Scene, state: State, reading: Reading) -> bool:
    """ "It's still a no", where the talk is about the client's limit and the partner opened by testing it."""
    about_a_limit = scene.agrees_after == 0 and "boundary" in scene.aims and scene.partner.says_no is None
    return about_a_limit and not state["kept_limit"] and reading.did("holds_limit") and not reading.did("request")


def owns_it(reading: Reading) -> bool:
    """An apology that names the act, or what was wrong with it, with nothing taken back after it."""
    return reading.did("sorry") and reading.did("owns_act", "softens") and not reading.did("sorry_but")


def is_firm(reading: Reading) -> bool:
    """Whether a limit is what the reply is about: said in the words of a limit, or with nothing else to answer."""
    return reading.did("firm_limit", "refusal", "holds_limit", "stop") or not reading.did(
        "request", "feeling", "need", "paraphrase", "emotion_label", "validation", "open_question", "room_for_no"
    )


def is_bare_assent(reading: Reading) -> bool:
    """ "Okay", "fine": an answer, and no sign of having listened."""
    return reading.did("assent") and reading.words <= 4 and not reading.did("paraphrase", "emotion_label")


def points_for(state: State, reading: Reading, main: str) -> tuple[int, str]:
    """Points of trust for a reply, and the deed that earned most of them. A no, a stop, a pause and a limit cost nothing."""
    if main in HALTS or main in ("meta", "boundary", "holds_limit", "takes_back", "refusal", "silence", "later", "leaves_offer"):
        return 0, main
    if main in HARM_POINTS:
        return HARM_POINTS[main] - (1 if state["level"] == "upset" else 0), main
    if reading.pressed and main != "repair":
        return 0, "pressure"  # answered softly; what good words stand beside it earn nothing
    strong: list[str] = []
    weak: list[str] = []
    if main == "repair":
        strong.append("repair")
    for deed in ("paraphrase", "validation"):
        if reading.did(deed) and not is_bare_assent(reading):
            strong.append(deed)
    if reading.guess:
        (strong if reading.guess[1] in ("right", "surface", "also") else weak).append("emotion_label")
    if main == "accepts_no":
        strong.append("accepts_no")
    if reading.did("need") or (reading.did("feeling") and reading.did("observation", "i_statement")):
        strong.append("share")
    elif reading.did("feeling", "i_statement", "disclosure"):
        weak.append("share")
    if reading.did("request") and state["asked_for"] < MOST_PROPOSALS:
        weak.append("request")
    if reading.did("open_question"):
        weak.append("open_question")
    if reading.did("consent_check", "revocable") and "accepts_no" not in strong:
        weak.append("consent_check")
    if reading.did("reassures", "softens") and not strong:
        weak.append("reassures" if reading.did("reassures") else "softens")
    if reading.did("thanks", "sorry") and not strong:
        weak.append("thanks" if reading.did("thanks") else "sorry")
    if reading.did("repeated") or not (strong or weak):
        return 0, main
    step = STEADY[state["level"]]
    points = (step if strong else 0) + (step // 2 if weak else 0) + (1 if len(strong) > 1 else 0)
    if state["wary"] and main != "repair":
        points = points // 2 if set(strong) & LISTENING_DEEDS else 0
    return points, (strong or weak)[0]
