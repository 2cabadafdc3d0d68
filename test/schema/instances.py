"""Random values that fit a schema of a published API description (OpenAPI 3, JSON or YAML).

A Maker draws from a seeded generator, so that a run can be repeated. It covers what the
descriptions use: $ref, allOf, oneOf, anyOf, enum, const, types and lists of types, nullable,
bounds, maps. Texts have escapes and several scripts now and then, numbers are large now and then,
and objects that the description does not close get an unknown member now and then.
"""
import base64
import json
import pathlib
import string

REF = "#/components/schemas/"
ALPHABET = string.ascii_letters + "   _-.,:/0123456789"
ODD = ["é", "Straße", "日本", "🚦", "\"", "\\", "\n", "\t", "\u0001", "\u2028", "</s>", "{\"", "%s"]
PLAIN = {"uuid": "7d44b0a3-7c4f-4cb1-8f0b-0e4a6e1f9d55", "date-time": "2026-01-02T03:04:05Z",
         "uri": "https://files.example/a.png", "date": "2026-01-02", "email": "a@mail.example"}


def load(path):
    """The schemas of a description, by name."""
    text = pathlib.Path(path).read_text("utf-8")
    if path.suffix == ".json":
        return json.loads(text)["components"]["schemas"]
    import yaml
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["components"]["schemas"]


class Maker:
    """Makes values of one description.

    `members`: {"Schema.member" or "member": make(maker) -> value, or None for "leave it out"} in
    place of what the schema says; `mend`: {"Schema": mend(maker, value)} after a value was made.
    """

    def __init__(self, schemas, random, members=None, mend=None, unknown=0.04):
        self.schemas = schemas
        self.random = random
        self.members = members or {}
        self.mend = mend or {}
        self.unknown = unknown
        self.left = 250  # members and elements that may still be made beside what must be there

    def named(self, name, depth=0):
        return self.of({"$ref": REF + name}, depth)

    def chance(self, part):
        return self.random.random() < part

    def text(self, longest=24):
        size = self.random.randint(0 if self.chance(0.1) else 1, longest)
        letters = [self.random.choice(ALPHABET) for _ in range(size)]
        if self.chance(0.25):
            letters.insert(self.random.randint(0, len(letters)), self.random.choice(ODD))
        return "".join(letters)

    def name(self, prefix="n"):
        return prefix + "".join(self.random.choice("abcdefghij_0123456789") for _ in range(8))

    def base64(self):
        return base64.b64encode(self.random.randbytes(self.random.randint(1, 30))).decode()

    def json(self, depth=0):
        kinds = [self.text, lambda: self.random.randint(-10**6, 10**15), lambda: None,
                 lambda: self.chance(0.5), lambda: self.random.random() * 100]
        if depth < 2:
            kinds += [lambda: [self.json(depth + 1) for _ in range(self.random.randint(0, 3))],
                      lambda: self.object(depth + 1)]
        return self.random.choice(kinds)()

    def object(self, depth=0):
        return {self.name(): self.json(depth + 1) for _ in range(self.random.randint(0, 3))}

    def arguments(self):
        return json.dumps(self.object(), ensure_ascii=self.chance(0.5))

    def of(self, schema, depth=0, name=""):
        """A value of `schema`; `name` is that of the schema, where it has one."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(REF)
            value = self.of(self.schemas[name], depth, name)
            return self.mend[name](self, value) if name in self.mend else value
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return self.one_of(schema, key, depth, name)
        if "allOf" in schema:
            if len(schema["allOf"]) == 1 and "properties" not in schema:
                return self.of(schema["allOf"][0], depth, name)  # a description of its own
            return self.of(self.merged(schema), depth, name)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return self.random.choice(schema["enum"])
        kind = schema.get("type", "object" if "properties" in schema else None)
        if isinstance(kind, list):
            kind = self.random.choice(kind)
        if schema.get("nullable") and self.chance(0.1):
            return None
        makers = {"object": self.of_object, "array": self.of_array, "string": self.of_string,
                  "integer": self.of_integer, "number": self.of_number,
                  "boolean": lambda *_: self.chance(0.5), "null": lambda *_: None}
        return makers[kind](schema, depth, name) if kind else self.json()

    def one_of(self, schema, key, depth, name):
        rest = {k: v for k, v in schema.items() if k not in (key, "discriminator")}
        branches = schema[key]
        if depth > 9 or self.left < 0:  # the flattest way out
            branches = sorted(branches, key=lambda branch: "$ref" in branch or "items" in branch)[:1]
        branch = self.random.choice(branches)
        if "properties" in rest or "allOf" in rest:
            return self.of(self.merged({"allOf": [rest, branch]}), depth, name)
        return self.of(branch, depth, name)

    def merged(self, schema):
        """One object schema of all that `schema` demands."""
        out = {k: v for k, v in schema.items() if k != "allOf"}
        parts = [self.resolved(part) for part in schema["allOf"]]
        if len(parts) == 1 and "properties" not in out:
            return {**out, **parts[0]}
        properties, required = dict(out.get("properties", {})), list(out.get("required", []))
        for part in parts:
            properties |= part.get("properties", {})
            required += part.get("required", [])
        return {**out, "type": "object", "properties": properties, "required": required}

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].removeprefix(REF)]
        for key in ("oneOf", "anyOf"):
            if key in schema and "properties" not in schema:
                return self.resolved(self.random.choice(schema[key]))
        return self.merged(schema) if "allOf" in schema else schema

    def of_object(self, schema, depth, name):
        properties = schema.get("properties", {})
        required = set(schema.get("required", []))
        if not properties:
            return self.of_map(schema, depth)
        optional = self.random.choice([0.15, 0.5, 0.9]) if depth < 2 else max(0.15, 0.7 - depth * 0.1)
        value = {}
        if self.left < 0:
            optional = 0
        for key, member in properties.items():
            self.left -= 1
            make = self.members.get(f"{name}.{key}", self.members.get(key, Maker.of))
            if make is not None and (key in required or self.chance(optional)):
                value[key] = make(self, member, depth + 1) if make is Maker.of else make(self)
        if self.chance(self.unknown):
            value["x_unknown_" + self.name()] = self.json()
        return value

    def of_map(self, schema, depth):
        values = schema.get("additionalProperties")
        if isinstance(values, dict) and values:
            return {self.name(): self.of(values, depth + 1) for _ in range(self.random.randint(0, 3))}
        return self.object() if values is not False else {}

    def of_array(self, schema, depth, _):
        low = schema.get("minItems", 0)
        most = (3 if depth < 4 else 1) if self.left > 0 else 0
        size = self.random.randint(low, max(low, min(schema.get("maxItems", most), most)))
        return [self.of(schema.get("items", {}), depth + 1) for _ in range(size)]

    def of_string(self, schema, *_):
        if schema.get("format") in PLAIN:
            return PLAIN[schema["format"]]
        if schema.get("format") in ("byte", "binary"):
            return self.base64()
        text = self.text(min(24, schema.get("maxLength", 24)))
        return self.name() if "pattern" in schema or len(text) < schema.get("minLength", 0) else text

    def of_integer(self, schema, *_):
        low = int(schema.get("minimum", 0))
        high = int(schema.get("maximum", 2**53 if self.chance(0.1) else low + 5000))
        return self.random.randint(low, high)

    def of_number(self, schema, *_):
        low, high = schema.get("minimum", 0), schema.get("maximum", 5000)
        if schema.get("format") == "unixtime" or self.chance(0.2):
            return self.random.randint(int(low), int(high))
        return round(self.random.uniform(low, high), self.random.randint(1, 12))
