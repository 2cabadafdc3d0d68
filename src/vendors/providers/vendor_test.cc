// Where calls to each vendor go and how their key is sent, against what the vendors publish.
#include "vendors/providers/vendor.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/json/document.h"
#include "vendors/providers/provider.h"

namespace signalbox::providers {
namespace {

struct Row {
  const char* vendor;
  const char* chat;     // the endpoint, for the account "acc", the resource "res", the region "rg"
  const char* gateway;  // the same through Cloudflare's gateway "gw"; "": none is known
  Auth auth = Auth::kBearer;
  ProviderType type = ProviderType::kOpenAi;
};

constexpr Row kRows[] = {
    {"openai", "https://api.openai.com/v1/chat/completions", "openai/chat/completions"},
    {"anthropic", "https://api.anthropic.com/v1/messages", "anthropic/v1/messages", Auth::kXApiKey,
     ProviderType::kAnthropic},
    {"gemini", "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent",
     "google-ai-studio/v1beta/models/m:generateContent", Auth::kGoogApiKey, ProviderType::kGemini},
    {"vertex",
     "https://rg-aiplatform.googleapis.com/v1/projects/acc/locations/rg/publishers/google/models/"
     "m:generateContent",
     "google-vertex-ai/v1/projects/acc/locations/rg/publishers/google/models/m:generateContent",
     Auth::kBearer, ProviderType::kVertex},
    {"cohere", "https://api.cohere.com/v2/chat", "cohere/v2/chat", Auth::kBearer,
     ProviderType::kCohere},
    {"bedrock", "https://bedrock-runtime.rg.amazonaws.com/model/m/converse",
     "aws-bedrock/bedrock-runtime/rg/model/m/converse", Auth::kBearer, ProviderType::kBedrock},
    {"mistral", "https://api.mistral.ai/v1/chat/completions", "mistral/v1/chat/completions",
     Auth::kBearer, ProviderType::kMistral},
    {"groq", "https://api.groq.com/openai/v1/chat/completions", "groq/chat/completions"},
    {"deepseek", "https://api.deepseek.com/v1/chat/completions", "deepseek/chat/completions"},
    {"xai", "https://api.x.ai/v1/chat/completions", "grok/v1/chat/completions"},
    {"openrouter", "https://openrouter.ai/api/v1/chat/completions",
     "openrouter/v1/chat/completions"},
    {"together", "https://api.together.xyz/v1/chat/completions", ""},
    {"fireworks", "https://api.fireworks.ai/inference/v1/chat/completions", ""},
    {"cerebras", "https://api.cerebras.ai/v1/chat/completions", "cerebras/chat/completions"},
    {"perplexity", "https://api.perplexity.ai/chat/completions", "perplexity-ai/chat/completions"},
    {"huggingface", "https://router.huggingface.co/v1/chat/completions", ""},
    {"cloudflare", "https://api.cloudflare.com/client/v4/accounts/acc/ai/v1/chat/completions",
     "workers-ai/v1/chat/completions"},
    {"azure", "https://res.openai.azure.com/openai/v1/chat/completions",
     "azure-openai/res/{model}/chat/completions", Auth::kApiKey, ProviderType::kAzureOpenAi},
    {"ollama", "http://127.0.0.1:11434/v1/chat/completions", ""},
    {"lmstudio", "http://127.0.0.1:1234/v1/chat/completions", ""},
    {"vllm", "http://127.0.0.1:8000/v1/chat/completions", ""},
    {"llamacpp", "http://127.0.0.1:8080/v1/chat/completions", ""},
};

ProviderOptions Complete() {
  ProviderOptions options;
  options.key = config::Secret("sk-1");
  options.account = "acc";
  options.resource = "res";
  options.region = "rg";
  return options;
}

std::string ChatUrl(const Provider& provider) {
  const bool usual = provider.base_url.port == (provider.base_url.scheme == "https" ? 443 : 80);
  return provider.base_url.scheme + "://" + provider.base_url.host +
         (usual ? "" : ":" + std::to_string(provider.base_url.port)) + provider.base_url.path +
         provider.dialects.front()->PathOf(chat::Operation::kChat, "m", false) + provider.query;
}

TEST(Vendors, AreReachedWhereTheySay) {
  std::set<std::string_view> seen;
  for (const Row& row : kRows) {
    const Provider provider = MakeProvider(row.vendor, Complete());
    EXPECT_EQ(ChatUrl(provider), row.chat);
    EXPECT_EQ(provider.auth, row.auth) << row.vendor;
    EXPECT_EQ(provider.vendor, row.vendor);
    EXPECT_EQ(provider.type, row.type) << row.vendor;
    seen.insert(row.vendor);
  }
  for (const Vendor& vendor : Vendors()) {
    EXPECT_TRUE(seen.contains(vendor.name)) << vendor.name << " has no row in this test";
  }
}

TEST(Vendors, HaveWhatTheySay) {
  using enum chat::Operation;
  const auto has = [](const Provider& provider, chat::Operation operation) {
    return provider.Has(*provider.dialects.front(), operation);
  };
  const struct {
    const char* vendor;
    std::vector<chat::Operation> with, without;
  } rows[] = {
      {"openai", {kChat, kCompletions, kModerations, kImages, kSpeech, kTranscriptions}, {kRerank}},
      {"azure", {kImages, kSpeech, kTranscriptions}, {kModerations}},
      {"groq", {kSpeech, kTranscriptions}, {kEmbeddings, kCompletions, kImages, kModerations}},
      {"mistral", {kModerations, kTranscriptions, kEmbeddings}, {kImages, kSpeech}},
      {"deepseek", {kChat}, {kEmbeddings, kCompletions, kModerations}},
      {"anthropic", {kChat, kCountTokens}, {kEmbeddings, kModerations, kSpeech}},
      {"cohere", {kChat, kRerank, kEmbeddings}, {kModerations}},
      {"vllm", {kTranscriptions, kEmbeddings}, {kImages}},
      {"xai", {kImages}, {kEmbeddings, kTranscriptions}},
  };
  for (const auto& row : rows) {
    const Provider provider = MakeProvider(row.vendor, Complete());
    for (const chat::Operation operation : row.with) {
      EXPECT_TRUE(has(provider, operation)) << row.vendor << " " << chat::Name(operation);
    }
    for (const chat::Operation operation : row.without) {
      EXPECT_FALSE(has(provider, operation)) << row.vendor << " " << chat::Name(operation);
    }
  }
  for (const auto& [name, translates] :
       {std::pair("openai", true), {"groq", true}, {"mistral", false}, {"fireworks", false}}) {
    EXPECT_EQ((MakeProvider(name, Complete()).operations & kTranslations) != 0, translates) << name;
  }
  ProviderOptions own = Complete();
  own.base_url = config::ParseUrl("http://127.0.0.1:9/v1");
  EXPECT_TRUE(has(MakeProvider("groq", own), kImages)) << "nobody knows what stands there";
}

TEST(Vendors, InTheCloudAreNeverSpokenToInTheClear) {
  for (const Vendor& vendor : Vendors()) {
    const Provider provider = MakeProvider(std::string(vendor.name), Complete());
    EXPECT_EQ(provider.base_url.scheme, vendor.local() ? "http" : "https") << vendor.name;
    EXPECT_EQ(provider.options.local, vendor.local()) << vendor.name;
    EXPECT_EQ(vendor.key_variables.empty(), vendor.local()) << vendor.name;
    EXPECT_TRUE(!vendor.local() || provider.base_url.port == vendor.port) << vendor.name;
  }
}

TEST(Vendors, AreFoundBehindAnUpstreamGateway) {
  UpstreamGatewayOptions gateway;
  gateway.account = "my-account";
  gateway.gateway = "gw";
  ProviderOptions options = Complete();
  options.via = Via::kGateway;
  for (const Row& row : kRows) {
    const std::string below =
        *row.gateway != '\0' ? row.gateway : std::string(row.vendor) + "/chat/completions";
    const Provider provider = MakeProvider(row.vendor, options, gateway);
    EXPECT_EQ(ChatUrl(provider), "https://gateway.ai.cloudflare.com/v1/my-account/gw/" + below);
    EXPECT_EQ(provider.auth, row.auth);
    EXPECT_FALSE(provider.options.local) << row.vendor;
  }
}

// Cloudflare has a row for those whose URL it knows; others are "custom" providers there.
TEST(Vendors, ANameOfOnesOwnStandsBehindAnUpstreamGateway) {
  UpstreamGatewayOptions gateway;
  gateway.account = "acc";
  gateway.gateway = "gw";
  ProviderOptions options = Complete();
  options.via = Via::kGateway;
  options.vendor = "together";
  EXPECT_EQ(ChatUrl(MakeProvider("custom-together", options, gateway)),
            "https://gateway.ai.cloudflare.com/v1/acc/gw/custom-together/chat/completions");
}

TEST(Vendors, AzureHasTwoWays) {
  ProviderOptions options = Complete();
  options.api_version = "2024-10-21";
  EXPECT_EQ(ChatUrl(MakeProvider("azure", options)),
            "https://res.openai.azure.com/openai/deployments/{model}/chat/completions"
            "?api-version=2024-10-21");
  UpstreamGatewayOptions gateway;
  gateway.account = "acc";
  gateway.gateway = "gw";
  options.via = Via::kGateway;
  EXPECT_TRUE(CheckProvider("azure", options, gateway).empty());
  EXPECT_EQ(ChatUrl(MakeProvider("azure", options, gateway)),
            "https://gateway.ai.cloudflare.com/v1/acc/gw/azure-openai/res/{model}/chat/completions"
            "?api-version=2024-10-21");
  options.api_version = "";
  ASSERT_EQ(CheckProvider("azure", options, gateway).size(), 1U);
}

TEST(Vendors, AModelIsKnownByOneOfThemOnly) {
  std::set<std::string_view> names;
  for (const Vendor& vendor : Vendors()) {
    EXPECT_TRUE(names.insert(vendor.name).second) << vendor.name;
    for (const std::string_view prefix : vendor.model_prefixes) {
      for (const Vendor& other : Vendors()) {
        for (const std::string_view theirs : other.model_prefixes) {
          EXPECT_TRUE(&other == &vendor || !prefix.starts_with(theirs))
              << prefix << " of " << vendor.name << " is also " << other.name << "'s";
        }
      }
    }
  }
  EXPECT_EQ(FindVendor("nobody"), nullptr);
  EXPECT_EQ(FindVendor("groq")->name, "groq");
}

std::string ReadSpec(const char* name) {
  std::ifstream file(std::filesystem::path(SB_SOURCE_DIR) / ".." / "shared" / "specs" / name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Vendors, OpenAiIsWhereItsApiDescriptionSays) {
  const std::string text = ReadSpec("openai.openapi.json");
  if (text.empty()) {
    GTEST_SKIP() << "skipped: ../shared/specs is not here";
  }
  json::Document spec;
  ASSERT_TRUE(spec.Parse(text, {.unique_keys = false}));
  const std::string url = *spec.Root().Find("servers")->FirstChild()->Find("url")->AsString();
  EXPECT_EQ(FindVendor("openai")->base_url, url);
  const json::Value paths = *spec.Root().Find("paths");
  for (const char* path : {"/chat/completions", "/embeddings", "/models", "/completions"}) {
    EXPECT_TRUE(paths.Find(path)) << path;
  }
  const json::Value key =
      *spec.Root().Find("components")->Find("securitySchemes")->Find("ApiKeyAuth");
  EXPECT_EQ(key.Find("scheme")->AsString(), "bearer");
  EXPECT_EQ(RowOf(FindVendor("openai")->type).auth, Auth::kBearer);
}

// The description is YAML: its lines are looked at as they stand.
TEST(Vendors, MistralIsWhereItsApiDescriptionSays) {
  const std::string text = ReadSpec("mistral.openapi.yaml");
  if (text.empty()) {
    GTEST_SKIP() << "skipped: ../shared/specs is not here";
  }
  const std::string base(FindVendor("mistral")->base_url);
  const std::size_t path = base.find("/v1");
  ASSERT_NE(path, std::string::npos);
  EXPECT_NE(text.find("\nservers:\n- url: " + base.substr(0, path) + "\n"), std::string::npos);
  for (const char* call : {"/chat/completions:\n", "/embeddings:\n", "/models:\n"}) {
    EXPECT_NE(text.find("\n  " + base.substr(path) + call), std::string::npos) << call;
  }
  EXPECT_NE(text.find("      type: http\n      scheme: bearer\n"), std::string::npos);
  EXPECT_EQ(RowOf(FindVendor("mistral")->type).auth, Auth::kBearer);
}

TEST(Vendors, OllamaListensWhereItsApiDescriptionSays) {
  const std::string text = ReadSpec("ollama.openapi.json");
  if (text.empty()) {
    GTEST_SKIP() << "skipped: ../shared/specs is not here";
  }
  json::Document spec;
  ASSERT_TRUE(spec.Parse(text, {.unique_keys = false}));
  const std::string url = *spec.Root().Find("servers")->FirstChild()->Find("url")->AsString();
  EXPECT_EQ(config::ParseUrl(url)->port, FindVendor("ollama")->port);
}

}  // namespace
}  // namespace signalbox::providers
