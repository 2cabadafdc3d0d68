"""AWS Signature Version 4, checked on the receiving side: the signature is computed again from what
came and compared."""

import hashlib
import hmac
import re
import urllib.parse

from .parts import Problem

FORM = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                  r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")


def canonical(method: str, target: str, headers: dict, signed: str, body: bytes) -> str:
    path, _, query = target.partition("?")
    segments = [urllib.parse.quote(part, safe="-_.~") for part in path.split("/")]
    pairs = sorted(pair if "=" in pair else pair + "=" for pair in query.split("&") if pair)
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in signed.split(";"))
    return "\n".join([method, "/".join(segments), "&".join(pairs), lines, signed,
                      hashlib.sha256(body).hexdigest()])


def check(method: str, target: str, headers: dict, body: bytes, *, region: str, access_key: str,
          secret: str, service: str = "bedrock") -> None:
    """Raises Problem unless the request is signed by the secret."""
    found = FORM.fullmatch(headers.get("authorization", ""))
    if not found:
        raise Problem(f"no signature: {headers.get('authorization')!r}")
    given_key, day, given_region, given_service, signed, signature = found.groups()
    scope = (given_key, given_region, given_service)
    if scope != (access_key, region, service):
        raise Problem(f"signed for {scope}")
    stamp = headers.get("x-amz-date", "")
    if not stamp.startswith(day):
        raise Problem(f"x-amz-date is {stamp!r}, the scope {day}")
    missing = {"host", "x-amz-date"} - set(signed.split(";"))
    if missing:
        raise Problem(f"not signed: {missing}")
    if signed.split(";") != sorted(signed.split(";")):
        raise Problem("signed headers are not in order")
    text = canonical(method, target, headers, signed, body)
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, f"{day}/{region}/{service}/aws4_request",
                         hashlib.sha256(text.encode()).hexdigest()])
    key = b"AWS4" + secret.encode()
    for part in (day, region, service, "aws4_request", to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(key.hex(), signature):
        raise Problem(f"the signature is wrong; canonical request:\n{text}")
