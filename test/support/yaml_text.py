"""Writes plain data as block YAML, so that the tests need no YAML library."""

import json
import re

PLAIN = re.compile(r"^[A-Za-z][A-Za-z0-9_./-]*$|^[0-9]+(ms|s|m|h|B|KiB|MiB|GiB)?$")
WORDS_WITH_A_MEANING = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def scalar(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    plain = PLAIN.match(value) and value.lower() not in WORDS_WITH_A_MEANING
    return value if plain else json.dumps(value)


def dump(value, depth: int = 0) -> str:
    pad = "  " * depth
    lines = []
    for key, item in value.items():
        if isinstance(item, dict) and item:
            lines.append(f"{pad}{scalar(key)}:\n{dump(item, depth + 1)}")
        elif isinstance(item, dict):
            lines.append(f"{pad}{scalar(key)}: {{}}\n")
        elif isinstance(item, list):
            lines.append(f"{pad}{scalar(key)}: [{', '.join(scalar(i) for i in item)}]\n")
        else:
            lines.append(f"{pad}{scalar(key)}: {scalar(item)}\n")
    return "".join(lines)
