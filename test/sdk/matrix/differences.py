"""The one table of what is not the same everywhere: what a vendor has no word for, what an SDK does
not show. All else must be exact for every pair.
"""

from support.upstreams import script

# What an SDK, or the dialect that it speaks, does not show its caller.
CLIENTS = {
    "gemini": {"no_ids", "mute_refusal"},
    "ollama": {"no_ids", "no_cached", "no_reasoning_count", "silent_refusal"},
    "anthropic": {"no_reasoning_count"},
    "cohere": {"no_reasoning_count", "silent_refusal"},
    "openai_responses": {"silent_refusal"},
    "vercel_responses": {"silent_refusal"},
    "mistral": {"no_reasoning_count", "silent_refusal", "wordless_break"},
    "langchain_openai": {"no_thoughts", "mute_refusal"},
    "langchain_anthropic": {"no_reasoning_count"},
    "langchain_google": {"mute_refusal"},
    "vercel_anthropic": {"no_reasoning_count"},
    "vercel_openai": {"no_thoughts"},
    "vercel_google": {"mute_refusal"},
}
# What a vendor's answers do not say.
UPSTREAMS = {
    "anthropic": {"no_reasoning_count"},
    "bedrock": {"no_reasoning_count"},
    "cohere": {"no_reasoning_count"},
    "mistral": {"no_reasoning_count", "silent_refusal"},
    "ollama_native": {"no_reasoning_count", "no_cached", "silent_refusal"},
    "workers_ai": {"no_reasoning_count", "no_cached", "no_finish", "silent_refusal"},
    "huggingface": {"silent_refusal", "no_thoughts", "no_reasoning_count", "no_cached"},
    "openai": {"no_thoughts", "silent_refusal"},
    "azure_openai": {"no_thoughts", "silent_refusal"},
    "openai_responses": {"silent_refusal"},
    "gemini": {"mute_refusal"},
    "vertex": {"mute_refusal"},
}

# Upstream → feature → the words, one of which the 400 must have: the vendor has none for it.
# From the vendors' documentation; a client of the same dialect is not refused: the vendor decides.
TOOLS = ("tools", "fragments", "bare_tool", "parallel_tools", "text_and_tool", "tool_required",
         "tool_named",
         "one_tool_at_a_time", "old_call", "tool_loop", "parallel_loop", "reasoning_loop")
IMAGE, TOOL = ("image", "content"), ("tool",)
REFUSED = {
    "anthropic": {"embeddings": ("embedding",)},
    "openai_responses": {"stop": ("stop",), "embeddings": ("embedding",)},
    "cohere": {"pdf": ("document", "file", "content", "inlineData")},
    "ollama_native": {"pdf": IMAGE, "tool_required": TOOL,
                      "tool_named": TOOL},
    "workers_ai": {"pdf": IMAGE},
    "huggingface": {"image_url": IMAGE, "image_data": IMAGE, "pdf": IMAGE,
                    **{name: TOOL for name in TOOLS}},
}

# Upstream → feature → beginnings of complaints that are forgiven, because what is missing was
# dropped, and the header x-signalbox-dropped must name it by one of the words.
DROPPED = {
    "huggingface": {"reasoning": ("reasoning asked for",)},
    "workers_ai": {"reasoning": ("reasoning asked for",),
                   "reasoning_loop": ("reasoning asked for",)},  # an effort alone is carried
}
# Feature → upstreams that drop it without harm: the header must say so.
NAMED = {"one_tool_at_a_time": ("gemini", "vertex", "cohere", "ollama_native"),
         "cache": ("openai", "openai_responses", "azure_openai", "gemini", "vertex", "mistral",
                   "cohere", "ollama_native", "workers_ai", "huggingface")}
# The same of what an SDK leaves out by itself.
FORGIVEN_OF_CLIENTS = {"langchain_openai": ("temperature",),
                       "vercel_anthropic": ("max_tokens: got 6048",),  # adds the budget
                       "langchain_google": ("ids of the calls",), "ollama": ("ids of the calls",)}

