// A request held against a vendor's table of features.
#include <fmt/format.h>

#include <optional>

#include "vendors/dialects/wire/adapt_media.h"
#include "vendors/dialects/wire/feature.h"

namespace signalbox::wire {
namespace {

using chat::Part;
using chat::Role;

// Where something stands in a request; put into words only when somebody is told.
struct Place {
  const Place* in = nullptr;
  std::string_view list;  // "messages", "content"
  std::size_t index = 0;

  std::string Text() const {
    std::string text = in == nullptr ? std::string() : in->Text() + ".";
    return text + fmt::format("{}[{}]", list, index);
  }
};

// Walks over a request and holds what it finds against a table.
class Walk {
 public:
  Walk(const chat::Request& request, const FeatureTable& table, std::vector<std::string>& dropped)
      : request_(request), table_(table), dropped_(dropped) {}

  // What is refused first, and where; nullopt: nothing.
  std::optional<std::pair<Feature, std::string>> Take() {
    bool begun = false;
    for (std::size_t i = 0; i < request_.messages.size(); ++i) {
      const chat::Message& message = request_.messages[i];
      const bool system = message.role == Role::kSystem || message.role == Role::kDeveloper;
      const Place place{nullptr, "messages", i};
      Add(system, begun ? Feature::kSystemBetween : Feature::kSystem, place);
      begun |= !system;
      OfMessage(message, place);
    }
    OfTools();
    OfToolChoice();
    OfAnswer();
    OfSampling();
    OfReasoning();
    OfRest();
    OfUnknown();
    return std::move(refused_);
  }

 private:
  void Add(bool used, Feature feature, const Place& place, std::string_view member = {}) {
    if (used && table_.Of(feature) <= Support::kDropped) {
      Tell(feature, member.empty() ? place.Text() : place.Text().append(".").append(member));
    }
  }
  void Add(bool used, Feature feature, std::string_view member) {
    if (used && table_.Of(feature) <= Support::kDropped) {
      Tell(feature, std::string(member));
    }
  }
  void Tell(Feature feature, std::string path) {
    if (table_.Of(feature) == Support::kDropped) {
      dropped_.push_back(std::move(path));
    } else if (!refused_) {
      refused_.emplace(feature, std::move(path));
    }
  }

  void OfMessage(const chat::Message& message, const Place& place) {
    Add(!message.name.empty(), Feature::kParticipantName, place, "name");
    Add(message.cache.has_value(), Feature::kCacheMarkers, place, "cache_control");
    Drop(message.extra, &place);
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
      OfPart(message.parts[i], {&place, "content", i}, false);
    }
  }

