"""Read the drills in `data/drills/*.yml`: single lines to answer, one skill each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from data.faults import ContentError
from data.read_yaml import YamlFile, read_yaml

HERE = Path(__file__).resolve().parent
SKILLS: tuple[str, ...] = ("i_statement", "paraphrase", "emotion_label")

Text = Annotated[str, Field(min_length=2, max_length=600)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DrillLine(Part):
    """One thing to answer: a situation, something the partner says, or both."""

    id: Annotated[str, Field(pattern=r"^[a-z][0-9]{2}$")]
    situation: Text | None = None
    who: Text | None = None
    says: Text | None = None
    hint: Text
    example: Text


class Drill(Part):
    """A drill for one skill. `rounds` is how many lines one round has."""

    skill: str
    title: Text
    intro: Text
    met: Annotated[tuple[Text, ...], Field(min_length=1)]
    near: Text
    """Said when the scorer is not sure, and then the line counts as met: a wrong "missed" would harm more."""
    missed: Text
    fault: Text
    rounds: Annotated[int, Field(ge=2, le=12)]
    lines: Annotated[tuple[DrillLine, ...], Field(min_length=14)]

    @field_validator("lines")
    @classmethod
    def check_lines(cls, lines: tuple[DrillLine, ...]) -> tuple[DrillLine, ...]:
        """Ids are unique, and every line has something to answer."""
        seen = set()
        for line in lines:
            if line.id in seen:
                raise ValueError(f"the id {line.id!r} is given twice; give every line an id of its own")
            seen.add(line.id)
            if line.situation is None and line.says is None:
                raise ValueError(f"the line {line.id!r} has nothing to answer; add `situation:` or `says:`")
        return lines

    def line(self, line_id: str) -> DrillLine:
        """The line with this id. Raises KeyError."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)


def read_drills(folder: Path = HERE) -> dict[str, Drill]:
    """Every drill by skill. Raises ContentError for the first fault, also when a drill is missing."""
    return {skill: read_drill(folder / f"{skill}.yml", skill) for skill in SKILLS}


def read_drill(path: Path, skill: str) -> Drill:
    """One drill. Raises ContentError with file, line and key."""
    file = read_yaml(path)
    if not isinstance(file.value, dict):
        raise file.fault((), "is not a drill", "start from data/drills/i_statement.yml")
    try:
        drill = Drill.model_validate(file.value)
    except ValidationError as error:
        raise tell_fault(file, error) from None
    if drill.skill != skill:
        raise file.fault(("skill",), f"the file is called {path.name} but drills {drill.skill!r}", f"write `skill: {skill}`")
    return drill


def tell_fault(file: YamlFile, error: ValidationError) -> ContentError:
    """The first pydantic error as a ContentError."""
    first = error.errors(include_url=False)[0]
    message = str(first.get("ctx", {}).get("error", first["msg"]))
    problem, _, remedy = message.partition("; ")
    return file.fault(first["loc"], problem[:1].lower() + problem[1:], remedy or "see data/drills/i_statement.yml for the format")
