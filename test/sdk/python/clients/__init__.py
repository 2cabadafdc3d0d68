"""The Python SDKs, by their name in the matrix."""

from .anthropic_messages import AnthropicMessages
from .cohere_chat import CohereChat
from .google_genai import GoogleGenAi
from .langchain_models import LangChainAnthropic, LangChainGoogle, LangChainOpenAi
from .mistral_chat import MistralChat
from .ollama_chat import OllamaChat
from .openai_chat import OpenAiChat
from .openai_responses import OpenAiResponses

CLIENTS = {kind.name: kind for kind in (
    OpenAiChat, OpenAiResponses, AnthropicMessages, GoogleGenAi, MistralChat, CohereChat,
    OllamaChat, LangChainOpenAi, LangChainAnthropic, LangChainGoogle)}
