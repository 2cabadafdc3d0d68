"""Azure OpenAI: chat completions with its own path, key header and content filter's reports."""

import re

from .openai import OpenAi
from .parts import Problem


class AzureOpenAi(OpenAi):
    name = "azure_openai"
    base = "/openai/v1"
    path = re.compile(r"^/openai/(v1|deployments/(?P<model>[^/]+))/chat/completions$")

    def check_credentials(self, asked):
        if asked.headers.get("api-key") != self.key:
            raise Problem(f"credentials: api-key is {asked.headers.get('api-key')!r}")

    def whole(self, answer, seen, model):
        body = super().whole(answer, seen, model)
        safe = {"hate": {"filtered": False, "severity": "safe"}}
        body["choices"][0]["content_filter_results"] = safe
        return {**body, "prompt_filter_results": [{"prompt_index": 0,
                                                   "content_filter_results": safe}]}

    def frames(self, answer, seen, model):
        """The first frame has no choices and no id."""
        results = [{"prompt_index": 0, "content_filter_results": {}}]
        first = self.chunk("", [], id="", object="", created=0, prompt_filter_results=results)
        return [first] + super().frames(answer, seen, model)
