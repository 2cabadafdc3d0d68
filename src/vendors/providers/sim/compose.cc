#include "vendors/providers/sim/compose.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/json/writer.h"
#include "vendors/providers/sim/answerer.h"
#include "vendors/providers/sim/corpus.h"
#include "vendors/providers/sim/schema_sample.h"
#include "vendors/providers/sim/script_run.h"

namespace signalbox::sim {
namespace {

using chat::ToolChoiceMode;

void AddText(std::string text, chat::Choice& choice) {
  choice.parts.push_back({.content = chat::Text{.text = std::move(text), .citations = {}}});
}

void AddCall(chat::ToolCall call, std::uint64_t draw, chat::Choice& choice) {
  if (call.id.empty()) {
    call.id = fmt::format("call_{:016x}{:08x}", Mix(draw, choice.parts.size()),
                          static_cast<std::uint32_t>(Mix(draw, ~choice.parts.size())));
  }
  choice.parts.push_back({.content = std::move(call)});
}

bool MayCall(const chat::Request& request, const chat::Tool& tool) {
  const auto& choice = request.tool_choice;
  const bool limited =
      choice.mode == ToolChoiceMode::kNamed || choice.mode == ToolChoiceMode::kAllowed;
  return tool.kind != chat::ToolKind::kRaw &&
         (!limited || std::ranges::find(choice.names, tool.name) != choice.names.end());
}

bool MustCall(const chat::ToolChoice& choice) {
  return choice.mode == ToolChoiceMode::kRequired || choice.mode == ToolChoiceMode::kNamed ||
         (choice.mode == ToolChoiceMode::kAllowed && choice.required);
}

// A message of its own, or a part of a user's.
bool LastIsToolResult(const chat::Request& request) {
  return !request.messages.empty() &&
         std::ranges::any_of(request.messages.back().parts, [](const chat::Part& part) {
           return std::holds_alternative<chat::ToolResult>(part.content);
         });
}

bool AsksForSeveral(const std::string& prompt) {
  return prompt.find("parallel") != std::string::npos ||
         prompt.find("all tools") != std::string::npos;
}

// The first tool that may be called, or all of them when several are asked for.
bool ComposeCalls(const chat::Request& request, const std::string& prompt, std::uint64_t draw,
                  chat::Choice& choice) {
  const bool wants = BareModel(request.model) == "tools" && !LastIsToolResult(request) &&
                     request.tool_choice.mode != ToolChoiceMode::kNone;
  if (!wants && !MustCall(request.tool_choice)) {
    return false;
  }
  const bool several = AsksForSeveral(prompt) && request.parallel_tool_calls.value_or(true) &&
                       request.tool_choice.mode != ToolChoiceMode::kNamed;
  for (const auto& tool : request.tools) {
    if (!MayCall(request, tool)) {
      continue;
    }
    const bool custom = tool.kind == chat::ToolKind::kCustom;
    const std::uint64_t seed = Mix(draw, choice.parts.size());
    AddCall({.id = {},
             .name = tool.name,
             .arguments = custom                    ? prompt
                          : tool.parameters.empty() ? "{}"
                                                    : SampleSchemaText(tool.parameters, seed),
             .kind = custom ? chat::CallKind::kCustom : chat::CallKind::kFunction,
             .signature = {},
             .inner_extra = {}},
            draw, choice);
    if (!several) {
      break;
    }
  }
  return !choice.parts.empty();
}

std::string TextOf(const std::vector<chat::Part>& parts) {
  std::string out;
  for (const auto& part : parts) {
    if (const auto* text = std::get_if<chat::Text>(&part.content)) {
      out += text->text;
    }
  }
  return out;
}

// "The tools answered: …", from the results since the last call.
std::string ToolReport(const chat::Request& request) {
  std::vector<std::string> results;
  for (auto message = request.messages.rbegin();
       message != request.messages.rend() && message->role == chat::Role::kTool; ++message) {
    for (const auto& part : message->parts) {
      const auto* result = std::get_if<chat::ToolResult>(&part.content);
      results.push_back(TextOf(result != nullptr ? result->parts : std::vector{part}));
    }
  }
  std::ranges::reverse(results);
  return fmt::format("The {} answered: {}", results.size() == 1 ? "tool" : "tools",
                     fmt::join(results, "; "));
}

std::string PlainAnswer(const chat::Request& request, const std::string& prompt,
                        std::uint64_t draw) {
  const std::string_view model = BareModel(request.model);
  if (model == "echo") {
    return prompt;
  }
  if (model == "scripted") {
    return "No rule of the script answers this.";
  }
  return LastIsToolResult(request) ? ToolReport(request) : CannedAnswer(prompt, draw);
}

}  // namespace

void ComposeScripted(const ScriptedAnswer& answer, std::uint64_t draw, chat::Choice& choice) {
  if (!answer.reasoning.empty()) {
    chat::Reasoning reasoning;
    reasoning.text = answer.reasoning;
    choice.parts.push_back({.content = std::move(reasoning)});
  }
  if (!answer.text.empty() || (answer.refusal.empty() && answer.calls.empty())) {
    AddText(answer.text, choice);
  }
  if (!answer.refusal.empty()) {
    choice.parts.push_back({.content = chat::Refusal{answer.refusal}});
  }
  for (const auto& scripted : answer.calls) {
    chat::ToolCall call;
    call.id = scripted.id;
    call.name = scripted.name;
    call.arguments = scripted.arguments;
    AddCall(std::move(call), draw, choice);
  }
}

void Compose(const chat::Request& request, const std::string& prompt, std::uint64_t draw,
             chat::Choice& choice) {
  if (ComposeCalls(request, prompt, draw, choice)) {
    return;
  }
  const auto& format = request.response_format;
  if (format.kind == chat::FormatKind::kJsonSchema) {
    AddText(SampleSchemaText(format.schema.empty() ? "{}" : format.schema, draw), choice);
    return;
  }
  std::string text = PlainAnswer(request, prompt, draw);
  if (format.kind == chat::FormatKind::kJsonObject || BareModel(request.model) == "json") {
    std::string object = "{\"answer\":";
    json::AppendQuoted(object, text);
    text = object + "}";
  }
  AddText(std::move(text), choice);
}

}  // namespace signalbox::sim
