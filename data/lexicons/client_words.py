"""Read `client_words.yml`: how the client's own words are trimmed and turned round for the partner's mouth."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from data.read_yaml import YamlFile, read_yaml

PATH = Path(__file__).resolve().parent / "client_words.yml"


@dataclass(frozen=True)
class ClientWords:
    """Compiled patterns and word lists; see the comments in the file."""

    never_echoed: re.Pattern[str]
    lead: re.Pattern[str]
    frames: tuple[tuple[re.Pattern[str], str], ...]
    past: dict[str, str]
    cut: re.Pattern[str]
    nowhere: re.Pattern[str]
    trailing: re.Pattern[str]
    unfinished: re.Pattern[str]
    turned: dict[str, str]
    takes_object: frozenset[str]
    starts_clause: frozenset[str]
    common: frozenset[str]


@functools.cache
def load_client_words(path: Path = PATH) -> ClientWords:
    """The word lists. Raises ContentError for a missing key or a pattern that does not compile."""
    file = read_yaml(path)
    value = file.value
    for key in (*ClientWords.__dataclass_fields__, "ok"):
        if key not in value:
            raise file.fault((key,), "missing", f"add `{key}:`")
    any_of = {key: "|".join(value[key]) for key in ("never_echoed", "lead", "cut", "nowhere", "trailing", "unfinished")}
    frames = []
    for number, frame in enumerate(value["frames"]):
        pattern = rf"^(?:{frame['begins'].replace('{ok}', value['ok'])})\b[\s,]*"
        frames.append((compile_pattern(file, ("frames", number, "begins"), pattern), frame.get("subject", "")))
    return ClientWords(
        never_echoed=compile_pattern(file, ("never_echoed",), rf"\b(?:{any_of['never_echoed']})\b|[<>{{}}\[\]|\\/@#*_=]"),
        lead=compile_pattern(file, ("lead",), rf"^(?:(?:{any_of['lead']})\b[\s,:–-]*)+"),
        frames=tuple(frames),
        past={str(past): str(base) for past, base in value["past"].items()},
        cut=compile_pattern(file, ("cut",), rf"(?:[?!.;…\n]|\s+[-–—]\s+|,?\s+(?:{any_of['cut']})\b).*"),
        nowhere=compile_pattern(file, ("nowhere",), rf"^(?:{any_of['nowhere']})$"),
        unfinished=compile_pattern(file, ("unfinished",), rf"\b(?:{any_of['unfinished']})$"),
        trailing=compile_pattern(file, ("trailing",), rf"[\s,]+(?:{any_of['trailing']})$"),
        turned={str(word): str(turned) for word, turned in value["turned"].items()},
        takes_object=frozenset(map(str, value["takes_object"])),
        starts_clause=frozenset(map(str, value["starts_clause"])),
        common=frozenset(map(str, value["common"])),
    )


def compile_pattern(file: YamlFile, place: tuple[str | int, ...], pattern: str) -> re.Pattern[str]:
    """The pattern, or a ContentError at its place."""
    try:
        return re.compile(pattern, re.IGNORECASE | re.DOTALL)
    except re.error as error:
        raise file.fault(place, f"is not a pattern ({error})", "mend the regular expression") from None
