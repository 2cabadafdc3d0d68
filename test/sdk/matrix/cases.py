"""All cases: who asks (client), who answers (upstream), what for (feature)."""

from dataclasses import dataclass

from support.upstreams import UPSTREAMS, script

# Client → the upstream whose language it speaks.
PYTHON = {"openai": "openai", "openai_responses": "openai_responses", "anthropic": "anthropic",
          "gemini": "gemini", "mistral": "mistral", "cohere": "cohere", "ollama": "ollama_native",
          "langchain_openai": "openai", "langchain_anthropic": "anthropic",
          "langchain_google": "gemini"}
NODE = {"openai": "openai", "openai_responses": "openai_responses", "anthropic": "anthropic",
        "gemini": "gemini", "mistral": "mistral", "cohere": "cohere", "ollama": "ollama_native",
        "vercel_openai": "openai", "vercel_responses": "openai_responses",
        "vercel_anthropic": "anthropic", "vercel_google": "gemini"}

ONLY = {"count_tokens": ("anthropic", "gemini"), "cache": ("anthropic",)}  # SDKs that have them

# What an SDK has no words for, by feature.
NO_WORDS = {
    "openai": (), "mistral": (), "anthropic": ("embeddings",),
    "openai_responses": ("stop", "embeddings"),
    "gemini": ("one_tool_at_a_time", "fragments"),
    "cohere": ("one_tool_at_a_time", "tool_named", "pdf"),
    "ollama": ("one_tool_at_a_time", "tool_named", "tool_required", "tool_none", "pdf",
               "image_url"),
    "langchain_openai": ("one_tool_at_a_time", "image_url", "pdf", "embeddings"),
    "langchain_anthropic": ("one_tool_at_a_time", "image_url", "pdf", "tool_none", "embeddings"),
    "langchain_google": ("one_tool_at_a_time", "image_url", "pdf", "fragments", "embeddings"),
    "vercel_openai": ("image_url",), "vercel_responses": ("image_url", "stop", "embeddings"),
    "vercel_anthropic": ("image_url", "embeddings"),
    "vercel_google": ("one_tool_at_a_time", "image_url", "fragments"),
}


@dataclass(frozen=True)
class Case:
    language: str
    client: str
    upstream: str
    feature: str
    number: int

    @property
    def id(self) -> str:
        return f"c{self.number}"

    @property
    def name(self) -> str:
        return f"{self.client}-to-{self.upstream}-{self.feature}"

    @property
    def dialect(self) -> str:
        """The dialect that the client speaks."""
        return {"python": PYTHON, "node": NODE}[self.language][self.client]

    def ask(self) -> dict:
        return script.ask(self.feature)


def cases(language: str, direct: bool = False) -> list[Case]:
    """`direct`: each client on its own vendor's upstream alone, without the program between."""
    found, number = [], 0 if language == "python" else 100_000
    for client, home in {"python": PYTHON, "node": NODE}[language].items():
        for upstream in UPSTREAMS:
            for feature in script.FEATURES:
                number += 1
                if client not in ONLY.get(feature, (client,)):
                    continue
                if feature.startswith("own_") and (direct or upstream != home):
                    continue
                if script.bare(feature) in NO_WORDS[client] or (direct and upstream != home):
                    continue
                found.append(Case(language, client, upstream, feature, number))
    return found
