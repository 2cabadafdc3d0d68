r"""Reads the framing cases in test/fault/framing: raw bytes and what must happen.

A file is a list of cases:

    == name-of-the-case
    # why, with the paragraph of the standard
    > POST /v1/chat/completions HTTP/1.1\r\n
    > Host: $HOST\r\n\r\n
    expect: reject 400

The text after each `> ` is sent as it stands; nothing is added between lines. Escapes: \r \n \t
\0 \\ \s (a space, where an editor would eat it) and \xNN. `<<abc*1000>>` repeats. `$NAME`
stands for a value given by the suite (`$HOST`, `$BODY`, `$LEN`, …). A line `| ` starts a new
send after a short pause.

Expectations for requests:
    reject S,S,…    one answer with one of these statuses, in the API's error form; then closed
    accept S,S,…    an answer per status, in order; the connection stays open (or `close`)
    answer S,S,…    one answer with one of these statuses; what the connection does is open
    either S,S,…    as answer, but after a refusal the connection must close
    closed          the connection ends without any answer, or with a 4xx
    head-then-get   the answer to HEAD has no body, the GET behind it is answered
Options: `close` (accepted, then closed), `upstream=N` (calls that must reach the upstream),
`interim=100`, `method=HEAD`.

Expectations for answers (upstream side):
    good            the client gets the answer; the connection may serve again
    good-fresh      the client gets the answer; the connection must not serve again
    bad             502 in the API's error form; the connection must not serve again
    cut             502, or, when the answer had begun, the client sees that it is not complete
    broken-body     502, or exactly the upstream's bytes; the connection must not serve again
                    when bytes were left over
    good-or-bad     one of the two, and nothing else
    bad-or-status   502 or this status
"""

import pathlib
import re
from dataclasses import dataclass, field

ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[rnt0s\\])")
REPEAT = re.compile(r"<<(.*?)\*(\d+)>>", re.S)
SIMPLE = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "s": " ", "\\": "\\"}
CHAT = b'{"model":"edge/m","messages":[{"role":"user","content":"hi"}]}'
SMUGGLED = b'{"model":"edge/smuggled","messages":[{"role":"user","content":"x"}]}'


@dataclass
class Case:
    name: str
    parts: list[str] = field(default_factory=list)
    verdict: str = ""
    statuses: list[int] = field(default_factory=list)
    options: dict = field(default_factory=dict)

    def bytes(self, **values) -> list[bytes]:
        """The bytes to send, part by part."""
        return [decode(part, values) for part in self.parts]


def decode(text: str, values: dict) -> bytes:
    def put(value) -> str:
        return value.decode("latin-1") if isinstance(value, bytes) else str(value)

    def unescape(found) -> str:
        code = found.group(1)
        return chr(int(code[1:], 16)) if code[0] == "x" else SIMPLE[code]

    text = ESCAPE.sub(unescape, text)
    for name in sorted(values, key=len, reverse=True):
        text = text.replace("$" + name, put(values[name]))
    text = REPEAT.sub(lambda found: found.group(1) * int(found.group(2)), text)
    return text.encode("latin-1")


def request_values(host: str) -> dict:
    """What request cases may name: a valid chat body, and a request that must never be seen."""
    hidden = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
              b"application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(SMUGGLED), SMUGGLED))
    return {"HOST": host, "BODY": CHAT, "LEN": len(CHAT), "HEX": "%x" % len(CHAT), "CHUNKED": "$CHATTransfer-Encoding: chunked\r\n\r\n",
            "SMUGGLED": hidden, "SMUGLEN": len(hidden), "SMUGHEX": "%x" % len(hidden),
            "CHAT": "POST /v1/chat/completions HTTP/1.1\r\nHost: " + host +
                    "\r\nContent-Type: application/json\r\n"}


def load(path: pathlib.Path) -> list[Case]:
    cases: list[Case] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("== "):
            cases.append(Case(line[3:].strip(), [""]))
        elif line == ">":
            pass
        elif line.startswith("> "):
            cases[-1].parts[-1] += line[2:]
        elif line.startswith("| "):
            cases[-1].parts.append(line[2:])
        elif line.startswith("expect: "):
            words = line[8:].split()
            cases[-1].verdict = words[0]
            for word in words[1:]:
                if re.fullmatch(r"[\d,]+", word):
                    cases[-1].statuses = [int(s) for s in word.split(",")]
                else:
                    key, _, value = word.partition("=")
                    cases[-1].options[key] = value or True
        elif line and not line.startswith("#"):
            raise ValueError(f"{path.name}:{number}: {line!r}")
    names = [case.name for case in cases]
    assert len(names) == len(set(names)), f"{path.name}: a case name comes twice"
    assert all(case.verdict for case in cases), f"{path.name}: a case without expectation"
    return cases


def load_all(folder: pathlib.Path, pattern: str) -> list[Case]:
    return [case for path in sorted(folder.glob(pattern)) for case in load(path)]


def answer_values(answer: bytes, evil: bytes, canary: str) -> dict:
    """What answer cases may name: a good body, a body that must never be seen, a trap's URL."""
    return {"ANSWER": answer, "LEN": len(answer), "HEX": "%x" % len(answer),
            "EVILLEN": len(evil), "EVIL": evil, "CANARY": canary,
            "FIELDS": "Content-Type: application/json\r\n"}
