r"""R-06: bytes in, the same bytes out; only the model's value is another.

Every request below is sent raw; what the upstream received must be the same bytes with
`"edge/m"` replaced by `"m"`. Every answer must reach the client as the upstream wrote it.
"""

import pytest

from support import scripts
from support.client import Client, fetch, request

PREFIX = b'{"model":"edge/m","messages":[{"role":"user","content":"x"}]'
REQUESTS = {
    "plain": PREFIX + b"}",
    "model-last": b'{"messages":[{"role":"user","content":"x"}],"model":"edge/m"}',
    "model-in-the-middle": b'{"a":1,"model":"edge/m","messages":[{"role":"user","content":"x"}]}',
    "whitespace": b' \t\r\n{ "model" :\t"edge/m" ,\r\n "messages":[ {"role" : "user",\n'
                  b'"content":"x" } ] , "z" : [ 1 , 2 ] }\n\n ',
    "unknown-fields": PREFIX + b',"x_vendor":{"deep":[{"er":null}]},"zzz":true}',
    "key-order": b'{"z":1,"messages":[{"content":"x","role":"user"}],"model":"edge/m","a":2}',
    "numbers": PREFIX + b',"a":1.0,"b":1e2,"c":-0,"d":1E+2,'
               b'"e":0.1000000000000000055511151231257827,'
               b'"f":12345678901234567890123456789,"g":-0.0,"h":1e-400,"i":1.7976931348623157e308}',
    "temperature": PREFIX + b',"temperature":0.70,"top_p":1.00,"max_tokens":1e3}',
    "escapes": PREFIX + b',"a":"\\u0041\\/\\b\\f\\n\\r\\t\\"\\\\ \\u00e9 \\u2028 \\ud83d\\ude00"}',
    "lone-surrogates": PREFIX + b',"a":"\\ud83d","b":"\\ude00","c":"\\ude00\\ud83d",'
                       b'"d":"\\uD800x"}',
    "escaped-nul": PREFIX + b',"a":"\\u0000","\\u0000":1}',
    "utf-8": PREFIX + ',"a":"é 漢字 😀 \u2028 \ufeff \x7f"}'.encode(),
    "escaped-keys": PREFIX + b',"\\u0061bc":1,"a\\/b":2}',
    "empty-key": PREFIX + b',"":{"":""}}',
    "model-in-other-places": b'{"metadata":{"model":"edge/m"},"model":"edge/m","messages":'
                             b'[{"role":"user","content":"\\"model\\":\\"edge/m\\""}]}',
    "deep": PREFIX + b',"a":' + b"[" * 60 + b"]" * 60 + b"}",
    "long-string": PREFIX + b',"a":"' + b"y" * 200_000 + b'"}',
    "many-fields": PREFIX + b"".join(b',"k%d":%d' % (n, n) for n in range(2000)) + b"}",
    "literals": PREFIX + b',"a":true,"b":false,"c":null,"d":[],"e":{}}',
    "tools": PREFIX + b',"tools":[{"type":"function","function":{"name":"f","parameters":'
             b'{"type":"object","properties":{"n":{"type":"number","minimum":1.50}}}}}]}',
    "prototype-keys": PREFIX + b',"__proto__":{"x":1},"constructor":{"prototype":{}}}',
}
# The model's own spelling: an escaped slash, an escaped letter.
SPELLINGS = [b'"edge/m"', b'"edge\\/m"', b'"\\u0065dge/m"', b'"edge\\u002fm"']


def exchange(gateway, body: bytes) -> bytes:
    answer = fetch(gateway, "POST", "/v1/chat/completions", body)
    assert answer.status == 200, answer
    return answer.body


def replace_model(body: bytes) -> bytes:
    """The model's value at the top level, which is the only `"edge/m"` after a top-level key."""
    for mark in (b'"model":"edge/m","messages"', b'"model":"edge/m"}', b'"model":"edge/m","a"',
                 b'"model" :\t"edge/m"'):
        if mark in body:
            return body.replace(mark, mark.replace(b'"edge/m"', b'"m"'), 1)
    raise ValueError(body[:100])


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_a_request_is_sent_on_byte_for_byte(gateway, upstream, name):
    exchange(gateway, REQUESTS[name])
    got, wanted = upstream.requests[0].body, replace_model(REQUESTS[name])
    assert got == wanted, f"\n got {got[:300]!r}\nwant {wanted[:300]!r}"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_model_in_any_spelling(gateway, upstream, spelling):
    rest = b',"messages":[{"role":"user","content":"x"}],"n":1.0}'
    exchange(gateway, b'{"model":' + spelling + rest)
    got = upstream.requests[0].body
    assert got.startswith(b'{"model":"') and got.endswith(rest), got
    import json
    assert json.loads(got)["model"] == "m"


