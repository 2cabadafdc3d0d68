"""The HTTP side of a scripted upstream: requests whole, answers whole or streamed.

Threads: one per connection. Errors: a client that leaves is none.
"""

import base64
import http.server
import json
import sys
import urllib.parse
from dataclasses import dataclass

from . import script


@dataclass
class Asked:
    """One HTTP request."""
    method: str
    path: str
    query: dict
    headers: dict
    raw: bytes
    body: dict
    target: str = ""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client that leaves is none
            super().handle_error(request, address)


def handler_of(upstream):
    """The class of handlers that ask `upstream` what to answer."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            handle(self, upstream)

        def do_GET(self):
            send_picture(self)

        def log_message(self, *_):
            pass

    return Handler


def read_body(handler) -> bytes:
    if handler.headers.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while size := int(handler.rfile.readline().split(b";")[0], 16):
            body += handler.rfile.read(size)
            handler.rfile.readline()
        handler.rfile.readline()
        return body
    return handler.rfile.read(int(handler.headers.get("content-length") or 0))


def send_picture(handler) -> None:
    picture = base64.b64decode(script.PNG)
    handler.send_response(200)
    handler.send_header("content-type", "image/png")
    handler.send_header("content-length", str(len(picture)))
    handler.end_headers()
    handler.wfile.write(picture)


def handle(handler, upstream) -> None:
    raw = read_body(handler)
    url = urllib.parse.urlsplit(handler.path)
    try:
        body = json.loads(raw)
    except ValueError:
        body = {}
    asked = Asked(handler.command, url.path, dict(urllib.parse.parse_qsl(url.query)),
                  {name.lower(): value for name, value in handler.headers.items()}, raw, body,
                  handler.path)
    status, headers, answer = upstream.respond(asked)
    handler.send_response(status)
    streamed = isinstance(answer, list)
    plain = upstream.stream_type if streamed else "application/json"
    headers = {"content-type": plain, **headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    if not streamed:
        handler.send_header("content-length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)
        return
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    for frame in answer:
        if callable(frame):  # waits for something
            frame()
            continue
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(frame), frame))
        handler.wfile.flush()
    handler.wfile.write(b"0\r\n\r\n")


def sse(data, event: str = "") -> bytes:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return ((f"event: {event}\n" if event else "") + f"data: {text}\n\n").encode()