  void OfPart(const Part& part, const Place& place, bool in_result) {
    Add(part.cache.has_value(), Feature::kCacheMarkers, place, "cache_control");
    Drop(part.extra, &place);
    if (chat::IsSilent(part)) {
      dropped_.push_back(place.Text());
    }
    if (std::holds_alternative<chat::Text>(part.content)) {
      return;
    }
    if (const auto* media = std::get_if<chat::Media>(&part.content)) {
      Add(in_result, Feature::kToolResultMedia, place);
      OfMedia(*media, place);
      Drop(media->inner_extra, &place);
    } else if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
      Drop(call->inner_extra, &place);
    } else if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
      Add(result->is_error.value_or(false), Feature::kToolResultError, place, "is_error");
      for (std::size_t i = 0; i < result->parts.size(); ++i) {
        OfPart(result->parts[i], {&place, "content", i}, true);
      }
    }
    Add(std::holds_alternative<chat::Reasoning>(part.content), Feature::kThoughts, place);
    Add(std::holds_alternative<chat::Refusal>(part.content), Feature::kRefusals, place);
    Add(std::holds_alternative<chat::RawPart>(part.content), Feature::kVendorParts, place);
  }

  void OfMedia(const chat::Media& media, const Place& place) {
    const bool url = !media.url.empty();
    const bool file = !media.file_id.empty();
    switch (media.kind) {
      case chat::MediaKind::kImage:
        Add(true,
            url    ? Feature::kImageUrl
            : file ? Feature::kImageFile
                   : Feature::kImageData,
            place);
        Add(!media.detail.empty(), Feature::kImageDetail, place, "detail");
        break;
      case chat::MediaKind::kDocument:
        Add(url || file || !TextOfDocument(media),
            url    ? Feature::kDocumentUrl
            : file ? Feature::kDocumentFile
                   : Feature::kDocumentData,
            place);
        break;
      case chat::MediaKind::kAudio:
        Add(true, url ? Feature::kAudioUrl : Feature::kAudioData, place);
        break;
      case chat::MediaKind::kVideo:
        Add(true, Feature::kVideo, place);
        break;
    }
  }

  void OfTools() {
    for (std::size_t i = 0; i < request_.tools.size(); ++i) {
      const chat::Tool& tool = request_.tools[i];
      const Place place{nullptr, "tools", i};
      Add(tool.kind == chat::ToolKind::kFunction, Feature::kTools, place);
      Add(tool.kind == chat::ToolKind::kCustom, Feature::kCustomTools, place);
      Add(tool.kind == chat::ToolKind::kRaw, Feature::kVendorTools, place);
      Add(tool.strict.value_or(false), Feature::kStrictTools, place, "strict");
      Add(tool.cache.has_value(), Feature::kCacheMarkers, place, "cache_control");
      Drop(tool.extra, &place);
      Drop(tool.inner_extra, &place);
    }
    Add(request_.parallel_tool_calls == false, Feature::kOneCallAtATime, "parallel_tool_calls");
  }

  void OfToolChoice() {
    using Mode = chat::ToolChoiceMode;
    const Mode mode = request_.tool_choice.mode;
    Add(mode == Mode::kNone, Feature::kToolChoiceNone, "tool_choice");
    Add(mode == Mode::kRequired, Feature::kToolChoiceRequired, "tool_choice");
    Add(mode == Mode::kNamed, Feature::kToolChoiceNamed, "tool_choice");
    Add(mode == Mode::kAllowed, Feature::kToolChoiceAllowed, "tool_choice");
    Add(mode == Mode::kRaw, Feature::kVendorTools, "tool_choice");
  }

  void OfAnswer() {
    const chat::FormatKind format = request_.response_format.kind;
    Add(format == chat::FormatKind::kJsonObject, Feature::kJsonObject, "response_format");
    Add(format == chat::FormatKind::kJsonSchema, Feature::kJsonSchema, "response_format");
    Add(format == chat::FormatKind::kRaw, Feature::kVendorTools, "response_format");
    for (const std::string& modality : request_.output.modalities) {
      Add(modality == "audio", Feature::kAudioOut, "modalities");
      Add(modality == "image", Feature::kImageOut, "modalities");
    }
    Add(!request_.output.prediction.empty(), Feature::kPrediction, "prediction");
    Add(!request_.output.verbosity.empty(), Feature::kVerbosity, "verbosity");
  }

  void OfSampling() {
    const chat::Sampling& s = request_.sampling;
    Add(s.max_output_tokens.has_value(), Feature::kMaxTokens, "max_tokens");
    Add(!s.stop.empty(), Feature::kStop, "stop");
    Add(s.temperature.has_value(), Feature::kTemperature, "temperature");
    Add(s.top_p.has_value(), Feature::kTopP, "top_p");
    Add(s.top_k.has_value(), Feature::kTopK, "top_k");
    Add(s.min_p.has_value(), Feature::kMinP, "min_p");
    Add(s.frequency_penalty.has_value(), Feature::kFrequencyPenalty, "frequency_penalty");
    Add(s.presence_penalty.has_value(), Feature::kPresencePenalty, "presence_penalty");
    Add(s.repetition_penalty.has_value(), Feature::kRepetitionPenalty, "repetition_penalty");
    Add(s.seed.has_value(), Feature::kSeed, "seed");
    Add(s.n.value_or(1) > 1, Feature::kSeveralChoices, "n");
    Add(s.logprobs.value_or(false) || s.top_logprobs.has_value(), Feature::kLogprobs, "logprobs");
    Add(!s.logit_bias.empty(), Feature::kLogitBias, "logit_bias");
  }

  void OfReasoning() {
    const chat::ReasoningOptions& r = request_.reasoning;
    Add(!r.effort.empty(), Feature::kReasoningEffort, "reasoning.effort");
    Add(r.budget.has_value(), Feature::kReasoningBudget, "reasoning.budget");
    Add(r.enabled.has_value(), Feature::kReasoningSwitch, "reasoning.enabled");
    Add(!r.summary.empty(), Feature::kReasoningSummary, "reasoning.summary");
    Add(r.hidden.value_or(false), Feature::kReasoningHidden, "reasoning.exclude");
  }

  void OfRest() {
    for (const chat::Member& member : request_.metadata) {
      // Our own hints are read here and meant for nobody else.
      Add(!member.key.starts_with("x-signalbox-"), Feature::kMetadata, "metadata." + member.key);
    }
    Add(!request_.user.empty(), Feature::kUser, "user");
    Add(!request_.safety_identifier.empty(), Feature::kSafetyIdentifier, "safety_identifier");
    Add(!request_.prompt_cache_key.empty(), Feature::kPromptCacheKey, "prompt_cache_key");
    Add(!request_.service_tier.empty(), Feature::kServiceTier, "service_tier");
    Add(request_.store.has_value(), Feature::kStore, "store");
  }

  // Members that nobody but the sender's own vendor knows.
  void OfUnknown() {
    Drop(request_.extra, nullptr);
    DropUnder(request_.response_format.extra, "response_format");
    DropUnder(request_.response_format.inner_extra, "response_format");
    DropUnder(request_.reasoning.extra, "reasoning");
    DropUnder(request_.stream_options.extra, "stream_options");
  }
  void Drop(const chat::Extra& extra, const Place* place) {
    if (!extra.empty()) {
      DropUnder(extra, place == nullptr ? std::string() : place->Text());
    }
  }
  void DropUnder(const chat::Extra& extra, const std::string& path) {
    for (const chat::Member& member : extra) {
      dropped_.push_back(path.empty() ? member.key : path + "." + member.key);
    }
  }

  const chat::Request& request_;
  const FeatureTable& table_;
  std::vector<std::string>& dropped_;
  std::optional<std::pair<Feature, std::string>> refused_;
};

