"""The set forms of a no and a limit, over lower-case tokens joined by blanks ("do n't", "i 'm")."""

import re

MARKS = frozenset(".,;:!?()-/*&")
ASIDE = frozenset(
    {"when", "if", "while", "because", "cause", "cuz", "until", "till", "unless", "like", "that", "what", "how", "why", "before"}
)
HINGES = frozenset({"and", "but", "or", "so", "because", "cause", "cuz", "cos", "then"})
RUN_ON = frozenset({"i", "im", "ive", "id", "ill", "you", "u", "ur", "youre", "we"})
BEFORE_RUN_ON = frozenset(
    {"me", "it", "this", "off", "away", "alone", "there", "here", "now", "no", "nope", "nah", "please", "pls", "stop", "don't"}
)
ORDER = re.compile(
    r"(?:(?P<not>do n't|do not|never)(?P<dare> (?:you|u|ya) (?:dare|ever))?(?: (?:ever|even|fucking|bloody|just|try to))* "
    r"|(?:you|u|ya) (?:really |just |also |already )?(?P<must>have to|need to|needs to|got to|gotta|got ta|must"
    r"|'ve got to|better|'d better) "
    r"|(?:you|u|ya) (?P<ban>ca n't|cannot|can not|may not|must n't|must not|do n't get to|do not get to|are n't allowed to"
    r"|(?:are|'re) not allowed to) (?:just |ever |keep )?"
    r"|i(?: 'd| would)? (?:really |just |do |'m |am )?(?:need|want|like|asked|asking|told|telling|beg|begging)"
    r" (?:you|u|ya) (?P<nots>not )?to "
    r"|(?P<asks>can|could|would|will) (?:you|u|ya) )"
)
CLEAR_NO = re.compile(
    r"i (?:really |just |still |so |honestly |do )?(?:refuse to(?: do)?|(?:do n't|do not) (?:really |even )?"
    r"(?:consent(?: to)?|agree to|want to(?: do| be doing)?|wanna(?: do)?|wan na(?: do)?))"
    r"|(?:it 's |its |that 's |this is |that is |it is )?(?:strictly |just |completely |totally )?off limits(?: (?:for|to) (?:me|you|us))?"
    r"|(?:it 's |its |that 's |this is |that is |it is )(?:strictly |just |my )?private"
    r"|i (?:'d |would )?(?:rather|prefer to) keep (?:that|it|this) (?:to myself|private)"
    r"|(?:i 'm|i am|im) (?:really |just |still |so )?not (?:doing|having|going to do|gon na do|gonna do|going along with)"
)
"""What is left of a refusal when the words that add nothing are taken from its end."""
FIRM_NO = re.compile(
    r"i (?:really |just |still |so |honestly |do )?(?:(?:wo n't|will not)(?: do| be doing| have)?|refuse"
    r"|(?:do n't|do not) (?:really |even )?want)"
    r"|(?:it 's |its |that 's |this is |this )?(?:so |just |still )?(?:not (?:happening|going to happen|gon na happen|gonna happen)"
    r"|off limits"
    r"|(?:a |a hard |a firm )no"
    r"(?: from| for)?)|(?:the|my) answer is (?:still )?no|no means no"
)
SOFT_NO = re.compile(
    r"(?:(?:i 'm|i am|im|we 're) )?(?:really |just |still |so )?not (?:really )?(?:(?:in the mood|ready|interested|comfortable"
    r"|keen|up for|into|feeling)\b.*)"
    r"|(?:i )?(?:really |just )?(?:do n't|do not) (?:really )?(?:feel like(?: \w+ing\b.*)?|feel up to|fancy\b.*)"
    r"|(?:i 'd |i would |id |would )?rather not\b.*|i (?:ca n't|can not|cannot)|no|(?:hard )?pass"
    r"|i (?:do n't|do not) (?:have to|need to|owe you|need a|need) (?:explain|justify|explanation|reason|give"
    r"|tell you why|say why|any|an explanation|a reason)\b.*"
)
NO_DEBT = re.compile(
    r"i (?:do n't|do not) (?:have to|need to|owe (?:you|anyone|anybody)) (?:explain|justify|give (?:you |anyone )?(?:a |any )?reasons?|sex"
    r"|my body|anything|an explanation|a reason|it|that)\b.*"
    r"|you (?:ca n't|can not|cannot|wo n't|will not) (?:make|force|talk) me(?: into (?:it|this|that))?"
    r"|i (?:'ll |will )?(?:withdraw|take back) my (?:consent|yes)|(?:i 'll|i will) (?:have to )?pass"
    r"|(?:i 'd |i would |would )?prefer not(?: to)?|(?:not a|no) chance|(?:my|the) answer is (?:still )?no\b.*"
)
"""A no that says nothing else, and owes nothing."""
HALT = re.compile(
    r"(?:wait )*(?:slow(?: it)? down|time out|timeout)(?: wait| a bit| a little)*"
    r"|let(?: 's|s| us) (?:stop|pause)(?: here| there| now| it| for (?:now|today|tonight))*"
    r"|(?:that 's|that is|this is) (?:far |quite )?(?:enough|far enough)(?: now)?|no more(?: now| for me)?|leave(?: now)?"
)
"""Said alone, these end or slow what is going on."""
KEPT_BY = re.compile(
    r"\bif (?:you|u|ya) (?:(?:keep|carry|go|continue|start|try)(?: on| to)? )?(?:ask(?:ing)?|push(?:ing)?|press(?:ing|ure|uring)?"
    r"|touch(?:ing)?|grab(?:bing)?|shout(?:ing)?|yell(?:ing)?|scream(?:ing)?|beg(?:ging)?|insist(?:ing)?|rais(?:e|ing) your voice"
    r"|(?:don'?t|do not) stop(?= it| that| this|,| (?:then )?i)|call(?:ing)? me names)\b"
    r"[^.!?;]{0,40}?,? (?:then )?i(?:'ll| will|'m going to|m going to|'m gonna| am going to|ll) "
    r"(?:leave|go|sleep|step|walk|hang up|end|move|stay|head|get up|stop|take)\b[^.!?;]*",
    re.IGNORECASE,
)
"""The codebook: a limit of one's own and what the speaker will do to keep it is no pressure."""
SPELT = {"nt": "n't", "m": "'m", "ve": "'ve", "ll": "'ll", "d": "'d", "s": "'s"}
"""What the tokenizer leaves of words that were typed without their apostrophe."""
SAID = re.compile(
    r"(?:like )?i (?:have |'ve |already |just |do |clearly |literally )*(?:said|say|told (?:you|u|ya)|mean|meant"
    r"|keep saying) (?:that |to )?"
)
WANTING = re.compile(
    r"(?:i|we) (?:really |just |still )?(?:do n't|do not|never) (?:really |ever )?(?:want|wanna|wan na) (?:(?P<you>you|u|ya) )?(?:to )?"
)
WITHHOLDS = re.compile(r"\b(?:if|unless|until|till) (?:you|u|ya)\b")