def test_a_model_name_with_odd_characters(gateway, upstream):
    import json

    for name in ('a"b', "a\\b", "é", "😀", "a b", "a\u0001b"):
        upstream.requests.clear()
        body = json.dumps({"model": "edge/" + name,
                           "messages": [{"role": "user", "content": "x"}]}).encode()
        answer = fetch(gateway, "POST", "/v1/chat/completions", body)
        if answer.status == 200:
            assert json.loads(upstream.requests[0].body)["model"] == name
            assert b"\r" not in answer.raw_head.replace(b"\r\n", b"")
        else:
            assert answer.status in (400, 404)


ANSWERS = {
    "plain": b'{"id":"x","object":"chat.completion","choices":[]}',
    "whitespace": b' {\n  "id" : "x" ,\r\n "choices":[ ]\t}\n ',
    "numbers": b'{"a":1.0,"b":1e2,"c":-0,"d":12345678901234567890123,"usage":{"prompt_tokens":1}}',
    "escapes": b'{"a":"\\u0041\\/\\ud83d","b":"\\ud83d\\ude00"}',
    "utf-8": '{"a":"é 😀 \u2028"}'.encode(),
    "unknown-fields": b'{"x_groq":{"id":"r"},"choices":[],"zzz":[{"y":null}]}',
    "a-completion": b'{"model":"gpt-4o-mini-2024-07-18","usage":{"prompt_tokens":5,'
                    b'"completion_tokens":6,"total_tokens":11,"cost":0.00070}, "choices":[{"index":'
                    b'0,"message":{"role":"assistant","content":"hi","reasoning":"h\\u006dm"}}]}',
    "large": b'{"a":"' + b"z" * 500_000 + b'"}',
}


@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_answer_comes_back_byte_for_byte(gateway, upstream, name, framing):
    body, kind = ANSWERS[name], ("Content-Type", "application/json")
    if framing == "length":
        upstream.default = scripts.raw(scripts.whole(body))
    elif framing == "chunked":
        third = len(body) // 3 + 1
        parts = [body[at:at + third] for at in range(0, len(body), third)]
        upstream.default = scripts.raw(
            scripts.head(200, [kind, ("Transfer-Encoding", "chunked")]) +
            b"".join(scripts.chunk(part) for part in parts) + b"0\r\n\r\n")
    else:
        upstream.default = scripts.raw(scripts.head(200, [kind]) + body, close=True)
    assert exchange(gateway, REQUESTS["plain"]) == body


EVENTS = [
    b'data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n',
    b'data: {"id":"c", "x" : 1.0 ,"choices":[{"index":0,"delta":{"content":"\\u00e9\\ud83d"}}],'
    b'"obfuscation":"abc"}\n\n',
    b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"\xc3\xa9"},"n":1e2}],"z":null}\n\n',
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"id":"c"}\n\n',
    b"data: [DONE]\n\n",
]


def test_a_stream_comes_back_byte_for_byte(gateway, upstream):
    upstream.default = scripts.stream(EVENTS)
    with Client(gateway.port) as client:
        client.send(request("POST", "/v1/chat/completions", REQUESTS["plain"][:-1] +
                            b',"stream":true}'))
        assert client.read_answer("POST").body == b"".join(EVENTS)


@pytest.mark.parametrize("options", [b"", b',"stream_options":{"include_usage":false}',
                                     b',"stream_options":null', b',"stream_options":{}',
                                     b',"stream_options":{"x_more":1.0}'])
def test_only_the_usage_option_is_added_to_a_stream(gateway, upstream, options):
    """R-07 counts usage though it was not asked for; the rest stays as it was written."""
    import json

    upstream.default = scripts.stream()
    body = PREFIX + options + b',"stream":true,"n":1.0,"z":"\\u0041"}'
    fetch(gateway, "POST", "/v1/chat/completions", body)
    got = upstream.requests[0].body
    sent, asked = json.loads(got), json.loads(body)
    assert sent.pop("stream_options")["include_usage"] is True
    asked.pop("stream_options", None)
    asked["model"] = "m"
    assert sent == asked
    assert b'"n":1.0' in got and b'"z":"\\u0041"' in got
    if b"x_more" in options:
        assert b'"x_more":1.0' in got


def test_a_stream_that_asked_for_usage_is_sent_on_untouched(gateway, upstream):
    upstream.default = scripts.stream()
    body = PREFIX + b',"stream":true, "stream_options" : {"include_usage":true } }'
    fetch(gateway, "POST", "/v1/chat/completions", body)
    assert upstream.requests[0].body == replace_model(body)
