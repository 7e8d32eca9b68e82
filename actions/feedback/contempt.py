"""Find set forms of contempt: "how can you be so …", "what the hell is your problem?", "liar." They judge, and ask nothing."""

import re
from collections.abc import Iterable

_CONTEMPT = re.compile(
    r"\bhow (?:can|could) (?:you|u) be (?:so|such|this|that)\b|\bhow dare (?:you|u)\b|\b(?:you|u) (?:disgust me|make me sick)\b"
    r"|\bwhat(?:'s| is) (?:your|ur) (?:fucking )?problem\b(?! with)|\bwould it (?:kill|hurt) (?:you|u) to\b"
    r"|\bwhat the (?:hell|fuck|heck) (?:is|'s) (?:(?:your|ur) problem|(?:wrong|the matter) with (?:you|u)\b)"
    r"|^\W*(?:you |what a |such a )?(?:total |complete |absolute )?(?:liar|pathetic|coward|hypocrite|disgusting|loser|childish)\W*$"
    r"|^\W*(?:nice|wow|oh|great|lovely|real|so|very)?,? ?(?:real|very|so) (?:mature|classy)\W*$"
)
_TOLD_OF = re.compile(
    r"\b(?:he|she|they|mum|mom|dad|boss|sister|brother|mother|father|friend|people|somebody|someone)\b.{0,20}"
    r"\b(?:said|says|asked|asks|told|tells|goes|went|shouted|like)\b"
)
_TEASES = re.compile("[\U0001f602\U0001f923\U0001f618\U0001f61c\U0001f609]|\\b(?:lol|haha|lmao)")
_RHETORICAL = re.compile(r"\bwhat(?:'s|s| is) (?:wrong|the matter) with (?:you|u)\b(?=[?!. ]*$)")


def find_contempt(text: str, quoted: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(start, end) to the end of the sentence, in `text` (lower case, straight quotes); what is teased, quoted or told of is left out."""
    if _TEASES.search(text):
        return []
    found = []
    for hit in _CONTEMPT.finditer(text):
        told = any(start <= hit.start() < end for start, end in quoted) or _TOLD_OF.search(text[: hit.start()])
        if not told:
            last = re.search(r"[.!?\n]|$", text[hit.end() - 1 :])
            found.append((hit.start(), hit.end() - 1 + (last.end() if last else 0)))
    return found


def asks_nothing(text: str) -> bool:
    """Whether its question is none: "what's wrong with you?" may be meant kindly, but asks about nothing that was said."""
    return bool(_RHETORICAL.search(text) or find_contempt(text, ()))
