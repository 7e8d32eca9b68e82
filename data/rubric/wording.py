"""Read what the client is told about each criterion (data/rubric/criteria.yml)."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from data.criteria import KEYS
from data.faults import ContentError
from data.read_yaml import read_yaml

FILE = Path(__file__).parent / "criteria.yml"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CriterionWording(_Frozen):
    name: str
    kind: Literal["skill", "fault", "safety"]
    meaning: str
    why: str
    strength: tuple[str, ...]
    next_step: tuple[str, ...]


class CompleteWording(_Frozen):
    plain_stop: tuple[str, ...]
    good_as_it_is: tuple[str, ...]


class Wording(_Frozen):
    """`version` of the rubric, the wording of each of the 19 criteria, and what is said when nothing is missing."""

    version: str
    criteria: dict[str, CriterionWording]
    complete: CompleteWording


def read_wording(path: Path = FILE) -> Wording:
    """Read and check the wording. Raises ContentError with file, line and key."""
    file = read_yaml(path)
    try:
        wording = Wording.model_validate(file.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise file.fault(first["loc"], first["msg"].lower(), "compare with a neighbouring entry") from None
    for key in KEYS:
        if key not in wording.criteria:
            raise ContentError(path, file.line_of(("criteria",)), f"criteria.{key}", "missing", "add the criterion with its wording")
    for key, entry in wording.criteria.items():
        if key not in KEYS:
            raise file.fault(("criteria", key), "is no criterion of the codebook", "remove it or mend its name")
        if not entry.next_step or (entry.kind == "skill" and not entry.strength):
            raise file.fault(("criteria", key), "has no message", "a skill needs a strength and a next step, a fault a next step")
    return wording
