#include "vendors/dialects/wire/capable.h"

#include <fmt/format.h>

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

// The ways to the parts are put into words only when one of them is lacking.
std::optional<Lack> InParts(const std::vector<Part>& parts, const catalog::Capabilities& of) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::optional<Lack> lack;
    if (const auto* media = std::get_if<chat::Media>(&parts[i].content)) {
      const auto needed = AbilityFor(*media);
      if (needed && of.Lacks(*needed)) {
        lack = Lack{*needed, {}};
      }
    } else if (const auto* result = std::get_if<chat::ToolResult>(&parts[i].content)) {
      lack = InParts(result->parts, of);
    }
    if (lack) {
      lack->path = fmt::format(".content[{}]{}", i, lack->path);
      return lack;
    }
  }
  return std::nullopt;
}

std::optional<Lack> InMessages(const chat::Request& request, const catalog::Capabilities& of) {
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    if (auto lack = InParts(request.messages[i].parts, of)) {
      lack->path = fmt::format("messages[{}]{}", i, lack->path);
      return lack;
    }
  }
  return std::nullopt;
}

std::optional<Lack> InAnswer(const chat::Request& request, const catalog::Capabilities& of,
                             bool forms_in_words) {
  const FormatKind format = request.response_format.kind;
  if (!forms_in_words && format == FormatKind::kJsonSchema && of.Lacks(Ability::kJsonSchema)) {
    return Lack{Ability::kJsonSchema, "response_format"};
  }
  if (!forms_in_words && format == FormatKind::kJsonObject && of.Lacks(Ability::kJsonObject)) {
    return Lack{Ability::kJsonObject, "response_format"};
  }
  for (const std::string& modality : request.output.modalities) {
    const bool audio = modality == "audio";
    const Ability needed = audio ? Ability::kAudioOutput : Ability::kImageOutput;
    if ((audio || modality == "image") && of.Lacks(needed)) {
      return Lack{needed, "modalities"};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Lack> FindLack(const chat::Request& request, const catalog::Capabilities& of,
                             bool forms_in_words) {
  if (of.cannot == 0) {
    return std::nullopt;
  }
  if (auto lack = InMessages(request, of)) {
    return lack;
  }
  const auto is_called = [](const chat::Tool& tool) { return tool.kind != chat::ToolKind::kRaw; };
  const bool may_call = request.tool_choice.mode != chat::ToolChoiceMode::kNone;
  const auto tool = std::ranges::find_if(request.tools, is_called);
  if (of.Lacks(Ability::kTools) && may_call && tool != request.tools.end()) {
    return Lack{Ability::kTools, fmt::format("tools[{}]", tool - request.tools.begin())};
  }
  return InAnswer(request, of, forms_in_words);
}

std::string_view Words(Ability lacking) {
  switch (lacking) {
    case Ability::kVision:
      return "cannot see images";
    case Ability::kPdf:
      return "cannot read PDF documents";
    case Ability::kAudioInput:
      return "cannot hear audio";
    case Ability::kVideoInput:
      return "cannot watch video";
    case Ability::kAudioOutput:
      return "cannot speak";
    case Ability::kImageOutput:
      return "cannot make images";
    case Ability::kTools:
      return "cannot call tools";
    case Ability::kJsonSchema:
      return "cannot be held to a JSON schema";
    case Ability::kJsonObject:
      return "cannot be held to JSON";
    default:
      return "cannot do this";
  }
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