AWAY = {
    "let": (re.compile(r"go(?: of (?:me|my)\b|$| (?:now|please|already)\b)"), re.compile(r"me (?:go|be|alone|out)(?: (?:now|please))*$")),
    "leave": (
        re.compile(r"me (?:alone|be|in peace|to it|out of)\b"),
        re.compile(r"my (?:room|house|home|flat|bed|side|body|stuff|things|phone)\b"),
    ),
    "stay": (re.compile(r"on your (?:own )?side\b"),),
    "knock": (re.compile(r"it off\b"),),
    "cut": (re.compile(r"it out\b"),),
    "put": (re.compile(r"me down\b"),),
    "keep": (re.compile(r"your distance\b"),),
}
GOES_ALONE = {
    "get": ("off", "away", "out", "back"),
    "go": ("away",),
    "keep": ("off", "away", "back", "out"),
    "stay": ("off", "away", "back", "out"),
    "back": ("off", "away", "up"),
    "step": ("back", "away", "off"),
    "move": ("away", "back", "off"),
}
NOWHERE = frozenset({"of", "from", "to", "the", "fuck", "hell", "yourself", "urself", "yourselves", "them", "where", "i", "can", "see"})
NO_OBJECT = frozenset(
    {"to", "for", "again", "about", "if", "at", "on", "late", "after", "before", "when", "ever", "anymore", "every", "that", "so"}
)
OWN_REASON = re.compile(
    r"\b(?:it|that|this|still|you(?: 're| are| re|re)?|u(?: r| are| 're)?|ur) (?:really |kind of |seriously )?"
    r"(?:hurt(?:s|ing)?|scar(?:es|ing)|frighten(?:s|ing)|crush(?:es|ing)|squash(?:es|ing)|chok(?:es|ing)|pull(?:s|ing)|pinch(?:es|ing))\b"
    r"|\bi (?:really )?(?:do n't|do not) like\b|\bi(?: 'm| am|m)? not (?:enjoying|liking|into)\b|\bim not (?:enjoying|liking|into)\b"
    r"|\btoo (?:much|fast|rough|far|hard|tight)\b"
)
"""Beside a bare "stop" these make it a limit: elsewhere "stop it" may only wave something away."""