# (dialect of the client, upstream) → what of thoughts must come back in `reasoning_loop`.
RETURNS = {
    ("anthropic", "anthropic"): ("thought", "signature"),
    ("anthropic", "bedrock"): ("thought", "signature"),
    ("openai_responses", "openai_responses"): ("signature",),
    ("gemini", "gemini"): ("call_signature",),
    ("gemini", "vertex"): ("call_signature",),
    ("mistral", "mistral"): ("thought",),
    ("cohere", "cohere"): ("thought",),
    ("ollama_native", "ollama_native"): ("thought",),
}

# Statuses that may stand for one another on the way to a client.
STATUSES = {401: {401, 403}, 503: {503, 529}, 413: {413, 400}}

# SDK → status → the class of error that it raises; one class for all where it has only one.
CLASSES = {400: "BadRequestError", 401: "AuthenticationError", 403: "PermissionDeniedError",
           404: "NotFoundError", 429: "RateLimitError", 500: "InternalServerError",
           503: "InternalServerError", 529: "InternalServerError"}
ANTHROPIC = {**CLASSES, 413: "ContentTooLargeError", 529: "OverloadedError",
             503: "ServiceUnavailableError"}
COHERE = {400: "BadRequestError", 401: "UnauthorizedError", 403: "ForbiddenError",
          404: "NotFoundError", 429: "TooManyRequestsError", 500: "InternalServerError",
          503: "ServiceUnavailableError"}
GOOGLE = {400: "ClientError", 401: "ClientError", 403: "ClientError", 404: "ClientError",
          413: "ClientError", 429: "ClientError", 500: "ServerError", 503: "ServerError"}
ERRORS = {
    ("python", "openai"): CLASSES, ("python", "openai_responses"): CLASSES,
    ("python", "anthropic"): ANTHROPIC, ("python", "cohere"): COHERE,
    ("python", "gemini"): GOOGLE, ("python", "mistral"): "SDKError",
    ("python", "ollama"): "ResponseError", ("python", "langchain_openai"): CLASSES,
    ("python", "langchain_anthropic"): ANTHROPIC,
    ("python", "langchain_google"): {400: "GoogleInvalidRequestError",
                                     401: "GoogleAuthenticationError",
                                     403: "GooglePermissionDeniedError",
                                     404: "GoogleModelNotFoundError", 429: "GoogleRateLimitError",
                                     500: "GoogleAPIError", 503: "GoogleAPIError"},
    ("node", "openai"): CLASSES, ("node", "openai_responses"): CLASSES,
    ("node", "anthropic"): ANTHROPIC, ("node", "cohere"): COHERE, ("node", "gemini"): "ApiError",
    ("node", "mistral"): "SDKError", ("node", "ollama"): "ResponseError",
    ("node", "vercel_openai"): "APICallError", ("node", "vercel_responses"): "APICallError",
    ("node", "vercel_anthropic"): "APICallError", ("node", "vercel_google"): "APICallError",
}


def traits(case) -> set[str]:
    found = set(CLIENTS.get(case.client, ())) | set(UPSTREAMS.get(case.upstream, ()))
    if "cohere" in (case.upstream, case.dialect):
        found.add("tool_plan")
    return found


def refused(case) -> tuple | None:
    """Words of which the 400 must have one; None: it must be answered."""
    if case.dialect == case.upstream:
        return None
    return REFUSED.get(case.upstream, {}).get(script.bare(case.feature))


def dropped(case) -> tuple:
    """Beginnings of what an upstream may miss, because it was dropped and named."""
    if case.dialect == case.upstream:
        return ()
    return DROPPED.get(case.upstream, {}).get(script.bare(case.feature), ())


def named(case) -> bool:
    """Whether the answer must say that something was dropped."""
    return case.dialect != case.upstream and \
        case.upstream in NAMED.get(script.bare(case.feature), ())


def forgiven(case) -> tuple:
    return FORGIVEN_OF_CLIENTS.get(case.client, ())


def must_return(case) -> tuple:
    return RETURNS.get((case.dialect, case.upstream), ())


def error_class(case, status) -> str | None:
    told = ERRORS[case.language, case.client]
    return told if isinstance(told, str) else told.get(status)
