"""OpenAI's Responses."""
from openai_chat import image_url

SPEC = "openai.openapi.json"


def fit_usage(maker, usage):
    into, out = maker.random.randint(0, 90000), maker.random.randint(0, 9000)
    usage |= {"input_tokens": into, "output_tokens": out, "total_tokens": into + out}
    for details, most in (("input_tokens_details", into), ("output_tokens_details", out)):
        for key in usage[details]:
            if key.endswith("_tokens"):
                usage[details][key] = maker.random.randint(0, most // 4)
    return usage


MEMBERS = {
    "arguments": lambda maker: maker.arguments(),
    "image_url": image_url,
    "file_data": lambda maker: "data:application/pdf;base64," + maker.base64(),
    "encrypted_content": lambda maker: maker.base64() + "==",
    "Response.created_at": lambda maker: maker.random.randint(10**9, 2 * 10**9),
}
MEND = {"ResponseUsage": fit_usage}
WANTED = [
    ("openai_responses", "request", "CreateResponse", 800),
    ("openai_responses", "answer", "Response", 600),
]
