#include "vendors/providers/provider_type.h"

#include <algorithm>
#include <array>

#include "vendors/dialects/dialects.h"

namespace signalbox::providers {

std::string_view FieldOf(Auth auth) {
  switch (auth) {
    case Auth::kBearer:
      return "authorization: Bearer ";
    case Auth::kApiKey:
      return "api-key: ";
    case Auth::kXApiKey:
      return "x-api-key: ";
    case Auth::kGoogApiKey:
      return "x-goog-api-key: ";
  }
  return {};
}

std::span<const TypeRow> ProviderTypes() {
  using enum ProviderType;
  using dialects::Find;
  static const auto kRows = std::to_array<TypeRow>({
      {kOpenAi, "openai", "", "", Auth::kBearer, "", "/models", Find("openai_chat")},
      {kOpenAiResponses, "openai_responses", "openai", "", Auth::kBearer, "", "/models",
       Find("openai_responses")},
      {kAnthropic, "anthropic", "anthropic", "v1", Auth::kXApiKey,
       "anthropic-version: 2023-06-01\r\n", "/models", Find("anthropic")},
      {kGemini, "gemini", "gemini", "v1beta", Auth::kGoogApiKey, "", "/models", Find("gemini")},
      {kVertex, "vertex", "vertex", "v1", Auth::kBearer, "", "", Find("vertex")},
      {kMistral, "mistral", "mistral", "v1", Auth::kBearer, "", "/models", Find("mistral")},
      {kCohere, "cohere", "cohere", "v2", Auth::kBearer, "", "", Find("cohere")},
      {kOllamaNative, "ollama_native", "ollama", "", Auth::kBearer, "", "/api/tags",
       Find("ollama")},
      {kBedrock, "bedrock", "bedrock", "", Auth::kBearer, "", "", Find("bedrock")},
      {kWorkersAi, "workers_ai", "cloudflare", "", Auth::kBearer, "", "", Find("workers_ai")},
      {kHuggingFace, "huggingface", "huggingface", "", Auth::kBearer, "", "", Find("huggingface")},
      {kAzureOpenAi, "azure_openai", "azure", "", Auth::kApiKey, "", "/models",
       Find("openai_chat")},
      {kSim, "sim", "", "", Auth::kBearer, "", "", nullptr},
  });
  return kRows;
}

const TypeRow& RowOf(ProviderType type) {
  return *std::ranges::find(ProviderTypes(), type, &TypeRow::type);
}

}  // namespace signalbox::providers
