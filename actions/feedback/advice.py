"""From verdicts to one strength and one next step that fit this reply and this moment."""

import dataclasses
import zlib

from actions.feedback.moment import Moment
from actions.feedback.rewording import Rewording
from actions.feedback.verdicts import Verdicts
from data.rubric.wording import Wording

MENDED_FIRST = ("pressure", "blame", "demand", "roadblock", "faux_feeling", "absolutes")
LISTENING_FIRST = ("emotion_label", "paraphrase", "open_question", "repair", "validation", "consent_check", "boundary", "request")
SPEAKING_FIRST = ("boundary", "repair", "request", "need", "feeling", "consent_check", "observation", "paraphrase", "emotion_label")
ANY = ("open_question", "validation", "i_statement")
SHORT_STOP = 12
"""Words: a limit said in at most so many is praised as clear and asked for nothing."""


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


def advise(reply: str, verdicts: Verdicts, moment: Moment, wording: Wording, rewording: Rewording) -> Advice:
    """Advice for one reply. A crisis gets none; a limit or a stop is complete; a listening turn is not asked for a request."""
    present = {key for key, verdict in verdicts.items() if verdict.present}
    if "crisis" in present:
        return Advice()
    fault = next((key for key in MENDED_FIRST if key in present), None)
    strength = _strength(present, verdicts, moment)
    mended = rewording.offer(reply, verdicts[fault]) if fault else None
    step = fault or _step(reply, present, moment)
    strength_note = None if strength is None else Note(strength, _pick(wording.criteria[strength].strength, reply))
    step_note = None if step is None else Note(step, _pick(wording.criteria[step].next_step, reply))
    if step is None and "boundary" in present and len(reply.split()) <= SHORT_STOP:
        strength_note = Note("boundary", _pick(wording.complete.plain_stop, reply))
    if moment.low_load:
        return Advice(None, step_note, None) if fault else Advice(strength_note, None if strength_note else step_note, None)
    return Advice(strength_note, step_note, mended)


def advise_plain_stop(reply: str, verdicts: Verdicts, wording: Wording) -> Advice:
    """A stop, a no or a pause is complete: a limit is praised as clear, and nothing is asked in addition."""
    praised = Note("boundary", _pick(wording.complete.plain_stop, reply)) if verdicts["boundary"].present else None
    return Advice(praised)


def _strength(present: set[str], verdicts: Verdicts, moment: Moment) -> str | None:
    order = (LISTENING_FIRST + SPEAKING_FIRST if moment.listening else SPEAKING_FIRST + LISTENING_FIRST) + ANY
    aimed = [key for key in order if key in present and key in moment.aims]
    found = aimed or [key for key in order if key in present]
    return max(found[:3], key=lambda key: verdicts[key].score) if found else None


def _step(reply: str, present: set[str], moment: Moment) -> str | None:
    """The one skill to suggest, or None when the reply is complete as it stands."""
    if "boundary" in present:
        return None
    if present & {"repair"}:
        return None if "consent_check" in present or "request" in present else "open_question" if moment.listening else None
    if "request" in moment.aims and {"feeling", "need"} <= present and "request" not in present:
        return "request"  # the scene practises asking, and the reply has said all that leads up to it
    if moment.listening:
        if present & {"paraphrase", "emotion_label"}:
            return None if present & {"open_question", "validation", "consent_check"} else "open_question"
        return "paraphrase" if present & {"open_question", "validation"} else "emotion_label"
    if "request" in present:
        return None if "consent_check" in present or present & {"feeling", "need"} else "feeling"
    if present & {"feeling", "need", "observation"} and "i_statement" in present:
        if "feeling" not in present:
            return "feeling"
        if "observation" not in present and "need" not in present:
            return "need"
        return "request"
    if present & {"open_question", "paraphrase", "emotion_label", "validation", "consent_check"}:
        return None
    return "i_statement"


def _pick(sentences: tuple[str, ...], reply: str) -> str:
    """The same reply gets the same sentence; different replies vary."""
    return sentences[zlib.crc32(reply.encode("utf-8", "surrogatepass")) % len(sentences)]
