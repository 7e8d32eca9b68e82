"""Read a YAML file and remember on which line every key stands, so that faults can name their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.reader import Reader

from data.faults import ContentError

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: ten times as fast
LARGEST = 1_000_000  # bytes; a content file larger than this is a mistake, and YAML of that size is slow to check


@dataclass(frozen=True)
class YamlFile:
    """The value of a YAML file and its node tree."""

    path: Path
    value: Any
    root: yaml.Node | None

    def line_of(self, place: Sequence[str | int]) -> int:
        """The line (from 1) of the deepest part of `place` that the file has."""
        node, line = self.root, 1
        for step in place:
            if isinstance(node, yaml.MappingNode):
                for key_node, value_node in node.value:
                    if key_node.value == str(step):
                        node, line = value_node, key_node.start_mark.line + 1
                        break
                else:
                    return line
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, str):
                continue  # the models name a band that the file may leave out
            else:
                return line
        return line

    def fault(self, place: Sequence[str | int], problem: str, remedy: str = "") -> ContentError:
        """A fault at `place` of this file."""
        return ContentError(self.path, self.line_of(place), write_place(place), problem, remedy)


def write_place(place: Sequence[str | int]) -> str:
    """`("lines", "heard", 3)` as `lines.heard[3]`."""
    written = ""
    for step in place:
        written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else str(step)
    return written


def read_yaml(path: Path, text: str | None = None) -> YamlFile:
    """Read `path` (or `text` in its name). Raises ContentError for what is not YAML, anchors, or a key given twice."""
    try:
        if text is None:
            raw = path.read_bytes()
            if len(raw) > LARGEST:
                raise ContentError(path, 1, "", f"the file is larger than {LARGEST} bytes", "split it")
            text = raw.decode("utf-8")
    except OSError as error:
        raise ContentError(path, 1, "", f"cannot be read ({error.strerror})", "check the name and the permissions") from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ContentError(path, line, "", "is not UTF-8", "save the file as UTF-8") from None
    refuse_unwritable(path, text)
    root = None
    try:
        refuse_aliases(path, text)
        loader = Loader(text)
        try:
            root = loader.get_single_node()
            if root is not None:
                refuse_double_keys(path, root, ())
            value = None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        unclosed = "quoted scalar" in str(error.context)
        mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        remedy = find_remedy(unclosed, text, line)
        raise ContentError(path, line, "", f"is not YAML: {error.problem}", remedy) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        unreadable = find_unreadable(root, ()) if isinstance(error, ValueError) else None
        if unreadable is not None:
            place, node = unreadable
            problem = f"{node.value[:40]!r} looks like a date or a number and is none"
            remedy = 'mend it (a date: 2027-11-01), or put it in double quotes: "…"'
            raise ContentError(path, node.start_mark.line + 1, write_place(place), problem, remedy) from None
        raise ContentError(path, 1, "", f"is not YAML: {type(error).__name__}", "check the file with an editor") from None
    return YamlFile(path, value, root)


def find_remedy(unclosed: bool, text: str, line: int) -> str:
    """What most likely mends a fault of YAML at `line` (from 1)."""
    lines = ["", *text.split("\n"), ""]
    line = min(line, len(lines) - 1)
    if "\t" in lines[line][: len(lines[line]) - len(lines[line].lstrip())]:
        return "indent with spaces, not with a tab"
    if any(lines[each].count('"') % 2 for each in (line, line - 1)) or unclosed:
        return "close the quotation mark, here or on the line above: what begins with \" must end with one"
    return 'put the text in double quotes: "…" (needed when it has a colon, starts with { or *, or holds a #)'


def refuse_unwritable(path: Path, text: str) -> None:
    """YAML has no place for control characters such as NUL, nor for halves of a character; the reader itself would name no line."""
    found = Reader.NON_PRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        problem = f"holds a character that no text has (U+{ord(found.group()):04X})"
        raise ContentError(path, line, "", problem, "delete it and save the file as UTF-8; an editor shows it as a box or a ^")


def find_unreadable(node: yaml.Node | None, place: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], yaml.ScalarNode] | None:
    """The first value of which YAML can make nothing, such as the date 2027-13-01, with its place."""
    children: list[tuple[str | int, yaml.Node]] = []
    if isinstance(node, yaml.ScalarNode):
        try:
            SafeConstructor().construct_object(node)
        except ValueError:
            return place, node
    elif isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            name = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            children += [(name, key_node), (name, value_node)]
    elif isinstance(node, yaml.SequenceNode):
        children += enumerate(node.value)
    found = (find_unreadable(child, (*place, name)) for name, child in children)
    return next((each for each in found if each is not None), None)


def refuse_aliases(path: Path, text: str) -> None:
    """Anchors and aliases can blow up a small file and hide where a value comes from."""
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ContentError(path, line, "", "uses a YAML alias (*name)", "write the value out, or quote the text")


def refuse_double_keys(path: Path, node: yaml.Node, place: tuple[str | int, ...]) -> None:
    """YAML would silently keep the last of two equal keys."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key_node, value_node in node.value:
            here = (*place, key_node.value if isinstance(key_node, yaml.ScalarNode) else "?")
            if here[-1] in seen:
                raise ContentError(path, key_node.start_mark.line + 1, write_place(here), "this key is given twice", "join the two")
            seen.add(str(here[-1]))
            refuse_double_keys(path, value_node, here)
    elif isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value):
            refuse_double_keys(path, child, (*place, number))
