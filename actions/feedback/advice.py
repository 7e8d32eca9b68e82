"""From verdicts to one strength and one next step that fit this reply and this moment."""

import dataclasses
import re
import zlib

from actions.feedback.moment import Moment, asks_to_stop, says_no, takes_it
from actions.feedback.own_limits import Kind
from actions.feedback.plain_text import has_words
from actions.feedback.rewording import Rewording, praises
from actions.feedback.verdicts import Verdicts
from data.rubric.wording import Wording

MENDED_FIRST = ("pressure", "blame", "roadblock", "demand", "faux_feeling", "absolutes")
"""Advice to somebody who told something is first of all an answer past them, and only then an order."""
BESIDE_A_NO = frozenset({"blame", "absolutes"})
"""What is told of the other faults asks for a question, for room or for a feeling: that would be asked of the one who refuses."""
LISTENING_FIRST = ("emotion_label", "paraphrase", "open_question", "repair", "validation", "consent_check", "boundary", "request")
SPEAKING_FIRST = ("boundary", "repair", "request", "need", "feeling", "consent_check", "observation", "paraphrase", "emotion_label")
ANY = ("open_question", "validation", "i_statement")
_OWN = re.compile(r"\b(?:i|i'm|im|i'd|i've|i'll|me|my|mine|myself)\b|\b(?:hurts?|aches?|stings?|burns)\b", re.IGNORECASE)
_YOURS = re.compile(r"\b(?:you|your|yours|u|ur|you're|youre)\b", re.IGNORECASE)
_CRY = re.compile(
    r"(?:\W*\b(?:o+w+|ou+ch|a+h+|a+rgh|ugh|oh|god|fuck|shit|please|too hard"
    r"|(?:that|it|this)(?: really| still)? (?:hurts?|stings|burns|aches)))+\W*",
    re.IGNORECASE,
)
"""Complete as it is: who cries out in pain is not asked for more words."""
_WISH = re.compile(
    r"\W*(?:(?:yes|yeah|sure|oh|ok|okay|please)\W+)*i(?:'d| would)? (?:really |just )?(?:like|love|want|enjoy|fancy) "
    r"(?:to|that|it|some|a|an|the)\b",
    re.IGNORECASE,
)
"""A plain wish or a yes ("I'd love that")."""
_GRIEF = re.compile(
    r"\b(?:died|passed away|funeral|buried|miscarr\w+|stillborn|grie\w+|abused|raped|assaulted|molested|overdosed|suicid\w+"
    r"|(?:cut|hurt) myself|as a (?:child|kid|teenager|boy|girl)|years ago|when i was (?:little|small|young|\w+teen|\d+|five|six|seven"
    r"|eight|nine|ten|eleven|twelve)|lost (?:my|our|the) (?:mum|mom|dad|baby|son|daughter|child|brother|sister|mother|father|gran|wife"
    r"|husband|friend))\b",
    re.IGNORECASE,
)
"""Who tells of a loss or an old hurt has said enough; no form is asked of it."""
SHORT_LIMIT = 12
"""Words: a limit said in at most so many is praised as complete."""


@dataclasses.dataclass(frozen=True)
class Note:
    """One remark: the criterion it is about and the sentence shown."""

    key: str
    text: str


@dataclasses.dataclass(frozen=True)
class Advice:
    """At most one of each; all None when there is nothing to say that would help."""

    strength: Note | None = None
    next_step: Note | None = None
    rewording: str | None = None


def advise(reply: str, verdicts: Verdicts, moment: Moment, wording: Wording, rewording: Rewording, refuses: bool = False) -> Advice:
    """Advice for one reply. A crisis gets none, nor do marks and emoji without a word.

    A limit or a stop is complete, and so is taking one. `refuses`: grammar found a no or a limit in the reply; then nothing is asked for
    beside it and nothing is reworded: nobody is nudged to soften a no.
    """
    present = {key for key, verdict in verdicts.items() if verdict.present}
    if "crisis" in present or not has_words(reply):
        return Advice()
    fault = next((key for key in MENDED_FIRST if key in present), None)
    if fault == "absolutes" and praises(reply):
        fault = None  # "you never rush me and I love that" has no particular time to look for
    strength = _strength(present, verdicts, moment)
    strength_note = None if strength is None else Note(strength, _pick(wording.criteria[strength].strength, reply))
    sure = "boundary" in present or (refuses and says_no(reply))
    mended, step_note = None, None
    if sure or refuses:
        if fault in BESIDE_A_NO:
            step_note = Note(fault, _pick(wording.criteria["boundary"].next_step, reply))
        elif fault == "roadblock" and not sure:
            step_note = Note(fault, _pick(wording.criteria[fault].next_step, reply))  # "no, you're not sad" refuses nothing
        short = "boundary" in present and len(reply.split()) <= SHORT_LIMIT
        if fault is None and (short or (strength is None and asks_to_stop(reply))):
            strength_note = Note("boundary", _pick(wording.complete.limit, reply))
    else:
        step = fault or _step(present, moment, reply)
        step_note = None if step is None else Note(step, _pick(wording.criteria[step].next_step, reply))
        mended = rewording.offer(reply, verdicts[fault], moment.after_no, moment.listening) if fault else None
        if fault is None and strength is None and moment.after_no and takes_it(reply):
            strength_note = Note("validation", _pick(wording.complete.good_as_it_is, reply))
    if moment.low_load:
        first = step_note if fault else strength_note or step_note
        return Advice(None, first, None) if first is step_note else Advice(first)
    return Advice(strength_note, step_note, mended)