// Members of one dialect that say what is asked, and that another vendor has no word for: without
// them the answer would be one to another question.
struct Binding {
  std::string_view dialect;
  std::string_view member;
  std::string_view what;
};
constexpr Binding kBindings[] = {
    {"openai_responses", "previous_response_id", "answers that OpenAI has stored"},
    {"openai_responses", "conversation", "conversations that OpenAI has stored"},
    {"openai_responses", "prompt", "prompts that OpenAI has stored"},
    {"openai_responses", "background", "answers in the background"},
    {"anthropic", "mcp_servers", "servers whose tools Anthropic calls"},
    {"gemini", "cachedContent", "prompts that Google has stored"},
    {"bedrock", "promptVariables", "prompts that AWS has stored"},
};

core::Status CheckBindings(const chat::Request& request, std::string_view title) {
  for (const Binding& binding : kBindings) {
    for (const chat::Member& member : request.extra) {
      const bool stated = member.value != "null" && member.value != "false";
      if (request.dialect == binding.dialect && member.key == binding.member && stated) {
        return core::Fail(core::ErrorCode::kInvalidRequest,
                          fmt::format("{}: {} cannot carry {}", member.key, title, binding.what),
                          member.key);
      }
    }
  }
  return {};
}

}  // namespace

core::Status CheckExpressible(const chat::Request& request, std::string_view own,
                              const FeatureTable& table, std::string_view title,
                              std::vector<std::string>& dropped) {
  if (request.dialect == own) {
    return {};
  }
  if (!request.extra.empty()) {
    SB_CHECK_OK(CheckBindings(request, title));
  }
  if (auto refused = Walk(request, table, dropped).Take()) {
    auto& [feature, path] = *refused;
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      fmt::format("{}: {} cannot carry {}", path, title, Name(feature)), path);
  }
  return {};
}

}  // namespace signalbox::wire
