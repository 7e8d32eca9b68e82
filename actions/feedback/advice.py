"""From verdicts to one strength and one next step that fit this reply and this moment."""

import dataclasses
import re
import zlib

from actions.feedback.moment import Moment
from actions.feedback.own_limits import Kind
from actions.feedback.plain_text import has_words
from actions.feedback.rewording import Rewording
from actions.feedback.verdicts import Verdicts
from data.rubric.wording import Wording

MENDED_FIRST = ("pressure", "blame", "demand", "roadblock", "faux_feeling", "absolutes")
HEARD_FIRST = ("pressure", "blame", "roadblock", "demand", "faux_feeling", "absolutes")
"""After a partner has told something: advice is first of all an answer past them."""
PUT_AS_A_QUESTION = frozenset({"demand", "pressure"})
"""What is said of these asks for a question or for room; beside a no that would be asked of the one who refuses."""
LISTENING_FIRST = ("emotion_label", "paraphrase", "open_question", "repair", "validation", "consent_check", "boundary", "request")
SPEAKING_FIRST = ("boundary", "repair", "request", "need", "feeling", "consent_check", "observation", "paraphrase", "emotion_label")
ANY = ("open_question", "validation", "i_statement")
LEAST_ABOUT_YOU = 6
"""Words: only a reply of so many, about the partner and without a word of oneself, is asked for one's own side."""
LEAST_ASKED = 7
"""Words: "can you pass the salt?" needs no feeling beside it."""
CRY = 2
"""Words: "that hurts" is complete."""
_OWN = re.compile(r"\b(?:i|i'm|im|i'd|i've|i'll|me|my|mine|myself)\b", re.IGNORECASE)
_YOURS = re.compile(r"\b(?:you|your|yours|u|ur|you're|youre)\b", re.IGNORECASE)
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

    A limit or a stop is complete; a listening turn is not asked for a request. `refuses`: grammar found a no or a limit in the reply;
    then nothing is asked for beside it, and nothing is put as a question: nobody is nudged to soften a no.
    """
    present = {key for key, verdict in verdicts.items() if verdict.present}
    if "crisis" in present or not has_words(reply):
        return Advice()
    order = HEARD_FIRST if moment.listening else MENDED_FIRST
    fault = next((key for key in order if key in present), None)
    strength = _strength(present, verdicts, moment)
    refuses = refuses or "boundary" in present
    mended = rewording.offer(reply, verdicts[fault], moment.after_no) if fault and not refuses else None
    step = fault or (None if refuses else _step(present, moment, reply))
    if refuses and fault in PUT_AS_A_QUESTION:
        step = None
    strength_note = None if strength is None else Note(strength, _pick(wording.criteria[strength].strength, reply))
    step_note = None if step is None else Note(step, _pick(wording.criteria[step].next_step, reply))
    if step is None and "boundary" in present and len(reply.split()) <= SHORT_LIMIT:
        strength_note = Note("boundary", _pick(wording.complete.limit, reply))
    if moment.low_load:
        return Advice(None, step_note, None) if fault else Advice(strength_note, None if strength_note else step_note, None)
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
    if "boundary" in present or moment.after_no:
        return None  # a no that was set or taken is complete
    if present & {"repair"}:
        return None if "consent_check" in present or "request" in present else "open_question" if moment.listening else None
    if "request" in moment.aims and {"feeling", "need"} <= present and "request" not in present:
        return "request"  # the scene practises asking, and the reply has said all that leads up to it
    if moment.listening:
        if present & {"paraphrase", "emotion_label"}:
            return None if present & {"open_question", "validation", "consent_check"} else "open_question"
        if "open_question" in present:
            return None  # it is no answer yet: nothing is skipped
        return "paraphrase" if "validation" in present else "emotion_label"
    if "request" in present:
        complete = "consent_check" in present or present & {"feeling", "need"} or len(reply.split()) < LEAST_ASKED
        return None if complete else "feeling"
    if present & {"feeling", "need", "observation"} and "i_statement" in present:
        if "feeling" not in present:
            return "feeling"
        if "observation" not in present and "need" not in present:
            return "need"
        return "request"
    if present & {"open_question", "paraphrase", "emotion_label", "validation", "consent_check"}:
        return None
    if "i_statement" in present:
        return "feeling" if len(reply.split()) > CRY else None
    about_you = bool(_YOURS.search(reply)) and not _OWN.search(reply) and "?" not in reply and len(reply.split()) >= LEAST_ABOUT_YOU
    return "i_statement" if about_you else None


def _pick(sentences: tuple[str, ...], reply: str) -> str:
    """The same reply gets the same sentence; different replies vary."""
    return sentences[zlib.crc32(reply.encode("utf-8", "surrogatepass")) % len(sentences)]
