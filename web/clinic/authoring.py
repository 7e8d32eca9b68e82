"""What an author does with a scene of the clinic: begin, take in a file, change a section, change the text. Nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from data.scenarios import list_scene_files
from data.scenarios.clinic_file import LARGEST_SCENE, is_clinic_id
from web.clinic.scene_checks import Told, tell_faults
from web.clinic.scene_fields import Section
from web.clinic.scene_form import Filled, Form, NotFormable, fill_form, keep_typed, mark_section, read_form
from web.clinic.scene_refusals import ChangedMeanwhile, NoFile, NotAScene, NotAText, SceneTooLong
from web.clinic.scene_sections import find_section
from web.clinic.scene_text import TEMPLATE, Value, change_keys, name_scene, read_value
from web.clinic.scene_versions import add_scene, find_draft, find_version, save_draft
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

TRIES = 3
"""Two authors who begin a scene in the same moment both get an id."""


@dataclass(frozen=True)
class Drawn:
    """A section as its page shows it. `mark` says which state of it was shown; `theirs`: what somebody else wrote meanwhile."""

    section: Section
    filled: Filled
    told: list[Told]
    mark: str
    revision: int
    version: int
    value: Value
    theirs: Filled | None = None


@dataclass(frozen=True)
class DraftText:
    text: str
    told: list[Told]
    revision: int
    version: int


def find_source(house: House, source: str, version: int | None = None) -> str:
    """The text to begin a new scene with: `template`, one of ours, or a version of the clinic's. Raises NotFound."""
    if source == "template":
        return TEMPLATE.read_text(encoding="utf-8")
    if is_clinic_id(source):
        with house.database.reading() as session:
            return find_version(session, source, version or 0).content or ""
    for path in list_scene_files():
        if path.stem == source and house.catalogue.find(source) is not None:
            return path.read_text(encoding="utf-8")
    raise NotFound


def begin_scene(house: House, text: str, *, by_id: str, what: str = "scene_drafted") -> str:
    """A new scene of the clinic as a draft; gives its id. Raises SceneTooLong."""
    for _ in range(TRIES - 1):
        try:
            return _add(house, text, by_id, what)
        except IntegrityError:
            continue
    return _add(house, text, by_id, what)


def import_scene(house: House, content: bytes, *, by_id: str) -> str:
    """Take a scene in from a file of YAML; gives its new id. Raises NoFile, SceneTooLong, NotAText, or ImportRefused with every fault."""
    if not content.strip():
        raise NoFile
    if len(content) > LARGEST_SCENE:
        raise SceneTooLong
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotAText from None
    text = text.replace("\r\n", "\n")
    told = tell_faults(name_scene(text, "C01", 1), "C01", 1)  # the id and the version in the file are of another house
    if told:
        raise ImportRefused(told)
    return begin_scene(house, text, by_id=by_id, what="scene_imported")


class ImportRefused(NotAScene):
    """The file has faults; `told` names each with its line."""

    def __init__(self, told: list[Told]) -> None:
        super().__init__()
        self.told = told


def draw_section(house: House, scene_id: str, key: str) -> Drawn:
    """A section of the draft. Raises NotFound, or NotFormable when it can be edited as text alone."""
    with house.database.reading() as session:
        row = find_draft(session, scene_id)
        text, revision, version = row.content or "", row.revision, row.version
    value = _read_mapping(text)
    section = _find(value, key)
    return Drawn(
        section, fill_form(section, value), tell_faults(text, scene_id, version), mark_section(section, value), revision, version, value
    )


def try_section(house: House, scene_id: str, key: str, form: Form) -> Drawn:
    """The section as typed, checked with the rest of the draft as it is kept; nothing is stored."""
    drawn = draw_section(house, scene_id, key)
    with house.database.reading() as session:
        text = find_draft(session, scene_id).content or ""
    text = change_keys(text, read_form(drawn.section, drawn.value, form))
    told = tell_faults(text, scene_id, drawn.version)
    return Drawn(drawn.section, keep_typed(drawn.section, form), told, form.get("mark", ""), drawn.revision, drawn.version, drawn.value)


def save_section(house: House, scene_id: str, key: str, form: Form) -> Drawn | None:
    """Keep a section of the draft; other sections keep what others wrote into them.

    None when it is kept. When somebody changed this very section since it was shown, nothing is kept: both states come back to be shown.
    """
    typed = try_section(house, scene_id, key, form)
    try:
        with house.database.writing() as session:
            row = find_draft(session, scene_id, lock=True)
            value = _read_mapping(row.content or "")
            mark = mark_section(typed.section, value)
            if mark != form.get("mark", ""):
                theirs = fill_form(typed.section, value)
                if theirs != typed.filled:
                    return Drawn(typed.section, typed.filled, typed.told, mark, row.revision, row.version, value, theirs)
            text = change_keys(row.content or "", read_form(typed.section, value, form))
            save_draft(session, scene_id, text, now=house.now())
    except StaleDataError:
        raise ChangedMeanwhile from None
    return None


def draw_text(house: House, scene_id: str, typed: str | None = None) -> DraftText:
    """The whole draft as YAML, or what was typed instead, with its faults."""
    with house.database.reading() as session:
        row = find_draft(session, scene_id)
        text, revision, version = row.content or "", row.revision, row.version
    if typed is not None:
        text = name_scene(typed.replace("\r\n", "\n"), scene_id, version)
    return DraftText(text, tell_faults(text, scene_id, version), revision, version)


def save_text(house: House, scene_id: str, typed: str, revision: int) -> None:
    """Keep the whole draft as typed, also with faults. Raises ChangedMeanwhile, SceneTooLong."""
    try:
        with house.database.writing() as session:
            save_draft(session, scene_id, typed.replace("\r\n", "\n"), now=house.now(), revision=revision)
    except StaleDataError:
        raise ChangedMeanwhile from None


def list_sources(house: House) -> list[tuple[str, str]]:
    """Id and title of our scenes that can be copied."""
    there = {path.stem for path in map(Path, list_scene_files())}
    return [(card.id, card.title) for card in house.catalogue.list_cards() if card.id in there]


def _add(house: House, text: str, by_id: str, what: str) -> str:
    with house.database.writing() as session:
        return add_scene(session, house.audit, text, by_id=by_id, now=house.now(), what=what).scene_id


def _read_mapping(text: str) -> Value:
    value = read_value(text)
    if value is None:
        raise NotFormable
    return value


def _find(value: Value, key: str) -> Section:
    section = find_section(value, key)
    if section is None:
        raise NotFound
    return section
