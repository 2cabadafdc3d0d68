"""The same small interface over every SDK: a question in, what the SDK made of the answer out.

A client builds its request as its documentation shows, gives back the SDK's own message objects
in a loop of tools, and reports what came in neutral words. It judges nothing.
"""

import json


def said(text="", calls=(), thoughts="", finish="", usage=None, refusal="") -> dict:
    """`calls`: dicts of id, name and args; `usage`: input with cached, output with reasoning."""
    return {"text": text or "", "calls": list(calls), "thoughts": thoughts or "", "finish": finish,
            "usage": usage or {}, "refusal": refusal or ""}


def usage(input=None, output=None, cached=None, reasoning=None) -> dict:
    counts = {"input": input, "output": output, "cached": cached, "reasoning": reasoning}
    return {name: value for name, value in counts.items() if value is not None}


def call(id, name, args) -> dict:
    if isinstance(args, str):
        args = json.loads(args)
    return {"id": id or "", "name": name, "args": args if args is not None else {}}


def data_url(mime: str, data: str) -> str:
    return f"data:{mime};base64,{data}"


class Client:
    name = ""           # as it stands in the matrix
    home = ""           # the upstream whose language it speaks
    base = ""           # what its SDK wants behind the host
    cannot = frozenset()  # features that the SDK itself has no words for

    def __init__(self, host: str, key: str):
        self.url, self.key = host + self.base, key

    def begin(self, ask: dict) -> list:
        """The conversation so far, in the SDK's form."""
        raise NotImplementedError

    def turn(self, model: str, ask: dict, talk: list) -> dict:
        """One request; appends the answer to `talk` and reports it."""
        raise NotImplementedError

    def results(self, talk: list, calls: list, results: dict) -> None:
        """Appends what the tools gave."""
        raise NotImplementedError

    def embed(self, model: str, texts: list) -> list:
        """Vectors of texts."""
        raise NotImplementedError

    def count(self, model: str, ask: dict) -> int:
        """The tokens of a conversation."""
        raise NotImplementedError

    def run(self, model: str, ask: dict) -> dict:
        if "texts" in ask:
            return {"vectors": [list(one) for one in self.embed(model, ask["texts"])]}
        if "count" in ask:
            return {"count": self.count(model, ask)}
        talk = self.begin(ask)
        first = self.turn(model, ask, talk)
        if "results" not in ask or not first["calls"]:
            return first
        self.results(talk, first["calls"],
                     {one["id"]: ask["results"].get(one["args"].get("city"), {})
                      for one in first["calls"]})
        return {**self.turn(model, ask, talk), "first": first}

    def failure(self, error: Exception) -> dict:
        """Of an error that the SDK raised: its class, the HTTP status, what it says."""
        status = getattr(error, "status_code", None) or getattr(error, "code", None)
        return {"error": type(error).__name__, "message": str(error),
                "status": status if isinstance(status, int) else None,
                "family": [c.__name__ for c in type(error).__mro__]}
