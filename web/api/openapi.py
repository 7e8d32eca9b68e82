"""The OpenAPI 3.1 description of the API, drawn from the very models that read the requests and write the answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api import requests as bodies
from web.api.sharing import CarerShape, NewShareShape, PreviewShape
from web.rehearsal import shapes

_REFS = "#/components/schemas/{model}"
_TAKEN = (
    bodies.NewAttempt,
    bodies.NewDrill,
    bodies.Reply,
    bodies.PlainCommand,
    bodies.TimeOut,
    bodies.TryAgain,
    bodies.Guess,
    bodies.HelpAnswer,
    bodies.NoteBody,
    bodies.SelfCheck,
    bodies.CardBody,
    bodies.ShareChoice,
    bodies.NewShare,
)
_GIVEN = (
    shapes.AttemptShape,
    shapes.AttemptSummary,
    shapes.CarryOverShape,
    shapes.OutcomeShape,
    shapes.TurnShape,
    shapes.LobbyShape,
    shapes.DrillShape,
    shapes.SceneShape,
    CarerShape,
    PreviewShape,
    NewShareShape,
)
_COMMANDS = ("PlainCommand", "TimeOut", "TryAgain", "Guess")
_FAULTS = {
    "400": "The request was not understood, or its CSRF token is missing or too old.",
    "401": "There is no browser session.",
    "403": "The request came from another site, or this is not for people in this role (sharing is for clients), or "
    "a clinician has not set up the second factor that the house requires.",
    "404": "No such thing, or not yours.",
    "409": "Not possible now; `code` says why (still_answering, send_earlier_first, over, not_now, paused_for_help, message_id_used, "
    "preview_changed).",
    "413": "The body is larger than 256 KiB.",
    "422": "The text is empty or over 2000 code points, the scene does not exist, or there is nothing to share.",
    "429": "Too many requests; `Retry-After` says when to come back.",
    "500": "The program failed; what was stored before is kept.",
    "503": "The database is away or full; nothing of this request was kept, it may be sent again.",
}


def describe_api() -> dict[str, Any]:
    """The whole description as a JSON object."""
    _, schemas = models_json_schema(
        [*((body, "validation") for body in _TAKEN), *((shape, "serialization") for shape in _GIVEN)], ref_template=_REFS
    )
    components = dict(schemas["$defs"])
    components["Fault"] = {
        "type": "object",
        "required": ["error", "code"],
        "additionalProperties": False,
        "properties": {"error": {"type": "string"}, "code": {"type": "string"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Practice API",
            "version": "1",
            "description": "What the practice page uses. Every route works on what belongs to the browser session; "
            "every change needs the CSRF token of the page in the header X-CSRFToken.",
        },
        "servers": [{"url": "/api"}],
        "security": [{"browserSession": []}],
        "paths": _describe_paths(),
        "components": {
            "schemas": components,
            "securitySchemes": {"browserSession": {"type": "apiKey", "in": "cookie", "name": "practice"}},
        },
    }


def _describe_paths() -> dict[str, Any]:
    attempt, turn = _name_id("attempt_id"), _name_id("turn_id")
    told = {"200": _content(_ref(shapes.OutcomeShape)), "202": _content(_ref(shapes.OutcomeShape), "Stored; no answer yet.")}
    whole = {"200": _content(_ref(shapes.AttemptShape))}
    return {
        "/openapi.json": {"get": {"summary": "This description", "security": [], "responses": {"200": _content({"type": "object"})}}},
        "/scenes": {"get": _route("The scenes to choose from", {"200": _content(_list("scenes", shapes.SceneShape))})},
        "/lobby": {"post": _route("Say what you would like to practise", {"200": _content(_ref(shapes.LobbyShape))}, _ref(bodies.Reply))},
        "/attempts": {
            "get": _route("One's own attempts", {"200": _content(_list("attempts", shapes.AttemptSummary))}),
            "post": _route("Start a scene", {"201": _content(_ref(shapes.AttemptShape))}, _ref(bodies.NewAttempt)),
        },
        "/drills": {
            "get": _route("The one-minute drills to choose from", {"200": _content(_list("drills", shapes.DrillShape))}),
            "post": _route("Start a drill", {"201": _content(_ref(shapes.AttemptShape))}, _ref(bodies.NewDrill)),
        },
        "/attempts/{attempt_id}": {
            "parameters": [attempt],
            "get": _route("An attempt as it stands", whole),
            "delete": _route("Erase an attempt", {"204": {"description": "Erased."}}, changes=True),
        },
        "/attempts/{attempt_id}/replies": {
            "parameters": [attempt],
            "post": _route("Say something to the partner", told, _ref(bodies.Reply)),
        },
        "/attempts/{attempt_id}/commands": {
            "parameters": [attempt],
            "post": _route("Press a button", told, {"oneOf": [{"$ref": _REFS.format(model=name)} for name in _COMMANDS]}),
        },
        "/attempts/{attempt_id}/help": {"parameters": [attempt], "post": _route("Answer the help panel", whole, _ref(bodies.HelpAnswer))},
        "/attempts/{attempt_id}/note": {"parameters": [attempt], "put": _route("Keep a private note", told, _ref(bodies.NoteBody))},
        "/attempts/{attempt_id}/self-check": {
            "parameters": [attempt],
            "put": _route("Say how you feel about practising this, or take it back", whole, _ref(bodies.SelfCheck)),
        },
        "/attempts/{attempt_id}/agreement": {
            "parameters": [attempt],
            "put": _route("Keep the agreement card", told, _ref(bodies.CardBody)),
            "delete": _route("Withdraw the agreement", {"204": {"description": "Withdrawn."}}, changes=True),
        },
        "/carers": {"get": _route("Clinicians to share with", {"200": _content(_list("carers", CarerShape))})},
        "/attempts/{attempt_id}/share/preview": {
            "parameters": [attempt],
            "post": _route(
                "See exactly what would be shared; shares nothing", {"200": _content(_ref(PreviewShape))}, _ref(bodies.ShareChoice)
            ),
        },
        "/attempts/{attempt_id}/share": {
            "parameters": [attempt],
            "post": _route("Share what the preview showed", {"201": _content(_ref(NewShareShape))}, _ref(bodies.NewShare)),
        },
        "/shares/{share_id}": {
            "parameters": [_name_id("share_id")],
            "delete": _route("Take a share back", {"204": {"description": "Taken back; it opens nothing any more."}}, changes=True),
        },
        "/carried-over": {"get": _route("Skills used in each finished rehearsal", {"200": _content(_ref(shapes.CarryOverShape))})},
        "/attempts/{attempt_id}/turns/{turn_id}": {
            "parameters": [attempt, turn],
            "get": _route("One turn", {"200": _content(_ref(shapes.TurnShape))}),
            "delete": _route("Take back a reply without an answer", {"204": {"description": "Taken back."}}, changes=True),
        },
        "/attempts/{attempt_id}/turns/{turn_id}/resend": {
            "parameters": [attempt, turn],
            "post": _route("Send a stored reply again", told, changes=True),
        },
        "/attempts/{attempt_id}/turns/{turn_id}/take-up": {
            "parameters": [attempt, turn],
            "post": _route("Go back to an earlier try and what followed it", whole, changes=True),
        },
        "/attempts/{attempt_id}/turns/{turn_id}/versions": {
            "parameters": [attempt, turn],
            "get": _route("All tries of one reply", {"200": _content(_list("versions", shapes.TurnShape))}),
        },
    }


def _route(summary: str, answers: dict[str, Any], body: dict[str, Any] | None = None, *, changes: bool = False) -> dict[str, Any]:
    route: dict[str, Any] = {"summary": summary, "responses": dict(answers)}
    for status, meaning in _FAULTS.items():
        route["responses"].setdefault(status, _content({"$ref": _REFS.format(model="Fault")}, meaning))
    if body is not None:
        route["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if body is not None or changes:
        route["parameters"] = [{"name": "X-CSRFToken", "in": "header", "required": True, "schema": {"type": "string"}}]
    return route


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": _REFS.format(model=model.__name__)}


def _list(name: str, model: type[BaseModel]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name],
        "additionalProperties": False,
        "properties": {name: {"type": "array", "items": _ref(model)}},
    }


def _content(schema: dict[str, Any], description: str = "Done.") -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _name_id(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}
