"""Requests held against the vendors' OpenAPI descriptions in ../shared/specs, where they are.

jsonschema says what is missing or of the wrong type; a walk of our own says which members the
description does not know, because most descriptions do not forbid them.
"""

import functools
import json
import pathlib
import re

import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SPECS = pathlib.Path(__file__).resolve().parents[4] / "shared" / "specs"


@functools.lru_cache(None)
def load(file: str):
    path = SPECS / file
    if not path.exists():
        return None
    text = path.read_text()
    if file.endswith(".yaml"):
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return json.loads(text)


class Description:
    """The body of one operation."""

    def __init__(self, document: dict, path: str):
        self.document = document
        content = document["paths"][path]["post"]["requestBody"]["content"]
        self.schema = content["application/json"]["schema"]
        registry = Registry().with_resource("urn:api", Resource(document, DRAFT202012))
        self.validator = jsonschema.Draft202012Validator(
            {"$ref": "urn:api" + self._pointer(path)}, registry=registry)

    @staticmethod
    def _pointer(path: str) -> str:
        escaped = path.replace("~", "~0").replace("/", "~1")
        escaped = escaped.replace("{", "%7B").replace("}", "%7D")
        return f"#/paths/{escaped}/post/requestBody/content/application~1json/schema"

    def resolve(self, schema: dict) -> dict:
        while isinstance(schema, dict) and "$ref" in schema:
            target = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            schema = target
        return schema

    def branches(self, schemas: list) -> list[dict]:
        """All that may apply: references followed, alternatives side by side."""
        found, waiting = [], list(schemas)
        while waiting:
            schema = self.resolve(waiting.pop())
            if not isinstance(schema, dict):
                continue
            found.append(schema)
            for word in ("allOf", "anyOf", "oneOf"):
                waiting += schema.get(word, [])
        return found

    def unknown(self, value, schemas: list, where: str = "") -> list[str]:
        """Paths of members that no branch names."""
        branches = self.branches(schemas)
        if isinstance(value, list):
            items = [branch["items"] for branch in branches if "items" in branch]
            return [path for number, item in enumerate(value) if items
                    for path in self.unknown(item, items, f"{where}[{number}]")]
        if not isinstance(value, dict):
            return []
        named: dict[str, list] = {}
        free = False
        for branch in branches:
            for name, schema in branch.get("properties", {}).items():
                named.setdefault(name, []).append(schema)
            more = branch.get("additionalProperties")
            free |= bool(more) or (more is None and branch.get("type") == "object"
                                   and "properties" not in branch)
        if free or not named:
            return []
        found = []
        for name, item in value.items():
            path = f"{where}.{name}" if where else name
            if name not in named:
                found.append(path)
            else:
                found += self.unknown(item, named[name], path)
        return found


@functools.lru_cache(None)
def description(file: str, path: str) -> Description | None:
    document = load(file)
    return Description(document, path) if document else None


@functools.lru_cache(20_000)
def judged(spec: tuple, text: str) -> tuple[str, ...]:
    described = description(spec[0], spec[1])
    if not described:
        return ()
    body, allowed = json.loads(text), spec[2] if len(spec) > 2 else ()
    found = []
    for error in list(described.validator.iter_errors(body))[:3]:
        best = jsonschema.exceptions.best_match([error])
        if "valid under each" in best.message:
            continue  # descriptions whose alternatives overlap
        found.append(f"spec: {'.'.join(map(str, best.absolute_path))}: {best.message[:300]}")
    found += [f"spec: {path} is unknown" for path in described.unknown(body, [described.schema])
              if re.sub(r"\[\d+\]", "[]", path) not in allowed]
    return tuple(found)


def complaints(spec: tuple, body: dict) -> list[str]:
    """What the description has against `body`; nothing where the description is not there."""
    same = {**body, "model": "m"} if "model" in body else body
    return list(judged(spec, json.dumps(same, sort_keys=True)))
