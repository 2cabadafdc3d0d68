#include "vendors/dialects/ollama/parse_options.h"

#include <cmath>
#include <utility>

#include "vendors/dialects/ollama/parse_request.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::ollama {
namespace {

using chat::Request;
using chat::Sampling;
using chat::Tool;
using core::Status;
using json::Value;

using V = const Value&;

// Ollama takes 100.0 for 100.
Status ReadWhole(V value, std::optional<std::int64_t>& out) {
  constexpr double kExact = 9007199254740992;  // 2^53: above it a double is no integer of its own
  const double number = value.AsDouble().value_or(NAN);
  if (!value.IsNumber() || std::floor(number) != number || std::abs(number) > kExact) {
    return wire::ReadInt(value, out);
  }
  out = static_cast<std::int64_t>(number);
  return {};
}

// -1 and -2 (no bound, the context's) stay as they are.
Status ReadBound(V value, Sampling& out) {
  std::optional<std::int64_t> bound;
  SB_CHECK_OK(ReadWhole(value, bound));
  if (*bound <= 0) {
    return wire::Expected("a bound");
  }
  out.max_output_tokens = bound;
  return {};
}

Status ReadStop(V value, Sampling& out) {
  if (value.IsString()) {
    return wire::ReadText(value, out.stop.emplace_back());
  }
  out.stop_listed = true;
  return wire::ReadTextList(value, out.stop);
}

constexpr wire::Field<Sampling> kOptionFields[] = {
    {"temperature", [](V v, Sampling& s) { return wire::ReadNumber(v, s.temperature); }},
    {"top_p", [](V v, Sampling& s) { return wire::ReadNumber(v, s.top_p); }},
    {"top_k", [](V v, Sampling& s) { return wire::ReadNumber(v, s.top_k); }},
    {"min_p", [](V v, Sampling& s) { return wire::ReadNumber(v, s.min_p); }},
    {"frequency_penalty",
     [](V v, Sampling& s) { return wire::ReadNumber(v, s.frequency_penalty); }},
    {"presence_penalty", [](V v, Sampling& s) { return wire::ReadNumber(v, s.presence_penalty); }},
    {"repeat_penalty", [](V v, Sampling& s) { return wire::ReadNumber(v, s.repetition_penalty); }},
    {"seed", [](V v, Sampling& s) { return ReadWhole(v, s.seed); }},
    {"num_predict", ReadBound, wire::OnFailure::kKeep},
    {"stop", ReadStop},
};

constexpr wire::Field<Tool> kFunctionFields[] = {
    {"name", [](V v, Tool& out) { return wire::ReadText(v, out.name); }},
    {"description", [](V v, Tool& out) { return wire::ReadText(v, out.description); }},
    {"parameters", [](V v, Tool& out) { return wire::ReadRaw(v, out.parameters); }},
};

constexpr wire::Field<Tool> kToolFields[] = {
    {"type", [](V, Tool&) { return Status{}; }},
    {"function",
     [](V v, Tool& out) { return wire::ReadObject(v, kFunctionFields, out, out.inner_extra); }},
};

Status ReadTool(V value, Tool& out) {
  const auto type = value.Find("type");
  if (value.IsObject() && !value.Find("function") && type && type->IsString()) {
    out.kind = chat::ToolKind::kRaw;
    out.type = *type->AsString();
    out.json = std::string(value.Raw());
    return {};
  }
  SB_CHECK_OK(wire::ReadObject(value, kToolFields, out, out.extra));
  return out.name.empty()
             ? std::unexpected(wire::UnderMember("function.name", wire::Expected("a name").error()))
             : Status{};
}

}  // namespace

Status ReadOptions(V value, Request& out) {
  chat::Extra unknown;
  SB_CHECK_OK(wire::ReadObject(value, kOptionFields, out.sampling, unknown));
  for (chat::Member& member : unknown) {
    out.extra.push_back({std::string(kOptionPrefix) + member.key, std::move(member.value)});
  }
  return {};
}

Status ReadFormat(V value, chat::ResponseFormat& out) {
  const auto word = value.AsString();
  if (word == "") {
    return {};
  }
  if (word == "json") {
    out.kind = chat::FormatKind::kJsonObject;
    return {};
  }
  out.kind = value.IsObject() ? chat::FormatKind::kJsonSchema : chat::FormatKind::kRaw;
  return wire::ReadRaw(value, value.IsObject() ? out.schema : out.json);
}

Status ReadThink(V value, chat::ReasoningOptions& out) {
  if (value.IsString()) {
    return wire::ReadText(value, out.effort);
  }
  out.enabled = value.AsBool();
  return out.enabled ? Status{} : wire::Expected("true, false, or low, medium or high");
}

Status ReadTools(V value, std::vector<Tool>& out) {
  return wire::ReadList(value, [&](V element) { return ReadTool(element, out.emplace_back()); });
}

}  // namespace signalbox::ollama
