"""Turn the client's words round for the partner's mouth: I becomes you, you becomes I or me, my becomes your."""

from __future__ import annotations

import re

from data.lexicons.client_words import load_client_words

AFTER_I = {"am": "are", "was": "were", "'m": "'re"}
AFTER_YOU = {"are": "am", "were": "was"}
WORD = re.compile(r"[\w'’]+|[^\w'’]+")


def turn_round(words: str) -> str:
    """`"text me before you come home"` as `"text you before I come home"`. Keeps spacing and punctuation."""
    words_file = load_client_words()
    tokens = WORD.findall(words)
    plain = [token.lower().replace("’", "'") for token in tokens]
    turned: list[str] = []
    verb_of = ""
    for number, (token, word) in enumerate(zip(tokens, plain, strict=True)):
        if not word[0].isalnum():
            turned.append(token)
            continue
        before = next((each for each in reversed(plain[:number]) if each[0].isalnum()), "")
        after = next((each for each in plain[number + 1 :] if each[0].isalnum()), "")
        if word == "i":
            turned.append("you")
            verb_of = "i"
            continue
        if word in ("you", "u", "ya"):
            is_object = (
                not after
                or (before in words_file.takes_object and after not in words_file.starts_clause)
                or tokens[number + 1 : number + 2] in (["."], [", "], ["?"])
            )
            if (
                before in ("before", "after", "like", "than")
                and after
                and after not in ("and", "or", "at", "in", "on", "too", "about", "with", "for")
            ):
                is_object = False
            turned.append("me" if is_object else "I")
            verb_of = "" if is_object else "you"
            continue
        if word in words_file.turned:
            turned.append(words_file.turned[word])
        elif verb_of == "i" and word in AFTER_I:
            turned.append(AFTER_I[word])
        elif verb_of == "you" and word in AFTER_YOU:
            turned.append(AFTER_YOU[word])
        elif word in ("am", "are") and after in ("i", "you"):
            turned.append("are" if after == "i" else "am")
        elif word in ("was", "were") and after in ("i", "you"):
            turned.append("were" if after == "i" else "was")
        else:
            turned.append(token)
        verb_of = ""
    return "".join(turned)
