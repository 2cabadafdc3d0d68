#include "vendors/catalog/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "vendors/catalog/built_in.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr std::chrono::sys_days kToday = std::chrono::year(2026) / 11 / 21;

std::shared_ptr<const Catalog> Over(std::string rows) {
  auto made = Catalog::BuiltIn()->With(std::move(rows));
  EXPECT_TRUE(made) << made.error().message;
  return *made;
}

TEST(BuiltIn, EveryRowReadsAndWritesBack) {
  const auto sheet = Sheet::Open(std::string(BuiltInText()));
  ASSERT_TRUE(sheet) << sheet.error().message;
  EXPECT_GT((*sheet)->rows(), 1'000U);
  for (std::size_t row = 0; row < (*sheet)->rows(); ++row) {
    const Model& model = (*sheet)->RowAt(row);
    Model again;
    ASSERT_TRUE(ReadRow(RowText(model), again)) << model.id;
    EXPECT_EQ(RowText(again), RowText(model));
    for (const Price& price : model.prices) {
      EXPECT_TRUE(price.from() || model.privacy == Privacy::kLocal) << model.id;
    }
  }
}

TEST(BuiltIn, NoCloudModelIsFreeByMistake) {
  for (const auto& [model, aliases] : Catalog::BuiltIn()->List()) {
    const Price* price = model->PriceAt(kToday);
    if (model->privacy != Privacy::kCloud || price == nullptr) {
      continue;
    }
    const bool all_zero = std::ranges::all_of(price->rates(), [](auto& r) { return r.price == 0; });
    const bool says_free = model->id.find("free") != std::string::npos ||
                           model->id.find("Free") != std::string::npos ||
                           model->mode == Mode::kModeration;
    EXPECT_TRUE(!all_zero || says_free) << model->provider << "/" << model->id;
  }
}

TEST(BuiltIn, HasEveryProviderWithAPriceOrAKnownReasonForNone) {
  std::set<std::string> priced;
  for (const auto& [model, aliases] : Catalog::BuiltIn()->List()) {
    if (model->PriceAt(kToday) != nullptr) {
      priced.insert(model->provider);
    }
  }
  for (const char* provider :
       {"openai",    "mistral",  "groq",       "deepseek",   "xai",    "openrouter", "together",
        "fireworks", "cerebras", "perplexity", "cloudflare", "azure",  "ollama",     "lmstudio",
        "vllm",      "llamacpp", "anthropic",  "gemini",     "cohere", "bedrock"}) {
    EXPECT_THAT(priced, Contains(provider));
  }
  EXPECT_THAT(priced, testing::Not(Contains("huggingface")));
}

struct Named {
  const char* provider;
  const char* name;
  const char* input;  // US dollars per million; empty: no public price
};

TEST(BuiltIn, KnowsEveryModelThatRulesName) {
  constexpr Named kNamed[] = {
      {"openai", "gpt-4o", "2.5"},
      {"openai", "gpt-4o-mini", "0.15"},
      {"openai", "gpt-4-turbo", "10"},
      {"openai", "gpt-4-turbo-preview", "10"},
      {"openai", "gpt-4", "30"},
      {"openai", "gpt-3.5-turbo", "0.5"},
      {"openai", "o3", "2"},
      {"openai", "o5", ""},
      {"openai", "text-embedding-3-large", "0.13"},
      {"anthropic", "claude-3-opus", "15"},
      {"anthropic", "claude-3-sonnet", "3"},
      {"anthropic", "claude-3-haiku", "0.25"},
      {"anthropic", "claude-3-5-haiku", "0.8"},
      {"anthropic", "claude-3-5-haiku-20241022", "0.8"},
      {"anthropic", "claude-sonnet-4-5", "3"},
      {"anthropic", "claude-sonnet-4-5-20250929", "3"},
      {"anthropic", "claude-opus-4-1", "15"},
      {"anthropic", "claude", "3"},
      {"gemini", "gemini-2.5-pro", "1.25"},
      {"gemini", "gemini-3-pro-preview", "2"},
      {"gemini", "gemini-3-flash-preview", "0.5"},
      {"gemini", "gemini-3-ultra", ""},
      {"gemini", "gemini-pro", "0.35"},
      {"gemini", "gemini-pro-vision", "0.35"},
      {"xai", "grok-4", "3"},
      {"mistral", "mistral-large-latest", "0.5"},
      {"mistral", "mistral-large", "0.5"},
      {"mistral", "mistral-medium", "2.7"},
      {"mistral", "mistral-small", "0.1"},
      {"mistral", "mistral-embed", "0.1"},
      {"mistral", "mixtral-8x7b", "0.7"},
      {"deepseek", "deepseek-chat", "0.28"},
      {"deepseek", "deepseek-reasoner", "0.28"},
      {"groq", "llama-3.3-70b-versatile", "0.59"},
      {"groq", "mixtral-8x7b-32768", "0.24"},
      {"groq", "gemma-7b-it", "0.05"},
      {"cloudflare", "@cf/meta/llama-4-scout-17b-16e-instruct", "0.27"},
      {"cloudflare", "llama-scout", "0.27"},
      {"cloudflare", "@cf/openai/gpt-oss-120b", "0.35"},
      {"cloudflare", "@cf/google/gemma-3-12b-it", "0.35"},
      {"cloudflare", "@cf/meta/llama-3.2-11b-vision-instruct", "0.0485"},
      {"cloudflare", "@cf/openai/whisper", ""},
      {"cloudflare", "@cf/baai/bge-base-en-v1.5", "0.067"},
      {"cloudflare", "@cf/meta/llama-2-7b-chat-int8", "1.923"},
      {"cohere", "command-r-plus", "2.5"},
      {"huggingface", "Llama-2-70b-chat-hf", ""},
      {"huggingface", "Mixtral-8x7B-Instruct-v0.1", ""},
      {"huggingface", "opt-66b", ""},
      {"ollama", "llama-4-405b", "0"},
      {"ollama", "local-mistral", "0"},
      {"vllm", "whatever-was-loaded", "0"},
  };
  for (const Named& named : kNamed) {
    const Model* model = Catalog::BuiltIn()->Find(named.provider, named.name);
    ASSERT_NE(model, nullptr) << named.name;
    const Price* price = model->PriceAt(kToday);
    const PicoUsd input = price != nullptr ? price->Stated(Unit::kInput) : kUnknownPrice;
    EXPECT_EQ(input == kUnknownPrice ? "" : UsdText(input, Per::kMillion), named.input)
        << named.provider << "/" << named.name;
  }
}

struct Skilled {
  const char* provider;
  const char* name;
  const char* can;     // among others
  const char* cannot;  // likewise
};

// By their makers' model pages.
TEST(BuiltIn, KnowsWhatTheModelsThatRulesNameCanDo) {
  constexpr Skilled kSkilled[] = {
      {"openai", "gpt-4o", "tools,vision,json,sampling", "reasoning,effort"},
      {"openai", "gpt-4o-mini", "tools,vision,json", "reasoning"},
      {"openai", "gpt-4-turbo", "tools,vision,json_object", "json,reasoning"},
      {"openai", "gpt-4-turbo-preview", "tools,json_object", "vision,json"},
      {"openai", "gpt-4", "tools", "vision,json,json_object"},
      {"openai", "gpt-3.5-turbo", "tools,json_object", "vision,json"},
      {"openai", "o3", "tools,vision,json,effort,max_completion_tokens", "sampling,budget"},
      {"openai", "o5", "reasoning,effort,max_completion_tokens", "sampling"},
      {"anthropic", "claude-3-opus", "tools,vision,sampling", "reasoning,json"},
      {"anthropic", "claude-3-sonnet", "tools,vision,sampling", "reasoning,json"},
      {"anthropic", "claude-3-haiku", "tools,vision,sampling", "reasoning,json"},
      {"anthropic", "claude-3-5-haiku", "tools,vision,sampling", "reasoning,json"},
      {"anthropic", "claude-sonnet-4-5", "tools,vision,pdf,json,budget", "effort,both_top_p"},
      {"anthropic", "claude-opus-4-1", "tools,vision,pdf,json,budget", "effort,both_top_p"},
      {"anthropic", "claude", "tools,vision,pdf,json,budget", "effort"},
      {"gemini", "gemini-2.5-pro", "tools,vision,pdf,audio_in,json,budget", "effort"},
      {"gemini", "gemini-3-pro", "tools,vision,json,effort,result_media", "budget"},
      {"gemini", "gemini-3-flash", "tools,vision,json,effort,result_media", "budget"},
      {"gemini", "gemini-3-ultra", "reasoning,effort", "budget"},
      {"gemini", "gemini-pro", "tools", "vision,reasoning"},
      {"gemini", "gemini-pro-vision", "vision", "reasoning"},
      {"xai", "grok-4", "tools,reasoning", "effort"},
      {"cloudflare", "llama-scout", "tools,vision", "reasoning"},
      {"cloudflare", "@cf/openai/gpt-oss-120b", "tools,reasoning,effort", "vision"},
      {"cloudflare", "@cf/google/gemma-3-12b-it", "vision", "reasoning"},
      {"cloudflare", "@cf/meta/llama-3.2-11b-vision-instruct", "vision", ""},
      {"cloudflare", "@cf/meta/llama-2-7b-chat-int8", "", "vision,reasoning"},
      {"ollama", "llama-4-405b", "tools", "vision"},
      {"mistral", "mixtral-8x7b", "", "vision,reasoning"},
      {"deepseek", "deepseek-chat", "tools,json_object", "vision,json"},
      {"deepseek", "deepseek-reasoner", "reasoning,json_object", "vision,json"},
      {"huggingface", "Llama-2-70b-chat-hf", "", "vision"},
      {"huggingface", "opt-66b", "", "vision"},
      {"groq", "mixtral-8x7b-32768", "tools", "vision"},
      {"groq", "gemma-7b-it", "", "vision,reasoning"},
  };
  for (const Skilled& skilled : kSkilled) {
    const Model* model = Catalog::BuiltIn()->Find(skilled.provider, skilled.name);
    ASSERT_NE(model, nullptr) << skilled.name;
    Capabilities expected;
    EXPECT_TRUE(*ReadCapability("can", skilled.can, expected));
    EXPECT_TRUE(*ReadCapability("cannot", skilled.cannot, expected));
    EXPECT_EQ(AbilityList(expected.can & ~model->capabilities.can), "") << skilled.name;
    EXPECT_EQ(AbilityList(expected.cannot & ~model->capabilities.cannot), "") << skilled.name;
  }
}

TEST(Catalog, FindsByIdByAliasAndByDate) {
  const auto catalog = Catalog::BuiltIn();
  EXPECT_EQ(catalog->Find("openai", "gpt-4o-2031-01-01")->id, "gpt-4o");
  EXPECT_EQ(catalog->Find("openai", "gpt-4o-2024-05-13")->id, "gpt-4o-2024-05-13");
  EXPECT_EQ(catalog->Find("anthropic", "claude-3-haiku")->id, "claude-3-haiku-20240307");
  EXPECT_EQ(catalog->Find("openai", "ft:gpt-4o-2024-08-06:acme::x1")->id, "ft:gpt-4o-2024-08-06");
  EXPECT_EQ(catalog->Find("openai", "gpt-4o-"), nullptr);
  EXPECT_EQ(catalog->Find("openai", "GPT-4o"), nullptr);
  EXPECT_EQ(catalog->Find("openai", ""), nullptr);
  EXPECT_EQ(catalog->Find("nobody", "gpt-4o"), nullptr);
  EXPECT_EQ(catalog->Find("openai", "no-such-model"), nullptr);
}

TEST(Catalog, TakesADateOffOnlyWhereThereIsOne) {
  EXPECT_EQ(WithoutDate("gpt-4o-2024-08-06"), "gpt-4o");
  EXPECT_EQ(WithoutDate("claude-3-haiku-20240307"), "claude-3-haiku");
  EXPECT_EQ(WithoutDate("claude-haiku-4-5@20251001"), "claude-haiku-4-5");
  for (const char* name : {"gpt-4o", "2024-08-06", "-20240307", "mixtral-8x7b-32768",
                           "model-99990101", "gpt-4o_2024-08-06", ""}) {
    EXPECT_EQ(WithoutDate(name), "") << name;
  }
}

TEST(Catalog, AsksTheMakersFirstForANameWithoutAProvider) {
  const auto catalog = Catalog::BuiltIn();
  EXPECT_EQ(catalog->FindAnywhere("gpt-4o")->provider, "openai");
  EXPECT_EQ(catalog->FindAnywhere("claude")->provider, "anthropic");
  EXPECT_EQ(catalog->FindAnywhere("llama-scout")->provider, "cloudflare");
  EXPECT_EQ(catalog->FindAnywhere("local-mistral")->provider, "ollama");
  EXPECT_EQ(catalog->FindAnywhere("no-such-model"), nullptr);
}

TEST(Catalog, ALaterLayerTakesARowsPlace) {
  const auto catalog = Over(
      "provider openai\ngpt-4o chat from=2026-10-01 input=2 output=8\n"
      "gpt-7 chat input=1 output=1\nbest = gpt-7\n"
      "provider edge privacy=local\nmine chat input=0 output=0\n");
  EXPECT_EQ(catalog->Find("openai", "gpt-4o")->PriceAt(kToday)->Stated(Unit::kInput), 2'000'000);
  EXPECT_EQ(catalog->Find("openai", "best")->id, "gpt-7");
  EXPECT_EQ(catalog->Find("edge", "mine")->privacy, Privacy::kLocal);
  EXPECT_EQ(catalog->Find("openai", "gpt-4o-mini")->id, "gpt-4o-mini");
  EXPECT_EQ(Catalog::BuiltIn()->Find("openai", "gpt-4o")->PriceAt(kToday)->Stated(Unit::kInput),
            2'500'000);
  int gpt4o = 0;
  for (const auto& [model, aliases] : catalog->List()) {
    gpt4o += model->provider == "openai" && model->id == "gpt-4o" ? 1 : 0;
    if (model->id == "gpt-7") {
      EXPECT_THAT(aliases, testing::ElementsAre("best"));
    }
  }
  EXPECT_EQ(gpt4o, 1);
}

TEST(Catalog, RefusesRowsWithTheLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"gpt-4o chat\n", "line 1"},
      {"provider openai\n\n# fine\nprovider\n", "line 4"},
      {"provider openai colour=red\n", "colour=red"},
      {"provider openai\nm chat input=x\n", "openai/m"},
      {"provider openai\na = b\n", "openai has no such model"},
  };
  for (const auto& [rows, expected] : cases) {
    const auto made = Catalog::BuiltIn()->With(rows);
    ASSERT_FALSE(made) << rows;
    EXPECT_THAT(made.error().message, HasSubstr(expected));
  }
}

TEST(Catalog, ManyThreadsReadTheSameRows) {
  std::vector<const Model*> seen(4);
  const auto sheet = Sheet::BuiltIn();
  std::vector<std::thread> threads;
  for (const Model*& mine : seen) {
    threads.emplace_back([&mine, &sheet] {
      for (std::size_t row = 0; row < sheet->rows(); ++row) {
        (void)sheet->RowAt(row);
      }
      mine = sheet->Find("openai", "gpt-4o");
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(seen, testing::Each(seen[0]));
}

TEST(Catalog, TheIndexIsSmall) {
  EXPECT_LT(Sheet::BuiltIn()->IndexBytes(), 256U * 1024);
  EXPECT_LT(BuiltInText().size(), 512U * 1024);
}

}  // namespace
}  // namespace signalbox::catalog
