"""AWS event-stream frames, written as their documentation says: lengths, CRC32, typed headers."""

import json
import struct
import zlib


def frame(headers: dict[str, str], payload: dict) -> bytes:
    names = b"".join(struct.pack(">B", len(name)) + name.encode() + b"\x07"
                     + struct.pack(">H", len(value)) + value.encode()
                     for name, value in headers.items())
    body = json.dumps(payload, ensure_ascii=False).encode()
    prelude = struct.pack(">II", 16 + len(names) + len(body), len(names))
    prelude += struct.pack(">I", zlib.crc32(prelude))
    message = prelude + names + body
    return message + struct.pack(">I", zlib.crc32(message))


def event(kind: str, payload: dict) -> bytes:
    return frame({":event-type": kind, ":content-type": "application/json",
                  ":message-type": "event"}, payload)


def exception(kind: str, payload: dict) -> bytes:
    return frame({":exception-type": kind, ":content-type": "application/json",
                  ":message-type": "exception"}, payload)
