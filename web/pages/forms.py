"""Plain forms, read with the same shapes as the API's JSON."""

from __future__ import annotations

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from web.rehearsal.faults import NotUnderstood

MAY_BE_LEFT_OUT = frozenset({"check", "review_on"})
"""Fields whose empty value in a form means that nothing was chosen."""

B = TypeVar("B", bound=BaseModel)


def read_form(shape: type[B]) -> B:
    """The posted form as `shape`, without the CSRF token; raises NotUnderstood."""
    fields = {name: value for name, value in request.form.items() if name != "csrf_token" and not (name in MAY_BE_LEFT_OUT and not value)}
    try:
        return shape.model_validate(fields)
    except ValidationError:
        raise NotUnderstood from None