def advise_limit(reply: str, whole: Kind, verdicts: Verdicts, moment: Moment, wording: Wording) -> Advice:
    """For a reply that is a stop or a no and nothing else: praised as clear, and nothing is asked in addition.

    A "no" to a partner who has just told something may only correct them: where it is no boundary it is neither praised nor mended.
    """
    if verdicts["crisis"].present:
        return Advice()
    if whole == "no" and moment.listening and not verdicts["boundary"].present:
        return Advice()
    sentences = wording.complete.plain_stop if whole == "stop" else wording.complete.plain_no
    return Advice(Note("boundary", _pick(sentences, reply)))


def _strength(present: set[str], verdicts: Verdicts, moment: Moment) -> str | None:
    order = (LISTENING_FIRST + SPEAKING_FIRST if moment.listening else SPEAKING_FIRST + LISTENING_FIRST) + ANY
    aimed = [key for key in order if key in present and key in moment.aims]
    found = aimed or [key for key in order if key in present]
    return max(found[:3], key=lambda key: verdicts[key].score) if found else None


def _step(present: set[str], moment: Moment, reply: str) -> str | None:
    """The one skill to suggest, or None when the reply is complete as it stands. A skill that is there is never suggested."""
    step = _next_skill(present, moment, reply)
    return None if step in present else step


def _next_skill(present: set[str], moment: Moment, reply: str) -> str | None:
    if moment.after_no and (not moment.listening or takes_it(reply) or "validation" in present):
        return None  # a no that was taken is complete
    if "repair" in present:
        return None if {"consent_check", "request"} & present else "open_question" if moment.listening else None
    if "request" in moment.aims and {"feeling", "need"} <= present and "request" not in present:
        return "request"  # the scene practises asking, and the reply has said all that leads up to it
    if moment.listening:
        if "paraphrase" in present or "open_question" in present:
            return None  # heard, or on the way to it: a question need not follow every time
        if "emotion_label" in present:
            return None if {"validation", "consent_check"} & present or "?" in reply else "open_question"
        return "paraphrase" if "validation" in present else "emotion_label"
    return _next_of_own(present, moment, reply)


def _next_of_own(present: set[str], moment: Moment, reply: str) -> str | None:
    """What could stand beside words of one's own; most of what people say to each other lacks nothing."""
    if _CRY.fullmatch(reply) or _GRIEF.search(reply) or praises(reply):
        return None
    if "request" in present:
        beside = {"i_statement", "observation", "need"} & present or "feeling" in moment.aims
        return "feeling" if beside and not {"consent_check", "feeling", "need"} & present else None  # "pass the salt?" lacks nothing
    if {"feeling", "need", "observation"} & present and "i_statement" in present:
        if "feeling" not in present:
            return "feeling"
        return "need" if not {"observation", "need"} & present else "request"
    if {"open_question", "paraphrase", "emotion_label", "validation", "consent_check"} & present:
        return None
    if "i_statement" in present:
        return None if _WISH.match(reply) and "feeling" not in moment.aims else "feeling"
    about_you = bool(_YOURS.search(reply)) and not _OWN.search(reply) and "?" not in reply
    return "i_statement" if about_you and ("observation" in present or "i_statement" in moment.aims) else None


def _pick(sentences: tuple[str, ...], reply: str) -> str:
    """The same reply gets the same sentence; different replies vary."""
    return sentences[zlib.crc32(reply.encode("utf-8", "surrogatepass")) % len(sentences)]
