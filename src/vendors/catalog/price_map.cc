#include "vendors/catalog/price_map.h"

#include <algorithm>
#include <map>

#include "base/json/document.h"
#include "vendors/catalog/families.h"
#include "vendors/catalog/price_fields.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

using json::Value;
using Text = std::string_view;

struct KnownProvider {
  Text theirs;
  Text ours;
  Text prefix;  // of their names, before the vendor's own
  Text dialect = "openai_chat";
};
constexpr KnownProvider kProviders[] = {
    {"openai", "openai", "openai/"},
    {"text-completion-openai", "openai", ""},
    {"mistral", "mistral", "mistral/"},
    {"groq", "groq", "groq/"},
    {"deepseek", "deepseek", "deepseek/"},
    {"xai", "xai", "xai/"},
    {"openrouter", "openrouter", "openrouter/"},
    {"together_ai", "together", "together_ai/"},
    {"fireworks_ai", "fireworks", "fireworks_ai/"},
    {"fireworks_ai-embedding-models", "fireworks", "fireworks_ai/"},
    {"cerebras", "cerebras", "cerebras/"},
    {"perplexity", "perplexity", "perplexity/"},
    {"cloudflare", "cloudflare", "cloudflare/"},
    {"azure", "azure", "azure/"},
    {"ollama", "ollama", "ollama/"},
    {"anthropic", "anthropic", "anthropic/", "anthropic"},
    {"gemini", "gemini", "gemini/", "gemini"},
    {"cohere", "cohere", "cohere/", "cohere"},
    {"cohere_chat", "cohere", "cohere_chat/", "cohere"},
    {"bedrock", "bedrock", "bedrock/", "bedrock"},
    {"bedrock_converse", "bedrock", "bedrock/", "bedrock"},
    {"dashscope", "alibaba", "dashscope/"},
    {"moonshot", "moonshot", "moonshot/"},
};

constexpr std::pair<Text, Mode> kTheirModes[] = {
    {"chat", Mode::kChat},
    {"responses", Mode::kResponses},
    {"completion", Mode::kCompletion},
    {"embedding", Mode::kEmbedding},
    {"rerank", Mode::kRerank},
    {"image_generation", Mode::kImage},
    {"image_edit", Mode::kImage},
    {"audio_transcription", Mode::kTranscription},
    {"audio_speech", Mode::kSpeech},
    {"realtime", Mode::kRealtime},
    {"video_generation", Mode::kVideo},
    {"moderation", Mode::kModeration},
};

constexpr std::pair<Text, Ability> kFlags[] = {
    {"supports_function_calling", Ability::kTools},
    {"supports_parallel_function_calling", Ability::kParallelTools},
    {"supports_vision", Ability::kVision},
    {"supports_pdf_input", Ability::kPdf},
    {"supports_audio_input", Ability::kAudioInput},
    {"supports_audio_output", Ability::kAudioOutput},
    {"supports_video_input", Ability::kVideoInput},
    {"supports_response_schema", Ability::kJsonSchema},
    {"supports_reasoning", Ability::kReasoning},
    {"supports_prompt_caching", Ability::kPromptCache},
    {"supports_web_search", Ability::kWebSearch},
    {"supports_computer_use", Ability::kComputerUse},
    {"supports_sampling_params", Ability::kSampling},
    {"supports_adaptive_thinking", Ability::kEffort},
};

constexpr std::pair<Text, Effort> kEffortFlags[] = {
    {"supports_none_reasoning_effort", Effort::kNone},
    {"supports_minimal_reasoning_effort", Effort::kMinimal},
    {"supports_low_reasoning_effort", Effort::kLow},
    {"supports_xhigh_reasoning_effort", Effort::kXhigh},
    {"supports_max_reasoning_effort", Effort::kMax},
};

std::string TextIn(const Value& entry, Text key) {
  const auto member = entry.Find(key);
  return member ? member->AsString().value_or("") : "";
}

std::uint32_t TokensIn(const Value& entry, Text key) {
  const auto member = entry.Find(key);
  const double tokens = member ? member->AsDouble().value_or(0) : 0;
  return tokens > 0 && tokens < 4e9 ? static_cast<std::uint32_t>(tokens) : 0;
}

// "1024-x-1024": the size of a picture.
bool NamesASize(Text id) {
  const std::size_t at = id.find("-x-");
  const auto is_digit = [&](std::size_t i) {
    return i < id.size() && id[i] >= '0' && id[i] <= '9';
  };
  return at != Text::npos && at > 0 && is_digit(at - 1) && is_digit(at + 3);
}

// Names that stand for no model: sizes of pictures, classes of sizes, capacity bought ahead.
bool IsModelName(Text id) {
  return !id.empty() && !NamesASize(id) && id.find("commitment") == Text::npos &&
         !id.starts_with("together-ai-") && !id.starts_with("fireworks-ai-") && IsPlainWord(id) &&
         id != "container";
}

// A 0 beside real prices: embeddings have no output, old search models no input; for all else it
// says that there is no price of its own.
bool IsFiller(const Rate& rate) {
  return rate.price == 0 && rate.unit != Unit::kInput && rate.unit != Unit::kOutput;
}

bool SaysFree(Text id) {
  return id.ends_with(":free") || id.ends_with("-Free") || id.ends_with("/free");
}

std::optional<bool> FlagIn(const Value& entry, Text key) {
  const auto member = entry.Find(key);
  const auto flag = member ? member->AsBool() : std::nullopt;
  return flag ? std::optional(*flag) : std::nullopt;
}

