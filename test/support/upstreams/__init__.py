"""Scripted upstreams, one class per vendor's dialect, by the provider's type."""

from .anthropic import Anthropic
from .azure_openai import AzureOpenAi
from .bedrock import Bedrock
from .cohere import Cohere
from .gemini import Gemini
from .huggingface import HuggingFace
from .mistral import Mistral
from .ollama_native import OllamaNative
from .openai import OpenAi
from .openai_responses import OpenAiResponses
from .vertex import Vertex
from .workers_ai import WorkersAi

UPSTREAMS = {kind.name: kind for kind in (
    OpenAi, OpenAiResponses, Anthropic, Gemini, Vertex, Mistral, Cohere, OllamaNative, Bedrock,
    WorkersAi, HuggingFace, AzureOpenAi)}
