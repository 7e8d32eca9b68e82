"""The JSON Schema of a scene, for editors. `python -m data.scenarios.schema` writes `schema.json` anew."""

from __future__ import annotations

import json

from data.scenarios.groups import GROUPS
from data.scenarios.reader import HERE
from data.scenarios.scene import Reflection, Scene


def write_schema() -> str:
    """The schema as JSON text, with what each group of lines is for."""
    schema = Scene.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "A scene of Sayable"}
    banded = {"anyOf": [{"$ref": "#/$defs/Banded"}, {"type": "array", "items": {"type": "string"}}]}
    schema["properties"]["lines"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {**banded, "description": f"Answers a reply: {group.said_when}."} for name, group in GROUPS.items()},
        "required": [name for name, group in GROUPS.items() if group.least],
    }
    for part in ("asked", "told"):
        schema["$defs"]["Topic"]["properties"][part] = banded
    reflection = Reflection.model_json_schema()
    schema["$defs"].update(reflection.pop("$defs", {}))
    definitions = schema.pop("$defs")
    head = {key: schema.pop(key) for key in ("$schema", "title")}
    talk = {"if": {"properties": {"kind": {"const": "reflection"}}, "required": ["kind"]}, "then": reflection, "else": schema}
    schema = {**head, **talk, "$defs": definitions}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (HERE / "schema.json").write_text(write_schema(), encoding="utf-8")
