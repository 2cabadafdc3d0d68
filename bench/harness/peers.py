"""The peers, each configured for its best."""

import shutil

from .process import free_port
from .targets import Target

NGINX_CONFIG = """
worker_processes 1;
daemon off;
pid {dir}/nginx.pid;
error_log {dir}/error.log crit;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {dir}/body;
  proxy_temp_path {dir}/proxy;
  fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  keepalive_requests 100000000;
  client_max_body_size 16m;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  upstream mock {{ server {upstream}; keepalive 1024; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ proxy_pass http://mock; }}
  }}
  server {{
    listen 127.0.0.1:{unbuffered_port} backlog=4096;
    location / {{ proxy_pass http://mock; proxy_buffering off; proxy_request_buffering off; }}
  }}
  server {{
    listen 127.0.0.1:{prompts_port} backlog=4096;
    client_body_buffer_size 1m;
    location / {{ proxy_pass http://mock; proxy_request_buffering off; }}
  }}
}}
"""


class Nginx(Target):
    """nginx `proxy_pass`, with servers that suit streams and big bodies, and the big prompts, best."""

    label = "nginx"
    ports = {}  # of the routes that have a server of their own

    def _start(self, log):
        unbuffered = free_port()
        self.ports = {"streams": unbuffered, "bodies": unbuffered, "prompts": free_port()}
        config = self._write(
            "nginx.conf",
            NGINX_CONFIG.format(
                dir=self.dir,
                upstream=self.upstream,
                port=self.port,
                unbuffered_port=unbuffered,
                prompts_port=self.ports["prompts"],
            ),
        )
        self._spawn([self.binary(), "-p", self.dir, "-e", self.dir / "start.log", "-c", config], log)

    def address(self, route):
        return f"127.0.0.1:{self.ports.get(route, self.port)}"

    def binary(self):
        return shutil.which("nginx") or "/usr/sbin/nginx"


HAPROXY_CONFIG = """
global
  nbthread 1
  maxconn 8192
defaults
  mode http
  timeout connect 5s
  timeout client 120s
  timeout server 120s
  timeout http-request 120s
  http-reuse always
frontend in
  bind 127.0.0.1:{port} backlog 4096
  default_backend mock
backend mock
  server mock {upstream} maxconn 8192
frontend streams
  bind 127.0.0.1:{streams_port} backlog 4096
  option http-no-delay
  default_backend mock_streams
backend mock_streams
  option http-no-delay
  server mock {upstream} maxconn 8192
"""


class Haproxy(Target):
    """haproxy; streams use a frontend with http-no-delay, without which it holds frames back 200 ms."""

    label = "haproxy"
    streams_port = 0

    def _start(self, log):
        self.streams_port = free_port()
        config = self._write(
            "haproxy.cfg",
            HAPROXY_CONFIG.format(port=self.port, streams_port=self.streams_port, upstream=self.upstream),
        )
        self._spawn([self.binary(), "-db", "-f", config], log)

    def address(self, route):
        return f"127.0.0.1:{self.streams_port if route == 'streams' else self.port}"

    def binary(self):
        return shutil.which("haproxy") or "/usr/sbin/haproxy"


class Portkey(Target):
    """Portkey's open gateway under Node; its entry script is found by portkey.install()."""

    label = "Portkey"
    heavy = False
    script = None

    def __init__(self, upstream, work_dir):
        super().__init__(upstream, work_dir)
        self.headers = (
            "x-portkey-provider: openai",
            f"x-portkey-custom-host: http://{upstream}/v1",
            "Authorization: Bearer none",
        )

    def _start(self, log):
        self._spawn(
            ["node", self.script, f"--port={self.port}", "--headless"],
            log,
            {"NODE_ENV": "production", "TRUSTED_CUSTOM_HOSTS": "127.0.0.1,localhost"},
        )
