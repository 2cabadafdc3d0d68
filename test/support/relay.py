"""A careless HTTP proxy before the gateway: it holds answers back, or adds a key for everybody.

Owner:   one test; `with Relay(port) as relay`. Threads: one per request, of its own.
"""

import http.client
import http.server
import threading


class Relay:
    """Reads each answer to its end before it passes on the first byte."""

    def __init__(self, target: int, *, add_key: str | None = None, status: int | None = None):
        handler = type("Handler", (_Handler,), {"target": target, "add_key": add_key,
                                                "status": status})
        self.server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    target = 0
    add_key = status = None

    def log_message(self, *_):
        pass

    def _pass_on(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.status:  # what is behind it is not reached
            self._answer(self.status, "text/html", b"<html>bad gateway</html>")
            return
        onward = http.client.HTTPConnection("127.0.0.1", self.target, timeout=30)
        fields = {n: v for n, v in self.headers.items()
                  if n.lower() not in ("host", "connection", "content-length")}
        if self.add_key:
            fields["authorization"] = f"Bearer {self.add_key}"
        onward.request(self.command, self.path, body, fields)
        answer = onward.getresponse()
        self._answer(answer.status, answer.getheader("content-type") or "text/plain",
                     answer.read())
        onward.close()

    def _answer(self, status: int, kind: str, data: bytes):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _pass_on
