"""An issuer of OpenID Connect tokens: describes itself, publishes its keys, signs what it is told.

Owner:   one test; `with Issuer() as issuer`. Needs the package `cryptography`.
Threads: its server has threads of its own; `asked` may be read from the test's at any time.
"""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

AUDIENCE = "signalbox"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, width: int = 0) -> str:
    return base64url(value.to_bytes(width or (value.bit_length() + 7) // 8, "big"))


class Key:
    """A key pair of one algorithm: RS256 or ES256."""

    def __init__(self, name: str, algorithm: str = "RS256"):
        self.name = name
        self.algorithm = algorithm
        self.private = (rsa.generate_private_key(65537, 2048) if algorithm == "RS256"
                        else ec.generate_private_key(ec.SECP256R1()))

    def jwk(self) -> dict:
        public = self.private.public_key().public_numbers()
        head = {"kid": self.name, "use": "sig", "alg": self.algorithm}
        if self.algorithm == "RS256":
            return {**head, "kty": "RSA", "n": number(public.n), "e": number(public.e)}
        return {**head, "kty": "EC", "crv": "P-256", "x": number(public.x, 32),
                "y": number(public.y, 32)}

    def pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, text: bytes) -> bytes:
        if self.algorithm == "RS256":
            return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())
        r, s = utils.decode_dss_signature(self.private.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token_of(header: dict, claims: dict, sign) -> str:
    parts = [base64url(json.dumps(each, separators=(",", ":")).encode())
             for each in (header, claims)]
    text = ".".join(parts)
    return text + "." + base64url(sign(text.encode()))


def shared_secret(secret: bytes):
    """What an attacker signs with who takes a public key for a shared secret."""
    return lambda text: hmac.new(secret, text, hashlib.sha256).digest()


class Issuer:
    def __init__(self):
        self.keys = [Key("first"), Key("curve", "ES256")]
        self.asked: list[str] = []  # paths, in their order
        self.hold = threading.Event()  # cleared: answers wait
        self.hold.set()
        self.port = 0
        self.server = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.hold.set()
        self.stop()

    @property
    def name(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                issuer.hold.wait()
                page = issuer.pages().get(self.path)
                body = json.dumps(page).encode()
                self.send_response(200 if page else 404)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02},
                         daemon=True).start()
        return self

    def stop(self):
        """It is away; start() brings it back in the same place."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def pages(self) -> dict:
        return {"/.well-known/openid-configuration":
                {"issuer": self.name, "jwks_uri": self.name + "/keys"},
                "/keys": {"keys": [key.jwk() for key in self.keys]}}

    def key_fetches(self) -> int:
        return self.asked.count("/keys")

    def claims(self, subject: str, *roles: str, **more) -> dict:
        now = int(time.time())
        return {"iss": self.name, "aud": AUDIENCE, "sub": subject, "name": subject.title(),
                "roles": list(roles), "iat": now, "exp": now + 600, **more}

    def token(self, subject: str, *roles: str, key: Key | None = None, **more) -> str:
        """Signed by the first key, unless another one is given."""
        key = key or self.keys[0]
        return token_of({"alg": key.algorithm, "kid": key.name},
                        self.claims(subject, *roles, **more), key.sign)
