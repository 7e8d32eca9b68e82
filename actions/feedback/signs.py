"""What grammar sees in a reply: named signs with the words that show them.

A sign is no verdict. It says "this has the form of a request" or "this 'never' is about the speaker"; how much a sign counts
for each criterion is fitted on labelled replies together with the reading model's logit (sayable/train_scorer/calibrate.py).
"""

import re
from collections.abc import Callable
from pathlib import Path

from spacy.tokens import Doc, Span, Token

from actions.feedback.contempt import asks_nothing, find_contempt
from data.lexicons.families import read_families
from data.lexicons.faux_feelings import read_faux_feelings
from data.read_yaml import read_yaml

SIGNS = (
    "own_feeling",
    "partner_feeling",
    "faux_word",
    "feel_that_claim",
    "feel_like_own",
    "absolute_partner",
    "absolute_self",
    "absolute_negated",
    "plain_stop",
    "order",
    "order_feeling",
    "you_must",
    "need_you_to",
    "asks_you",
    "open_question",
    "why_you",
    "room_for_no",
    "reported",
    "quoted",
    "sorry",
    "sorry_but",
    "own_act",
    "your_act",
    "when_event",
    "you_are",
    "if_clause",
    "own_refusal",
    "own_need",
    "own_wish",
    "no_context",
    "is_question",
    "is_short",
)
DECIDING = {
    "stop_word": ("boundary",),
    "feeling_when_event": ("observation",),
    "name_called": ("blame",),
    "contempt": ("blame",),
    "felt_as_such": ("feeling", "i_statement"),
}
"""Forms that need no weighing: "stop" alone is a limit, "I feel … when you <do something>" an observation, "you pig" a name called,
"I feel torn" a feeling."""
JUDGES = frozenset({"faux_word", "feel_that_claim"})
"""Without one of these beside it, "I feel <feeling>" is no judgement: what follows "feel" is a word of our own lists."""
Add = Callable[[str, int, int], None]
Found = dict[str, list[tuple[int, int]]]
"""Sign → stretches (start, end) of the parsed text."""
_FAILED = re.compile(
    r"i(?:'ve| have|'m| am)? (?:just |really |always |kind of |sort of )?(?:let|letting|hurt|hurting|fail(?:ed|ing)?|disappoint(?:ed|ing)?"
    r"|ruin(?:ed)?|mess(?:ed)?|screw(?:ed)?|spoil(?:ed|t)?|broke|wronged|abandoned)\b(?! by\b)"
)
"""What somebody holds against themself: "I feel like I let you down"."""
_LEXICON = Path(__file__).resolve().parents[2] / "data" / "lexicons"
_FORMS = tuple(
    (sign, re.compile(pattern))
    for sign, pattern in (
        (
            "you_must",
            r"\b(you|u|ya)(?:'ve)? (?:really |just |also |all )?"
            r"(have to|need to|needs to|got to|gotta|should|shouldn't|must|better|'d better|ought|oughta)\b",
        ),
        ("need_you_to", r"\bi (?:really |just )?need (you|u|ya) to\b"),
        ("own_need", r"\bi(?:'m)? (?:really |just |do |also |still )?(need|value)\b(?! (?:you|u|ya) to\b)|\bmatters to me\b"),
        ("own_wish", r"\bi(?:'d| would|d)? (?:really |just |do )?(like|love|want|wanna|wish|hope|prefer|rather)\b"),
        (
            "own_refusal",
            r"\bi(?:'m|m| am)? (?:really |just |still )?(?:don't|dont|do not|won't|wont|will not|can't|cant|cannot|wouldn't|not) "
            r"(?:really |even )?(?:want|going|comfortable|ready|up for|doing|do|like|wanna|ok|okay|in the mood|able|sure)\b",
        ),
        (
            "asks_you",
            r"\b(could|would|can|will|shall|may) (you|u|we|i|us)\b|\bhow about\b|\bwhat (?:if|about)\b"
            r"|\bwould you (?:mind|be)\b|\blet's\b|\blets\b",
        ),
    )
)
_HOW_MUCH = (
    r"(?:(?:so|really|very|quite|pretty|super|too|still|just|more|less|all|also|even|both|always|sometimes|bit|little|kind|kinda|sort|of|a"
    r"|\w+ly)\s+){0,4}"
)
_PROPOSAL = re.compile(r"\b(what|how) about\b|\bwhat if\b")
_STRETCHED = re.compile(r"([a-z])\1{2,}")  # "stooop"
_DENIED = re.compile(r"\b(?:do|did|does) (?:not|n't|nt)(?: \w+){0,1}$")
_NOT_FELT = re.compile(r"\b(?:not|n't|nt|never|dont|didnt|would|'d|could|might|if)\W*(?:\w+ ){0,2}$")
_SOFTENED = re.compile(r"\b(but|if|that you feel|you feel)\b")
_STOP_BEING = re.compile(r"(stop|don't|dont|quit) (being|be|crying|worrying|sulking|overthinking)\b")
QUOTED = re.compile(r'"[^"\n]{2,200}"|(?<!\w)\'[^\'\n]{2,200}\'(?!\w)')


