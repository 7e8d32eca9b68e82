"""Read what the app says when safety speaks, and where the operator says that people can turn.

The texts are ours (data/safety/help.<locale>.yml). Telephone numbers and addresses come only from the operator's own file for that very
locale (SAYABLE_HOME/help.<locale>.yml), so that nobody is ever given a number of another country or one that nobody has checked.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.faults import ContentError
from data.read_yaml import YamlFile, read_yaml

FOLDER = Path(__file__).parent
OPERATOR_FORM = FOLDER / "help.operator.yml"
FALLBACK = "en"
MOST_WORDS = 90
STALE_AFTER = timedelta(days=366)

HelpKind = Literal["self_harm", "being_hurt", "harm_to_others", "unsure"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


ModelT = TypeVar("ModelT", bound=_Frozen)


class Panel(_Frozen):
    """The plain voice of the app for one kind of danger; `unsure` when only the model spoke."""

    title: str = Field(min_length=1)
    paragraphs: tuple[str, ...] = Field(min_length=1)


class WhoIsTold(_Frozen):
    """The sentence for a clinic that is not notified, and for one that is: the same setting chooses both the doing and the saying."""

    nobody: str = Field(min_length=1)
    clinic: str = Field(min_length=1)


class HelpWording(_Frozen):
    """Buttons and short notes around the panel."""

    show_again: str
    not_meant: str
    folded: str
    resume: str
    grounding: str
    leave_quickly: str
    delete_words: str
    continue_later: str
    write_myself: str
    not_for_force: str
    safe_device: str
    footer: str
    no_numbers: str


class Resource(_Frozen):
    """Somewhere to turn, as the operator entered it. `checked_on`: the day on which a person tried it."""

    name: str = Field(min_length=1)
    kind: Literal["self_harm", "being_hurt", "harm_to_others", "any"]
    phone: str = Field("", pattern=r"^[0-9+() \-/#*]*$")
    text: str = ""
    url: str = Field("", pattern=r"^(https?://[^\s<>\"]+)?$")
    hours: str = ""
    languages: tuple[str, ...] = ()
    source: str = Field(min_length=1)
    checked_on: date

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.phone or self.text or self.url):
            raise ValueError("give at least one of phone, text and url")
        return self


class HelpBook(_Frozen):
    """Everything the help panel and the help page say in one locale."""

    locale: str
    panels: dict[HelpKind, Panel]
    who_is_told: WhoIsTold
    wording: HelpWording
    grounding: tuple[str, ...] = Field(min_length=1)
    resources: tuple[Resource, ...] = ()
    operator_confirmed_on: date | None = None

    def find_resources(self, kind: str) -> tuple[Resource, ...]:
        """The operator's entries for this kind of danger, those for any kind last; for `unsure` all of them."""
        if kind == "unsure":
            return self.resources
        own = tuple(resource for resource in self.resources if resource.kind == kind)
        return own + tuple(resource for resource in self.resources if resource.kind == "any")

    def find_warnings(self, today: date) -> tuple[str, ...]:
        """What the operator should see to, in whole sentences; empty when all is well."""
        warnings = []
        if self.operator_confirmed_on is None:
            warnings.append("The help file has not been confirmed: enter the day on which you checked it as operator_confirmed_on.")
        elif today - self.operator_confirmed_on > STALE_AFTER:
            warnings.append(f"The help file was last confirmed on {self.operator_confirmed_on}: check it again and enter the new day.")
        if not self.resources:
            warnings.append('The help file holds no service yet: people are told only "your local emergency number".')
        for resource in self.resources:
            if today - resource.checked_on > STALE_AFTER:
                told = f"“{resource.name}” in the help file was last checked on {resource.checked_on}"
                warnings.append(f"{told}: try it and enter the new day.")
        return tuple(warnings)


class _OperatorFile(_Frozen):
    operator_confirmed_on: date | None = None
    resources: tuple[Resource, ...] = ()
    panels: dict[HelpKind, Panel] = {}