// Lists say of the levels only which are more or fewer than usual.
void ReadEfforts(const Value& entry, const Capabilities& family, Capabilities& out) {
  Capabilities read;
  read.efforts = family.efforts;
  if (read.efforts == 0) {
    read.Add(Effort::kLow);
    read.Add(Effort::kMedium);
    read.Add(Effort::kHigh);
  }
  bool stated = false;
  for (const auto& [name, effort] : kEffortFlags) {
    const auto flag = FlagIn(entry, name);
    // Lists have gone on saying minimal of successors that gave it up.
    if (flag && (!*flag || effort != Effort::kMinimal || family.efforts == 0)) {
      *flag ? read.Add(effort) : read.Deny(effort);
      stated = true;
    }
  }
  // Of models that are told nothing, lists say by mistake which levels they would have.
  const bool told = !family.Lacks(Ability::kEffort) && !out.LacksThinking();
  out.efforts = stated && told && read.efforts != family.efforts ? read.efforts : 0;
}

// What the maker says of the family goes before what a list says of one model: lists call able
// what they make possible themselves.
void ReadCapabilities(const Value& entry, Model& model) {
  Capabilities& out = model.capabilities;
  for (const auto& [name, ability] : kFlags) {
    if (const auto flag = FlagIn(entry, name)) {
      *flag ? out.Add(ability) : out.Deny(ability);
    }
  }
  if (const auto outputs = entry.Find("supported_output_modalities");
      outputs && outputs->IsArray()) {
    json::ForEachElement(*outputs, [&](const Value& output) {
      if (output.AsString() == "image") {
        out.Add(Ability::kImageOutput);
      }
    });
  }
  const Capabilities& family = FamilyOf(model.id);
  out.can &= ~family.cannot;
  out.cannot &= ~family.can;
  ReadEfforts(entry, family, out);
}

void ReadFacts(const Value& entry, Model& model) {
  for (const auto& [name, mode] : kTheirModes) {
    if (TextIn(entry, "mode") == name) {
      model.mode = mode;
    }
  }
  model.context = TokensIn(entry, "max_input_tokens");
  model.max_output = TokensIn(entry, "max_output_tokens");
  model.ends = ReadDay(TextIn(entry, "deprecation_date"));
  ReadCapabilities(entry, model);
}

// Where a vendor computes for this price, when their name says so: "eu/gpt-5.1".
std::string RegionOf(Text provider, Text id) {
  const bool named = provider == "azure" && (id.starts_with("eu/") || id.starts_with("us/"));
  return named ? std::string(id.substr(0, 2)) : "";
}

class Reader {
 public:
  explicit Reader(std::chrono::sys_days from) : from_(from) {}

  void Add(Text key, const Value& entry) {
    ++map_.entries;
    const std::string theirs = TextIn(entry, "litellm_provider");
    const auto* known = std::ranges::find(kProviders, theirs, &KnownProvider::theirs);
    if (known == std::end(kProviders)) {
      ++map_.other;
      return;
    }
    Text id = key;
    const bool prefixed = !known->prefix.empty() && id.starts_with(known->prefix);
    id.remove_prefix(prefixed ? known->prefix.size() : 0);
    if (!IsModelName(id) || (known->ours == "bedrock" && id.find('/') != Text::npos)) {
      return;
    }
    Model model = Read(*known, id, entry);
    // The same model under its vendor's bare name and under the vendor's and its own: the bare one
    // is looked after better (deepseek-chat), but a bare gemini-… is another vendor's.
    auto& place = models_[{model.provider, model.id}];
    if (place.id.empty() || prefixed == (known->ours == "gemini")) {
      place = std::move(model);
    }
  }

  PriceMap Take() {
    for (auto& [name, model] : models_) {
      map_.unpriced += model.prices.empty() ? 1 : 0;
      map_.models.push_back(std::move(model));
    }
    return std::move(map_);
  }

 private:
  Model Read(const KnownProvider& known, Text id, const Value& entry) {
    Model model;
    model.provider = known.ours;
    model.id = id;
    model.dialect = known.dialect;
    model.region = RegionOf(known.ours, id);
    ReadFacts(entry, model);
    const bool local = known.ours == "ollama" && !id.ends_with("-cloud");
    model.privacy = local ? Privacy::kLocal : Privacy::kCloud;
    auto [rates, rounded] = ReadPriceFields(entry);
    map_.rounded += rounded;
    const bool all_zero = std::ranges::all_of(rates, [](const Rate& r) { return r.price == 0; });
    const bool may_be_free = local || SaysFree(id) || model.mode == Mode::kModeration;
    if (!all_zero) {
      std::erase_if(rates, IsFiller);
    }
    if (!rates.empty() && (!all_zero || may_be_free)) {
      model.prices.emplace_back(from_, std::move(rates));
    }
    return model;
  }

  std::chrono::sys_days from_;
  std::map<std::pair<std::string, std::string>, Model> models_;
  PriceMap map_;
};

}  // namespace

core::Result<PriceMap> ReadPriceMap(Text json, std::chrono::sys_days from) {
  json::Document document;
  SB_CHECK_OK(document.Parse(json, {.unique_keys = false}));
  if (!document.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "expected a JSON object with an entry for each model");
  }
  Reader reader(from);
  json::ForEachMember(document.Root(), [&](const Value& key, const Value& entry) {
    if (entry.IsObject()) {
      reader.Add(key.AsString().value_or(""), entry);
    }
  });
  return reader.Take();
}

}  // namespace signalbox::catalog