class SignReader:
    """Reads signs off a parsed reply. Made once per process."""

    def __init__(self, folder: Path = _LEXICON) -> None:
        words = read_yaml(folder / "grammar.yml").value
        self._words = {name: frozenset(str(word) for word in entries) for name, entries in words.items()}
        self._faux = frozenset(read_faux_feelings(folder / "faux_feelings.yml"))
        names = "|".join(sorted(re.escape(word) for word in self._words["names_called"]))
        self._name_called = re.compile(
            rf"\b(?:you|ya|u) (?:\w+ )?(?:{names})\b(?! (?:of|in|at|who|story|time)\b)(?=\s*(?:$|[.,;:!?\n]|and\b|i\b))"
        )
        families = read_families(folder / "feelings.yml")
        self._feelings = frozenset(word for group in families.words.values() for word in group) - self._faux
        judged = {word for name in self._words["judging_families"] for word in families.words[name]} | self._words["judging_feelings"]
        felt = "|".join(sorted((re.escape(word) for word in self._feelings - judged), key=len, reverse=True))
        self._felt = re.compile(rf"{_HOW_MUCH}(?:{felt})\b")
        self_names, adjectives, roles = ("|".join(sorted(self._words[name])) for name in ("self_names", "self_adjectives", "roles"))
        self._of_oneself = re.compile(
            rf"(?:such |really |kind of )*(?:an? |the )?(?:(?:right|total|complete|real|big|bit of an?) )?"
            rf"(?:{self_names}|(?:{adjectives}) (?:{roles}))\b"
            r"(?![^.!?]*\b(?:you|your|you're|u|ur)\b)"
        )

    def read(self, doc: Doc, has_context: bool) -> Found:
        """Signs of `doc`, whose text is the reply with quotes made straight (same length as typed)."""
        found: Found = {}
        for sentence in doc.sents:
            self._read_sentence(sentence, found)
        lower = doc.text.lower()
        for phrase in self._words["room_for_no"]:
            for hit in re.finditer(rf"\b{re.escape(phrase)}\b", lower):
                found.setdefault("room_for_no", []).append(hit.span())
        for hit in QUOTED.finditer(doc.text):
            found.setdefault("quoted", []).append(hit.span())
        quoted = found.get("quoted", ())
        for hit in self._name_called.finditer(lower):
            if not any(start <= hit.start() < end for start, end in quoted) and "reported" not in found:
                found.setdefault("name_called", []).append(hit.span())
        for stretch in find_contempt(lower, quoted):
            found.setdefault("contempt", []).append(stretch)
        if "contempt" in found or asks_nothing(lower):
            found["rhetorical"] = []
        words = [_STRETCHED.sub(r"\1", t.lower_) for t in doc if t.is_alpha or "'" in t.text]
        stops = [w for w in words if w in self._words["stop_words"]]
        if 0 < len(words) <= 8 and stops and all(w in stops or w in self._words["stop_company"] for w in words):
            found["plain_stop"] = [(0, len(doc.text))]
            if any(w in self._words["clear_stops"] for w in words):
                found["stop_word"] = [(0, len(doc.text.rstrip()))]
        if not has_context:
            found["no_context"] = []
        if doc.text.rstrip().endswith("?"):
            found["is_question"] = []
        if len(words) <= 4:
            found["is_short"] = []
        return found

    def _read_sentence(self, sentence: Span, found: Found) -> None:
        lower = [t.lower_ for t in sentence]
        partner = any(w in self._words["partner_pronouns"] for w in lower)
        whole = (sentence.start_char, sentence.end_char)

        def add(sign: str, start: int, end: int) -> None:
            found.setdefault(sign, []).append((start, end))

        for place, token in enumerate(sentence):
            word = lower[place]
            mild_ever = word == "ever" and place and lower[place - 1] not in ("only", "not", "never")
            if word in self._words["absolutes"] and not mild_ever:
                speaks_of_self = not partner and any(w in self._words["self_pronouns"] for w in lower)
                about_self = speaks_of_self or _subject(token) in self._words["self_pronouns"]
                negated = place > 0 and lower[place - 1] in ("not", "n't", "nt", "hardly")
                add("absolute_negated" if negated else "absolute_self" if about_self else "absolute_partner", *_around(token))
            if word in self._words["feel_verbs"]:
                self._read_feel(sentence, place, add)
            if word in self._feelings:
                subject = _subject(token)
                if subject in self._words["self_pronouns"]:
                    add("own_feeling", *_around(token))
                elif subject in ("you", "u", "ya") or (partner and place and "sound" in " ".join(lower[:place])):
                    add("partner_feeling", *_around(token))
            if word in ("sorry", "apologies", "apologise", "apologize"):
                add("sorry_but" if _SOFTENED.search(" ".join(lower[place:])) else "sorry", *whole)
            if word == "why" and any(w in ("you", "u", "your", "ur") for w in lower[place:]):
                add("why_you", *whole)
            if word == "if":
                add("if_clause", *whole)
            if (
                word in ("when", "whenever", "wen")
                and token.dep_ in ("advmod", "mark", "ROOT", "dep")
                and not sentence.text.rstrip().endswith("?")
            ):
                self._read_event(token, add)
            if (
                word in self._words["sayers"]
                and token.pos_ in ("VERB", "AUX")
                and _subject(token) not in self._words["self_pronouns"] | {"you", "u", ""}
            ):
                add("reported", *whole)
            if token.tag_ == "VBD" and token.pos_ == "VERB":
                if _subject(token) in self._words["self_pronouns"]:
                    add("own_act", *_around(token))
                elif _subject(token) in ("you", "u", "ya"):
                    add("your_act", *_around(token))
            if token.lemma_ == "be" and _subject(token) in ("you", "u", "ya", "ur", "youre"):
                add("you_are", *_around(token))
        text = " ".join(lower)
        for phrase in self._words["absolute_phrases"]:
            if phrase in text and partner:
                add("absolute_partner", *whole)
        self._read_form(sentence, lower, add)
        inside = {sign: [s for s in found.get(sign, ()) if whole[0] <= s[0] < whole[1]] for sign in ("own_feeling", "when_event")}
        if inside["own_feeling"] and inside["when_event"]:
            add("feeling_when_event", *inside["when_event"][0])

    def _read_event(self, when: Token, add: Add) -> None:
        """ "When" and something done or heard: a camera could have been there, unless the doing is put as a judgement."""
        verb = when.head
        clause = sorted(t.i for t in verb.subtree if t.i >= when.i)
        if verb.pos_ != "VERB" or not clause or verb.lemma_.lower() in self._words["judging_verbs"]:
            return
        subject = next((c.lower_ for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), "")
        if subject and not any(c.dep_ == "acomp" for c in verb.children):
            doc = when.doc
            end = clause[-1]
            add("when_event", when.idx, doc[end].idx + len(doc[end]))

    def _read_feel(self, sentence: Span, place: int, add: Add) -> None:
        token = sentence[place]
        rest = sentence[place + 1 :]
        after = " ".join(t.lower_ for t in rest)
        end = sentence.end_char
        before = " ".join(t.lower_ for t in sentence[:place])
        if any(re.match(rf"(?:\w+ ){{0,3}}{re.escape(word)}\b", after) for word in self._faux):
            add("faux_denied" if _DENIED.search(before) else "faux_word", token.idx, end)
        begin = token.idx + len(token)
        felt = self._felt.match(sentence.doc.text[begin:end].lower(), 1)
        if felt and _subject(token) in self._words["self_pronouns"] and not _NOT_FELT.search(before):
            first = next((t for t in sentence[max(0, place - 3) : place] if t.lower_ in self._words["self_pronouns"]), token)
            add("felt_as_such", first.idx, begin + felt.end())
        claim = re.match(r"(?:that|like|as if|as though)\s+(.*)", after)
        if claim:
            if self._of_oneself.match(claim[1]) or _FAILED.match(claim[1]):
                add("faux_denied", token.idx, end)
            elif re.match(r"(?:i|i'm|im|my|\w+ing)\b", claim[1]):
                add("feel_like_own", token.idx, end)
            else:
                add("feel_that_claim", token.idx, end)

    def _read_form(self, sentence: Span, lower: list[str], add: Add) -> None:
        words = [w for w in lower if w.strip(".,!?…-")]
        if not words:
            return
        whole = (sentence.start_char, sentence.end_char)
        text = " ".join(sentence.text.lower().split())
        asks = text.rstrip(" !").endswith("?")
        for sign, pattern in _FORMS:
            if pattern.search(text):
                add(sign, *whole)
        asks_openly = asks and "why" not in words[:4] and any(w in self._words["openers"] for w in words[:6])
        if (asks_openly or (words[0] == "tell" and "more" in words)) and not _PROPOSAL.search(text):
            add("open_question", *whole)
        root = sentence.root
        subject = any(c.dep_ in ("nsubj", "nsubjpass", "expl") for c in root.children)
        modal = any(c.dep_ == "aux" and c.tag_ == "MD" for c in root.children)
        if root.tag_ in ("VB", "VBP") and not subject and not modal and not asks:
            lemma = root.lemma_.lower()
            if lemma in self._words["feeling_orders"] or _STOP_BEING.match(text):
                add("order_feeling", *whole)
            elif lemma not in self._words["kind_orders"] and lemma not in self._words["soothed"]:
                add("order", *whole)


def _subject(token: Token) -> str:
    """Lower-case subject of the clause that `token` stands in, or ""."""
    node = token
    for _ in range(4):
        for child in node.children:
            if child.dep_ in ("nsubj", "nsubjpass"):
                return child.lower_
        if node.head is node or (node.pos_ in ("VERB", "AUX") and node.dep_ not in ("conj", "xcomp", "aux", "acomp")):
            return ""
        node = node.head
    return ""


def _around(token: Token) -> tuple[int, int]:
    """The token with its clause's words up to four before and after: enough to be read as evidence."""
    sentence = token.sent
    start, end = max(sentence.start, token.i - 4), min(sentence.end, token.i + 5)
    doc = token.doc
    return doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