def read_help(locale: str = FALLBACK, home: Path | None = None) -> HelpBook:
    """The help book of `locale` with the operator's file from `home` (SAYABLE_HOME) laid over it. Raises ContentError.

    A locale that has no texts of ours gets the English texts, and only the services that the operator entered for that very locale.
    """
    return _read_help(locale, home)


def read_help_beside(locale: str, home: Path, main: HelpBook) -> HelpBook:
    """The help book for readers of `locale` in a house whose own book is `main`. Raises ContentError.

    The texts are those of `locale`. Where people can turn depends on where they are and not on the language they read: these are the
    services of the house's own book, until the operator has entered and confirmed a file of their own for readers of `locale`.
    """
    book = _read_help(locale, home)
    if locale == main.locale or book.operator_confirmed_on is not None:
        return book
    return book.model_copy(update={"resources": main.resources, "operator_confirmed_on": main.operator_confirmed_on})


def read_every_help() -> list[HelpBook]:
    """Our own texts in every language that they are there in. Raises ContentError."""
    return [_read_help(path.stem.removeprefix("help."), None) for path in sorted(FOLDER.glob("help.*.yml")) if "operator" not in path.name]


def _read_help(locale: str, home: Path | None) -> HelpBook:
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", locale):
        raise ContentError(FOLDER / "help.?.yml", 1, "locale", f"{locale!r} is no locale", "write it like en, es or pt_BR")
    path = FOLDER / f"help.{locale}.yml"
    if not path.exists():
        path = FOLDER / f"help.{locale.replace('-', '_').split('_')[0]}.yml"
    if not path.exists():
        path = FOLDER / f"help.{FALLBACK}.yml"
    file = read_yaml(path)
    book = _check(file, HelpBook)
    for kind in ("self_harm", "being_hurt", "harm_to_others", "unsure"):
        if kind not in book.panels:
            raise ContentError(path, file.line_of(("panels",)), f"panels.{kind}", "missing", "add the panel with its title and paragraphs")
    if book.resources or book.operator_confirmed_on:
        raise file.fault(("resources",), "our own file ships no services", "enter them in SAYABLE_HOME instead")
    _check_lengths(file, book.panels, book.who_is_told)
    own = home / f"help.{locale}.yml" if home else None
    if own is None or not own.exists():
        return book
    own_file = read_yaml(own)
    entered = _check(own_file, _OperatorFile)
    _check_lengths(own_file, entered.panels, book.who_is_told)
    return book.model_copy(
        update={
            "locale": locale,
            "panels": {**book.panels, **entered.panels},
            "resources": entered.resources,
            "operator_confirmed_on": entered.operator_confirmed_on,
        }
    )


def place_operator_form(home: Path, locale: str = FALLBACK) -> Path:
    """Lay the empty form, in this language where there is one, at SAYABLE_HOME/help.<locale>.yml unless a file is there already.

    Returns its path.
    """
    path = home / f"help.{locale}.yml"
    form = FOLDER / f"help.operator.{locale}.yml"
    if not path.exists():
        path.write_text((form if form.exists() else OPERATOR_FORM).read_text(encoding="utf-8"), encoding="utf-8")
    return path


def count_words(panel: Panel, who_is_told: str) -> int:
    """Words in a whole panel: title, paragraphs and who is told."""
    return len(" ".join((panel.title, *panel.paragraphs, who_is_told)).split())


def _check(file: YamlFile, model: type[ModelT]) -> ModelT:
    value: Any = {} if file.value is None else file.value
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        raise file.fault(first["loc"], first["msg"].lower(), "compare with data/safety/help.operator.yml or a neighbouring entry") from None


def _check_lengths(file: YamlFile, panels: dict[HelpKind, Panel], who_is_told: WhoIsTold) -> None:
    """A person in fear reads little: every panel stays within MOST_WORDS."""
    for kind, panel in panels.items():
        words = max(count_words(panel, who_is_told.nobody), count_words(panel, who_is_told.clinic))
        if words > MOST_WORDS:
            raise file.fault(("panels", kind), f"holds {words} words with who_is_told", f"say it in {MOST_WORDS} at most")
