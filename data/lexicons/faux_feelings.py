"""Read the words that sound like feelings but tell what somebody did (data/lexicons/faux_feelings.yml)."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from data.read_yaml import read_yaml

FILE = Path(__file__).parent / "faux_feelings.yml"


class Underneath(BaseModel):
    """Feelings that often lie under a faux feeling, and needs that may be at stake: offers, never findings."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    feelings: tuple[str, ...]
    needs: tuple[str, ...]


def read_faux_feelings(path: Path = FILE) -> dict[str, Underneath]:
    """Lower-case word or phrase → what may lie underneath. Raises ContentError."""
    file = read_yaml(path)
    try:
        return TypeAdapter(dict[str, Underneath]).validate_python(file.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise file.fault(first["loc"], first["msg"].lower(), "write {feelings: […], needs: […]}") from None
