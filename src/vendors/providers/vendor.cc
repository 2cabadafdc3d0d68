#include "vendors/providers/vendor.h"

#include <algorithm>
#include <array>

namespace signalbox::providers {
namespace {

using Names = std::string_view;

using enum chat::Operation;

// What servers of one's own have nearly always.
constexpr Operations kTexts = Only(kChat, kCompletions, kEmbeddings);

// Facts: the vendors' public API references, 2026-11.
constexpr auto kOpenAiKeys = std::to_array<Names>({"OPENAI_API_KEY"});
constexpr auto kOpenAiModels = std::to_array<Names>(
    {"gpt-", "chatgpt-", "o1", "o3", "o4", "o5", "text-embedding-", "davinci", "babbage", "tts-1",
     "whisper-1", "dall-e-", "omni-moderation-", "text-moderation-"});
constexpr auto kMistralKeys = std::to_array<Names>({"MISTRAL_API_KEY"});
constexpr auto kMistralModels =
    std::to_array<Names>({"mistral-", "ministral-", "codestral-", "pixtral-", "magistral-",
                          "devstral-", "open-mi", "voxtral-"});
constexpr auto kGroqKeys = std::to_array<Names>({"GROQ_API_KEY"});
constexpr auto kGroqModels =
    std::to_array<Names>({"llama-", "mixtral-8x7b-32768", "gemma-7b-it", "gemma2-",
                          "whisper-large-v3", "distil-whisper-", "playai-tts"});
constexpr auto kDeepSeekKeys = std::to_array<Names>({"DEEPSEEK_API_KEY"});
constexpr auto kDeepSeekModels = std::to_array<Names>({"deepseek-"});
constexpr auto kXaiKeys = std::to_array<Names>({"XAI_API_KEY", "GROK_API_KEY"});
constexpr auto kXaiModels = std::to_array<Names>({"grok-"});
constexpr auto kOpenRouterKeys = std::to_array<Names>({"OPENROUTER_API_KEY"});
constexpr auto kTogetherKeys = std::to_array<Names>({"TOGETHER_API_KEY"});
constexpr auto kFireworksKeys = std::to_array<Names>({"FIREWORKS_API_KEY"});
constexpr auto kFireworksModels = std::to_array<Names>({"accounts/fireworks/"});
constexpr auto kCerebrasKeys = std::to_array<Names>({"CEREBRAS_API_KEY"});
constexpr auto kPerplexityKeys = std::to_array<Names>({"PERPLEXITY_API_KEY", "PPLX_API_KEY"});
constexpr auto kPerplexityModels = std::to_array<Names>({"sonar"});
constexpr auto kHuggingFaceKeys = std::to_array<Names>({"HUGGINGFACE_API_KEY", "HF_TOKEN"});
constexpr auto kCloudflareKeys = std::to_array<Names>({"CF_API_TOKEN", "CLOUDFLARE_API_TOKEN"});
constexpr auto kCloudflareModels = std::to_array<Names>({"@cf/", "@hf/"});
constexpr auto kCloudflareAccounts =
    std::to_array<Names>({"CF_ACCOUNT_ID", "CLOUDFLARE_ACCOUNT_ID"});
constexpr auto kAzureKeys = std::to_array<Names>({"AZURE_OPENAI_API_KEY"});
constexpr auto kAzureResources = std::to_array<Names>({"AZURE_OPENAI_RESOURCE"});

constexpr auto kAnthropicKeys = std::to_array<Names>({"ANTHROPIC_API_KEY"});
constexpr auto kAnthropicModels = std::to_array<Names>({"claude-"});
constexpr auto kGeminiKeys = std::to_array<Names>({"GEMINI_API_KEY", "GOOGLE_API_KEY"});
constexpr auto kGeminiModels = std::to_array<Names>({"gemini-", "imagen-", "learnlm-"});
constexpr auto kVertexKeys = std::to_array<Names>({"VERTEX_API_KEY", "VERTEX_ACCESS_TOKEN"});
constexpr auto kVertexProjects = std::to_array<Names>({"GOOGLE_CLOUD_PROJECT", "VERTEX_PROJECT"});
constexpr auto kCohereKeys = std::to_array<Names>({"CO_API_KEY", "COHERE_API_KEY"});
constexpr auto kCohereModels = std::to_array<Names>(
    {"command-", "c4ai-", "embed-english-", "embed-multilingual-", "embed-v", "rerank-"});
constexpr auto kBedrockKeys = std::to_array<Names>({"AWS_BEARER_TOKEN_BEDROCK"});
constexpr auto kBedrockModels =
    std::to_array<Names>({"amazon.", "anthropic.", "meta.", "us.", "eu.", "apac.", "global."});

constexpr auto kBedrockRegions = std::to_array<Names>({"AWS_REGION", "AWS_DEFAULT_REGION"});
constexpr auto kVertexRegions = std::to_array<Names>({"GOOGLE_CLOUD_LOCATION"});

constexpr auto kVendors = std::to_array<Vendor>({
    {.name = "openai",
     .base_url = "https://api.openai.com/v1",
     .key_variables = kOpenAiKeys,
     .model_prefixes = kOpenAiModels,
     .default_model = "gpt-4o",
     .gateway_path = "openai",
     .responses = true},
    {.name = "anthropic",
     .base_url = "https://api.anthropic.com",
     .key_variables = kAnthropicKeys,
     .model_prefixes = kAnthropicModels,
     .default_model = "claude-sonnet-4-5",
     .gateway_path = "anthropic",
     .type = ProviderType::kAnthropic},
    {.name = "gemini",
     .base_url = "https://generativelanguage.googleapis.com",
     .key_variables = kGeminiKeys,
     .model_prefixes = kGeminiModels,
     .default_model = "gemini-2.5-pro",
     .gateway_path = "google-ai-studio",
     .type = ProviderType::kGemini},
    {.name = "vertex",
     .base_url = "https://{region}-aiplatform.googleapis.com",
     .key_variables = kVertexKeys,
     .model_prefixes = {},
     .gateway_path = "google-vertex-ai",
     .account_variables = kVertexProjects,
     .region_variables = kVertexRegions,
     .type = ProviderType::kVertex},
    {.name = "cohere",
     .base_url = "https://api.cohere.com",
     .key_variables = kCohereKeys,
     .model_prefixes = kCohereModels,
     .default_model = "command-a-03-2025",
     .gateway_path = "cohere",
     .type = ProviderType::kCohere},
    {.name = "bedrock",
     .base_url = "https://bedrock-runtime.{region}.amazonaws.com",
     .key_variables = kBedrockKeys,
     .model_prefixes = kBedrockModels,
     .gateway_path = "aws-bedrock/bedrock-runtime/{region}",
     .region_variables = kBedrockRegions,
     .type = ProviderType::kBedrock},
    {.name = "mistral",
     .base_url = "https://api.mistral.ai/v1",
     .key_variables = kMistralKeys,
     .model_prefixes = kMistralModels,
     .gateway_path = "mistral/v1",
     .type = ProviderType::kMistral,
     .operations = kEverything & ~kTranslations},
    {.name = "groq",
     .base_url = "https://api.groq.com/openai/v1",
     .key_variables = kGroqKeys,
     .model_prefixes = kGroqModels,
     .gateway_path = "groq",
     .operations = Only(kChat, kTranscriptions, kSpeech) | kTranslations},
    {.name = "deepseek",
     .base_url = "https://api.deepseek.com/v1",
     .key_variables = kDeepSeekKeys,
     .model_prefixes = kDeepSeekModels,
     .gateway_path = "deepseek",
     .operations = Only(kChat)},
    {.name = "xai",
     .base_url = "https://api.x.ai/v1",
     .key_variables = kXaiKeys,
     .model_prefixes = kXaiModels,
     .gateway_path = "grok/v1",
     .operations = Only(kChat, kCompletions, kImages),
     .responses = true},
    {.name = "openrouter",
     .base_url = "https://openrouter.ai/api/v1",
     .key_variables = kOpenRouterKeys,
     .model_prefixes = {},
     .gateway_path = "openrouter/v1",
     .operations = kTexts,
     .responses = true},
    {.name = "together",
     .base_url = "https://api.together.xyz/v1",
     .key_variables = kTogetherKeys,
     .model_prefixes = {},
     .operations = kTexts | Only(kImages, kSpeech, kTranscriptions) | kTranslations},
    {.name = "fireworks",
     .base_url = "https://api.fireworks.ai/inference/v1",
     .key_variables = kFireworksKeys,
     .model_prefixes = kFireworksModels,
     .operations = kTexts},
    {.name = "cerebras",
     .base_url = "https://api.cerebras.ai/v1",
     .key_variables = kCerebrasKeys,
     .model_prefixes = {},
     .gateway_path = "cerebras",
     .operations = Only(kChat, kCompletions)},
    {.name = "perplexity",
     .base_url = "https://api.perplexity.ai",
     .key_variables = kPerplexityKeys,
     .model_prefixes = kPerplexityModels,
     .default_model = "sonar",
     .gateway_path = "perplexity-ai",
     .operations = Only(kChat)},
    {.name = "huggingface",
     .base_url = "https://router.huggingface.co/v1",
     .key_variables = kHuggingFaceKeys,
     .model_prefixes = {},
     .operations = Only(kChat)},
    {.name = "cloudflare",
     .base_url = "https://api.cloudflare.com/client/v4/accounts/{account}/ai/v1",
     .key_variables = kCloudflareKeys,
     .model_prefixes = kCloudflareModels,
     .gateway_path = "workers-ai/v1",
     .account_variables = kCloudflareAccounts,
     .operations = Only(kChat, kEmbeddings)},
    {.name = "azure",
     .base_url = "https://{resource}.openai.azure.com/openai/v1",
     .key_variables = kAzureKeys,
     .model_prefixes = {},
     .gateway_path = "azure-openai/{resource}/{model}",
     .account_variables = kAzureResources,
     .type = ProviderType::kAzureOpenAi,
     .operations = kTexts | Only(kImages, kSpeech, kTranscriptions) | kTranslations,
     .responses = true},
    {.name = "ollama",
     .base_url = "http://127.0.0.1:11434/v1",
     .operations = kTexts,
     .port = 11434},
    {.name = "lmstudio",
     .base_url = "http://127.0.0.1:1234/v1",
     .operations = kTexts,
     .port = 1234},
    {.name = "vllm",
     .base_url = "http://127.0.0.1:8000/v1",
     .operations = kTexts | Only(kTranscriptions) | kTranslations,
     .port = 8000},
    {.name = "llamacpp",
     .base_url = "http://127.0.0.1:8080/v1",
     .operations = kTexts,
     .port = 8080},
});

}  // namespace

std::span<const Vendor> Vendors() {
  return kVendors;
}

const Vendor* FindVendor(std::string_view name) {
  const auto found = std::ranges::find(kVendors, name, &Vendor::name);
  return found == kVendors.end() ? nullptr : &*found;
}

}  // namespace signalbox::providers
