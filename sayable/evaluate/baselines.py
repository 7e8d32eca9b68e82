"""Simple ways to judge a reply, measured beside the scorer so that its figures mean something."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

from data.criteria import KEYS
from data.replies.hands import LabelledReply

KEYWORDS = {
    "i_statement": r"\bi (feel|need|want|am|'m)\b",
    "observation": r"\bwhen you\b|\byesterday\b|\blast night\b",
    "feeling": r"\b(sad|angry|scared|hurt|happy|anxious|tense|lonely|tired)\b",
    "faux_feeling": r"\bi feel (that|like you|ignored|used|attacked|judged)\b",
    "need": r"\bi need\b",
    "request": r"\b(could|would) you\b|\bcan we\b|\bhow about\b",
    "demand": r"\byou (have to|need to|should|must|better)\b",
    "paraphrase": r"\bso you\b|\bsounds like\b",
    "emotion_label": r"\b(sounds like|you seem|are you) \w+",
    "open_question": r"\b(what|how)\b[^?]*\?",
    "validation": r"\b(makes sense|fair enough|thank)\b",
    "roadblock": r"\b(calm down|relax|not a big deal|you should)\b",
    "blame": r"\byou('re| are) (so )?(selfish|lazy|crazy|mean|rude)\b",
    "absolutes": r"\b(always|never|every time|constantly)\b",
    "pressure": r"\bif you loved me\b|\bcome on\b|\bjust this once\b",
    "boundary": r"\b(stop|i don't want|i won't|don't touch)\b",
    "consent_check": r"\b(is that ok|okay with you|no is fine|if you want)\b",
    "repair": r"\b(my fault|i was wrong|that was on me)\b",
    "crisis": r"\b(kill myself|suicide|hits me|want to die|hurt myself)\b",
}


def most_common(train: Sequence[LabelledReply], replies: Sequence[LabelledReply]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Always the more frequent answer."""
    share = np.array([np.mean([r.labels[k] or 0 for r in train]) for k in KEYS])
    scores = np.tile(share, (len(replies), 1))
    return scores, scores >= 0.5


def keyword_list(train: Sequence[LabelledReply], replies: Sequence[LabelledReply]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """One short pattern a criterion, the way open checkers do it."""
    found = np.array([[bool(re.search(KEYWORDS[k], r.text.lower().replace("’", "'"))) for k in KEYS] for r in replies])
    return found.astype(float), found


def length_alone(train: Sequence[LabelledReply], replies: Sequence[LabelledReply]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Logistic regression on the number of words."""
    return regress(_lengths(train), _lengths(replies), train)


def word_counts(train: Sequence[LabelledReply], replies: Sequence[LabelledReply]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """TF-IDF of words and characters with logistic regression, trained on the same replies as the scorer."""
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3)
    )
    learnt = features.fit_transform([r.text for r in train])
    return regress(learnt, features.transform([r.text for r in replies]), train)


BASELINES = {"majority": most_common, "keyword list": keyword_list, "length": length_alone, "TF-IDF + logistic regression": word_counts}
"""Ways to judge without anything of ours; `sayable.evaluate.ways` adds word vectors and the parts of the scorer alone."""


def _lengths(replies: Sequence[LabelledReply]) -> NDArray[np.float64]:
    return np.array([[np.log1p(len(r.text.split()))] for r in replies])


def regress(learnt: Any, asked: Any, train: Sequence[LabelledReply]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """One balanced logistic regression a criterion: scores and verdicts, each (replies, 19)."""
    scores = np.zeros((asked.shape[0], len(KEYS)))
    for column, key in enumerate(KEYS):
        known = [i for i, r in enumerate(train) if r.labels[key] is not None]
        truth = [train[i].labels[key] for i in known]
        model = LogisticRegression(class_weight="balanced", max_iter=500).fit(learnt[known], truth)
        scores[:, column] = model.predict_proba(asked)[:, 1]
    return scores, scores >= 0.5
