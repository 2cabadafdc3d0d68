"""nginx and haproxy in front of the gateway, started from Debian's packages.

Owner:   one fixture. Errors: `missing(name)` says whether the program is there at all.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_rlimit_nofile 1024;
events {{ worker_connections 256; }}
http {{
  log_format each '$request_method $uri $upstream_addr';
  access_log {folder}/requests.log each;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  client_max_body_size 0;
  upstream gateway {{ server 127.0.0.1:{target}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{port};
    ignore_invalid_headers off;
    underscores_in_headers on;
    location / {{
      proxy_pass http://gateway;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }}
  }}
}}
"""

HAPROXY = """
global
  maxconn 256
  log stdout format raw local0 info
defaults
  mode http
  log global
  log-format "%HM %HP %s"
  option http-keep-alive
  http-reuse always
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend f
  bind 127.0.0.1:{port}
  default_backend b
backend b
  server s 127.0.0.1:{target} pool-max-conn 4
"""


def find(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def free_port() -> int:
    """A port that was free a moment ago: these programs cannot be asked for port 0."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Front:
    def __init__(self, kind: str, target: int):
        self.kind, self.target = kind, target
        self.folder = tempfile.mkdtemp(prefix=f"signalbox-{kind}-")

    def __enter__(self):
        for _ in range(5):  # another program may take the port in between
            self.port = free_port()
            self._start()
            if self._answers():
                return self
            self.child.kill()
            self.child.wait()
        raise RuntimeError(f"{self.kind} did not start: {self._log()}")

    def _start(self):
        text = NGINX if self.kind == "nginx" else HAPROXY
        path = os.path.join(self.folder, "conf")
        pathlib.Path(path).write_text(text.format(folder=self.folder, port=self.port,
                                                  target=self.target))
        flags = ["-e", os.path.join(self.folder, "error.log"), "-c", path] \
            if self.kind == "nginx" else ["-db", "-f", path]
        log = open(os.path.join(self.folder, "out.log"), "ab")
        self.child = subprocess.Popen([find(self.kind), *flags], stdout=log, stderr=log)
        log.close()

    def _answers(self) -> bool:
        end = time.monotonic() + 5
        while time.monotonic() < end and self.child.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.02)
        return False

    def forwarded_chats(self) -> int:
        """How many chat requests the front, by its own reading, has sent to the gateway."""
        path = pathlib.Path(self.folder, "requests.log" if self.kind == "nginx" else "out.log")
        target = f"127.0.0.1:{self.target}" if self.kind == "nginx" else "s"
        lines = [line.split() for line in path.read_text().splitlines()]
        return sum(line[:2] == ["POST", "/v1/chat/completions"] and line[2:] == [target]
                   for line in lines)

    def _log(self) -> str:
        return pathlib.Path(self.folder, "out.log").read_text()[-2000:]

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait(5)
        shutil.rmtree(self.folder, ignore_errors=True)
