#include "vendors/providers/provider.h"

#include <array>

namespace signalbox::providers {
namespace {

using namespace std::chrono_literals;
using Names = std::string_view;

// Facts: the vendors' public API references, 2026-11.
constexpr auto kOpenAiKeys = std::to_array<Names>({"OPENAI_API_KEY"});
constexpr auto kOpenAiModels = std::to_array<Names>(
    {"gpt-", "chatgpt-", "o1", "o3", "o4", "o5", "text-embedding-", "davinci", "babbage"});
constexpr auto kMistralKeys = std::to_array<Names>({"MISTRAL_API_KEY"});
constexpr auto kMistralModels = std::to_array<Names>(
    {"mistral-", "ministral-", "codestral-", "pixtral-", "magistral-", "devstral-", "open-mi"});
constexpr auto kGroqKeys = std::to_array<Names>({"GROQ_API_KEY"});
constexpr auto kGroqModels =
    std::to_array<Names>({"llama-", "mixtral-8x7b-32768", "gemma-7b-it", "gemma2-"});
constexpr auto kDeepSeekKeys = std::to_array<Names>({"DEEPSEEK_API_KEY"});
constexpr auto kDeepSeekModels = std::to_array<Names>({"deepseek-"});
constexpr auto kXaiKeys = std::to_array<Names>({"XAI_API_KEY", "GROK_API_KEY"});
constexpr auto kXaiModels = std::to_array<Names>({"grok-"});
constexpr auto kOpenRouterKeys = std::to_array<Names>({"OPENROUTER_API_KEY"});

constexpr auto kBuiltIn = std::to_array<BuiltInProvider>({
    {"openai", "https://api.openai.com/v1", kOpenAiKeys, kOpenAiModels},
    {"mistral", "https://api.mistral.ai/v1", kMistralKeys, kMistralModels},
    {"groq", "https://api.groq.com/openai/v1", kGroqKeys, kGroqModels},
    {"deepseek", "https://api.deepseek.com/v1", kDeepSeekKeys, kDeepSeekModels},
    {"xai", "https://api.x.ai/v1", kXaiKeys, kXaiModels},
    {"openrouter", "https://openrouter.ai/api/v1", kOpenRouterKeys, {}},
});

constexpr auto kLocal = std::to_array<LocalServer>({
    {"ollama", 11434},
    {"lmstudio", 1234},
    {"vllm", 8000},
});

const config::Table<ProviderTimeouts>& TimeoutsTable() {
  static const auto table =
      config::Table<ProviderTimeouts>("timeouts", "How long this provider may take.")
          .Add("connect", &ProviderTimeouts::connect,
               {.doc = "Name, connection and TLS together.", .min = 10ms, .max = 5min})
          .Add("first_byte", &ProviderTimeouts::first_byte,
               {.doc = "From the request to the head of the answer.", .min = 10ms, .max = 1h})
          .Add("idle", &ProviderTimeouts::idle,
               {.doc = "Between two pieces of an answer.", .min = 10ms, .max = 1h})
          .Add("total", &ProviderTimeouts::total,
               {.doc = "For a call in all, to the last byte that the client takes.",
                .min = 10ms,
                .max = 24h});
  return table;
}

const config::Table<ProviderLimits>& LimitsTable() {
  static const auto table =
      config::Table<ProviderLimits>("limits", "How much this provider may send.")
          .Add("answer_bytes", &ProviderLimits::answer_bytes,
               {.doc = "An answer that is not streamed, before and after decompression.",
                .min = config::KiB(1),
                .max = config::GiB(2)});
  return table;
}

}  // namespace

const config::Table<ProviderOptions>& ProviderTable() {
  static const auto table =
      config::Table<ProviderOptions>("provider", "A place that answers model calls.")
          .Add("type", &ProviderOptions::type,
               {.doc = "What it speaks; of the built-in provider of that name, else openai.",
                .names = {{"openai", ProviderType::kOpenAi}, {"sim", ProviderType::kSim}}})
          .Add("base_url", &ProviderOptions::base_url,
               {.doc = "As the vendor's SDK takes it, for example https://api.openai.com/v1."})
          .Add("key", &ProviderOptions::key,
               {.doc = "The credential; 'none' sends none. Better as ${NAME} than in the file."})
          .Add("ca", &ProviderOptions::ca,
               {.doc = "PEM file with the certificate authorities to believe, instead of the "
                       "system's."})
          .Add("local", &ProviderOptions::local,
               {.doc = "Whether requests to it stay on machines of your own."})
          .Add("region", &ProviderOptions::region, {.doc = "Where it computes, e.g. eu-west."})
          .Add("models", &ProviderOptions::models,
               {.doc = "Names that GET /v1/models lists; others are served too."})
          .Add("stream_usage", &ProviderOptions::stream_usage,
               {.doc = "Ask for usage in every stream (stream_options.include_usage); off for "
                       "servers that refuse it."})
          .Add("on_disconnect", &ProviderOptions::on_disconnect,
               {.doc = "When a client leaves: end the call, or read it to its end for exact usage.",
                .names = {{"cancel", OnDisconnect::kCancel}, {"drain", OnDisconnect::kDrain}}})
          .Sub("timeouts", &ProviderOptions::timeouts, TimeoutsTable())
          .Sub("limits", &ProviderOptions::limits, LimitsTable());
  return table;
}

std::span<const BuiltInProvider> BuiltInProviders() {
  return kBuiltIn;
}

const BuiltInProvider* FindBuiltIn(std::string_view name) {
  for (const BuiltInProvider& row : kBuiltIn) {
    if (row.name == name) {
      return &row;
    }
  }
  return nullptr;
}

std::span<const LocalServer> LocalServers() {
  return kLocal;
}

Provider MakeProvider(const std::string& name, const ProviderOptions& options) {
  Provider provider;
  provider.name = name;
  provider.options = options;
  provider.type = options.type.value_or(name == "sim" ? ProviderType::kSim : ProviderType::kOpenAi);
  if (options.key.Reveal() != "none") {
    provider.key = options.key;
  }
  provider.ca = options.ca.value_or("");
  if (const BuiltInProvider* row = FindBuiltIn(name)) {
    provider.base_url = *config::ParseUrl(row->base_url);
    provider.model_prefixes.assign(row->model_prefixes.begin(), row->model_prefixes.end());
  }
  if (options.base_url) {
    provider.base_url = *options.base_url;
  }
  while (provider.base_url.path.ends_with('/')) {
    provider.base_url.path.pop_back();
  }
  return provider;
}

}  // namespace signalbox::providers
