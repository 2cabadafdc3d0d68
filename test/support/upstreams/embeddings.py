"""Embeddings and counts of tokens, in each vendor's form: texts in, vectors out."""

import base64
import re
import struct
from dataclasses import dataclass
from typing import Callable

from .parts import Problem, need, only

TEXTS = ["one text", "another – 你好"]
TOKENS = 9


def vector(text: str) -> list[float]:
    """A vector of three that every form of number carries exactly."""
    return [len(text) / 8, 0.5, -0.25]


def listed(value) -> list[str]:
    return [value] if isinstance(value, str) else value


def openai_texts(asked) -> list[str]:
    return listed(need(asked.body.get("input"), "input"))


def openai_vectors(vectors, asked):
    packed = asked.body.get("encoding_format") == "base64"
    data = [base64.b64encode(struct.pack("<3f", *one)).decode() if packed else one
            for one in vectors]
    return {"object": "list", "model": asked.body.get("model"),
            "data": [{"object": "embedding", "index": index, "embedding": one}
                     for index, one in enumerate(data)],
            "usage": {"prompt_tokens": TOKENS, "total_tokens": TOKENS}}


def gemini_texts(asked) -> list[str]:
    requests = asked.body.get("requests") or [asked.body]
    return ["".join(part["text"] for part in one["content"]["parts"]) for one in requests]


def gemini_vectors(vectors, asked):
    values = [{"values": one} for one in vectors]
    return {"embeddings": values} if "requests" in asked.body else {"embedding": values[0]}


def vertex_texts(asked) -> list[str]:
    return [one["content"] for one in asked.body["instances"]]


def vertex_vectors(vectors, asked):
    counts = {"token_count": TOKENS / len(vectors), "truncated": False}
    return {"predictions": [{"embeddings": {"values": one, "statistics": counts}}
                            for one in vectors]}


def cohere_texts(asked) -> list[str]:
    only(asked.body, "model texts images inputs input_type embedding_types truncate max_tokens "
         "output_dimension priority", "body")
    need(asked.body.get("input_type"), "input_type")
    return asked.body.get("texts") or ["".join(part["text"] for part in one["content"])
                                       for one in asked.body["inputs"]]


def cohere_vectors(vectors, asked):
    return {"id": "mx", "embeddings": {"float": vectors}, "texts": TEXTS,
            "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": TOKENS}},
            "response_type": "embeddings_by_type"}


def bedrock_texts(asked) -> list[str]:
    if "inputText" in asked.body:
        raise Problem("this is one of Cohere's models")
    need(asked.body.get("input_type"), "input_type")
    return asked.body["texts"]


def bedrock_vectors(vectors, asked):
    floats = {"float": vectors} if asked.body.get("embedding_types") else vectors
    return {"id": "mx", "embeddings": floats, "texts": TEXTS,
            "response_type": "embeddings_floats"}


@dataclass
class Form:
    path: re.Pattern
    model: str
    texts: Callable
    vectors: Callable


FORMS = {
    "openai": Form(re.compile(r"^/v1/embeddings$"), "text-embedding-3-small", openai_texts,
                   openai_vectors),
    "azure_openai": Form(re.compile(r"^/openai/v1/embeddings$"), "text-embedding-3-small",
                         openai_texts, openai_vectors),
    "mistral": Form(re.compile(r"^/v1/embeddings$"), "mistral-embed", openai_texts,
                    lambda vectors, asked: {"id": "mx", **openai_vectors(vectors, asked)}),
    "gemini": Form(re.compile(r"^/v1(beta)?/models/(?P<model>.+):(batchE|e)mbedContents?$"),
                   "gemini-embedding-001", gemini_texts, gemini_vectors),
    "vertex": Form(re.compile(r"/publishers/google/models/(?P<model>.+):predict$"),
                   "text-embedding-005", vertex_texts, vertex_vectors),
    "cohere": Form(re.compile(r"^/v2/embed$"), "embed-v4.0", cohere_texts, cohere_vectors),
    "ollama_native": Form(re.compile(r"^/api/embed$"), "nomic-embed-text",
                          lambda asked: listed(asked.body["input"]),
                          lambda vectors, asked: {"model": asked.body["model"],
                                                  "embeddings": vectors,
                                                  "prompt_eval_count": TOKENS}),
    "bedrock": Form(re.compile(r"^/model/(?P<model>[^/]+)/invoke$"), "cohere.embed-english-v3",
                    bedrock_texts, bedrock_vectors),
    "workers_ai": Form(re.compile(r"^/client/v4/accounts/mx/ai/run/(?P<model>@cf/.+)$"),
                       "@cf/baai/bge-base-en-v1.5", lambda asked: listed(asked.body["text"]),
                       lambda vectors, asked: {
                           "result": {"shape": [len(vectors), 3], "data": vectors},
                           "success": True, "errors": [], "messages": []}),
    "huggingface": Form(re.compile(r"^/hf-inference/models/(?P<model>.+)/pipeline/"
                                   r"feature-extraction$"), "sentence-transformers/all-MiniLM-L6",
                        lambda asked: listed(asked.body["inputs"]),
                        lambda vectors, asked: vectors),
}

# Vendors that count the tokens of a conversation: where, and how they say it.
COUNTS = {
    "anthropic": (re.compile(r"^/v1/messages/count_tokens$"), {"input_tokens": TOKENS}),
    "gemini": (re.compile(r"^/v1(beta)?/models/(?P<model>.+):countTokens$"),
               {"totalTokens": TOKENS}),
    "vertex": (re.compile(r"/publishers/google/models/(?P<model>.+):countTokens$"),
               {"totalTokens": TOKENS, "totalBillableCharacters": 30}),
    "bedrock": (re.compile(r"^/model/(?P<model>[^/]+)/count-tokens$"), {"inputTokens": TOKENS}),
}
