"""Secrets that are easy to find: looks for them in bytes, in every form that they are written in."""

import base64
import pathlib
import secrets
import urllib.parse


def made(name: str) -> str:
    """A secret with a name, of letters and digits alone."""
    return f"canary{name}{secrets.token_hex(12)}"


def forms(secret: str) -> dict[str, bytes]:
    """The bytes that stand for a secret, by the name of the form."""
    raw = secret.encode()
    found = {"plain": raw, "hex": raw.hex().encode(), "reversed": raw[::-1],
             "utf-16": secret.encode("utf-16-le"),
             "url": urllib.parse.quote(secret, safe="").encode()}
    for shift in range(3):  # where it may begin within base64's groups of three
        whole = base64.b64encode(b"\0" * shift + raw)
        found[f"base64+{shift}"] = whole[4 if shift else 0:-4].rstrip(b"=")
    return found


class Canaries:
    def __init__(self):
        self.forms: dict[tuple[str, str], bytes] = {}
        self.scanned = 0

    def add(self, name: str, secret: str):
        for form, data in forms(secret).items():
            if len(data) >= 12:
                self.forms[name, form] = data

    def add_bytes(self, name: str, data: bytes):
        self.forms[name, "bytes"] = data
        self.add(name, data.hex())
        self.forms[name, "base64"] = base64.b64encode(data).rstrip(b"=")

    def check(self, where: str, data: bytes | str):
        data = data.encode() if isinstance(data, str) else data
        self.scanned += len(data)
        for (name, form), wanted in self.forms.items():
            at = data.find(wanted)
            assert at < 0, f"{name} ({form}) in {where}: …{data[max(0, at - 120):at + 60]!r}"

    def check_folder(self, folder: str, leaving_out=()):
        for path in pathlib.Path(folder).rglob("*"):
            if path.is_file() and path.name not in leaving_out:
                self.check(str(path), path.read_bytes())
