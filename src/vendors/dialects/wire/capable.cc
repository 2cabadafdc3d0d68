#include "vendors/dialects/wire/capable.h"

#include <algorithm>

namespace signalbox::wire {
namespace {

using catalog::Ability;
using chat::FormatKind;
using chat::MediaKind;
using chat::Part;

std::optional<Ability> AbilityFor(const chat::Media& media) {
  switch (media.kind) {
    case MediaKind::kImage:
      return Ability::kVision;
    case MediaKind::kDocument:
      // Other documents are texts.
      return media.media_type.empty() || media.media_type == "application/pdf"
                 ? std::optional(Ability::kPdf)
                 : std::nullopt;
    case MediaKind::kAudio:
      return Ability::kAudioInput;
    case MediaKind::kVideo:
      return Ability::kVideoInput;
  }
  return std::nullopt;
}

bool LacksForParts(const std::vector<Part>& parts, const catalog::Capabilities& of) {
  return std::ranges::any_of(parts, [&](const Part& part) {
    if (const auto* media = std::get_if<chat::Media>(&part.content)) {
      const auto needed = AbilityFor(*media);
      return needed && of.Lacks(*needed);
    }
    const auto* result = std::get_if<chat::ToolResult>(&part.content);
    return result != nullptr && LacksForParts(result->parts, of);
  });
}

bool LacksForAnswer(const chat::Request& request, const catalog::Capabilities& of,
                    bool forms_in_words) {
  const FormatKind format = request.response_format.kind;
  if (!forms_in_words && ((format == FormatKind::kJsonSchema && of.Lacks(Ability::kJsonSchema)) ||
                          (format == FormatKind::kJsonObject && of.Lacks(Ability::kJsonObject)))) {
    return true;
  }
  return std::ranges::any_of(request.output.modalities, [&](const std::string& modality) {
    return (modality == "audio" && of.Lacks(Ability::kAudioOutput)) ||
           (modality == "image" && of.Lacks(Ability::kImageOutput));
  });
}

}  // namespace

bool LacksFor(const chat::Request& request, const catalog::Capabilities& of, bool forms_in_words) {
  if (of.cannot == 0) {
    return false;
  }
  const auto is_called = [](const chat::Tool& tool) { return tool.kind != chat::ToolKind::kRaw; };
  const bool may_call = request.tool_choice.mode != chat::ToolChoiceMode::kNone &&
                        std::ranges::any_of(request.tools, is_called);
  return (may_call && of.Lacks(Ability::kTools)) ||
         std::ranges::any_of(
             request.messages,
             [&](const chat::Message& message) { return LacksForParts(message.parts, of); }) ||
         LacksForAnswer(request, of, forms_in_words);
}

const chat::ReasoningOptions& ReasoningFor(const chat::Request& request, bool own,
                                           const catalog::Capabilities& of,
                                           std::vector<std::string>& dropped) {
  static const chat::ReasoningOptions nothing;
  const chat::ReasoningOptions& asked = request.reasoning;
  if (own || !of.LacksThinking()) {
    return asked;
  }
  if (!asked.effort.empty() && asked.effort != "none") {
    DropOnce("reasoning.effort", dropped);
  }
  if (asked.budget.value_or(0) != 0) {
    DropOnce("reasoning.budget", dropped);
  }
  if (asked.enabled.value_or(false)) {
    DropOnce("reasoning.enabled", dropped);
  }
  return nothing;
}

bool MaySample(const chat::Request& request, const catalog::Capabilities& of) {
  if (!of.Lacks(Ability::kSampling)) {
    return true;
  }
  const chat::ReasoningOptions& asked = request.reasoning;
  const bool thinks = (!asked.effort.empty() && asked.effort != "none") ||
                      asked.budget.value_or(0) != 0 || asked.enabled.value_or(false);
  return of.Takes(catalog::Effort::kNone) && !thinks;
}

std::string FormInWords(const chat::ResponseFormat& format) {
  const bool schema = format.kind == FormatKind::kJsonSchema && !format.schema.empty();
  if (format.kind != FormatKind::kJsonSchema && format.kind != FormatKind::kJsonObject) {
    return {};
  }
  return schema ? "Answer with one JSON object that fits this JSON schema, and with nothing else, "
                  "neither before nor after it:\n" +
                      format.schema
                : "Answer with one JSON object, and with nothing else, neither before nor after "
                  "it.";
}

void DropOnce(std::string_view path, std::vector<std::string>& dropped) {
  if (std::ranges::find(dropped, path) == dropped.end()) {
    dropped.emplace_back(path);
  }
}

}  // namespace signalbox::wire
