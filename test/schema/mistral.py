"""Mistral's Chat Completions and Embeddings."""
from openai_chat import chunks, image_url

SPEC = "mistral.openapi.yaml"


def fit_usage(maker, usage):
    prompt, completion = maker.random.randint(0, 90000), maker.random.randint(0, 9000)
    usage |= {"prompt_tokens": prompt, "completion_tokens": completion,
              "total_tokens": prompt + completion}
    cached = maker.random.randint(0, prompt)
    if usage.get("num_cached_tokens") is not None:
        usage["num_cached_tokens"] = cached
    for key in ("prompt_tokens_details", "prompt_token_details"):
        if usage.get(key):
            usage[key]["cached_tokens"] = cached
    return usage


MEMBERS = {
    "arguments": lambda maker: maker.arguments(),
    "image_url": image_url,
    "tool_call_id": lambda maker: maker.name("a"),
}
MEND = {"UsageInfo": fit_usage}
WANTED = [
    ("mistral", "request", "ChatCompletionRequest", 500),
    ("mistral", "answer", "ChatCompletionResponse", 300),
    ("mistral", "embeddings_request", "EmbeddingRequest", 100),
    ("mistral", "embeddings_answer", "EmbeddingResponse", 100),
]
