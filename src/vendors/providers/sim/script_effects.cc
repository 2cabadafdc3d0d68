#include "vendors/providers/sim/script_effects.h"

#include <fmt/format.h>

#include <array>

namespace signalbox::sim {
namespace {

constexpr std::int64_t kMany = 10'000'000;
constexpr std::array<std::string_view, 4> kMalformations = {"json", "sse", "chunking", "utf8"};
constexpr std::array<std::string_view, 4> kFinishReasons = {"stop", "length", "tool_calls",
                                                            "content_filter"};

constexpr Field<ErrorText> kErrorFields[] = {
    {"message", TextInto<&ErrorText::message>},
    {"type", TextInto<&ErrorText::type>},
    {"code", TextInto<&ErrorText::code>},
    {"param", TextInto<&ErrorText::param>},
};

constexpr Field<RateLimit> kRateFields[] = {
    {"requests", IntInto<&RateLimit::requests, 1, kMany>},
    {"per", DurationInto<&RateLimit::per>},
};

constexpr Field<ScriptedUsage> kUsageFields[] = {
    {"input", IntInto<&ScriptedUsage::input, 0, kMany>},
    {"output", IntInto<&ScriptedUsage::output, 0, kMany>},
    {"cached", IntInto<&ScriptedUsage::cached, 0, kMany>},
    {"reasoning", IntInto<&ScriptedUsage::reasoning, 0, kMany>},
};

// Text is taken as it stands (also what is no JSON: models do that); anything else becomes JSON.
void ReadArguments(NodeReader&, const Node& node, std::string_view, ScriptedCall& out) {
  out.arguments.clear();
  if (node.kind == Node::Kind::kScalar) {
    out.arguments = node.text;
  } else {
    AppendJson(node, out.arguments);
  }
}

constexpr Field<ScriptedCall> kCallFields[] = {
    {"id", TextInto<&ScriptedCall::id>},
    {"name", TextInto<&ScriptedCall::name>},
    {"arguments", ReadArguments},
};

void ReadCalls(NodeReader& reader, const Node& node, std::string_view, ScriptedAnswer& out) {
  if (node.kind != Node::Kind::kSequence || node.items.empty()) {
    reader.Complain(node.place, "tool_calls must be a list of calls");
    return;
  }
  for (const auto& item : node.items) {
    ScriptedCall call{.id = {}, .name = {}, .arguments = "{}"};
    ReadMap<ScriptedCall>(reader, *item, "a tool call", kCallFields, call);
    if (call.name.empty()) {
      reader.Complain(item->place, "a tool call needs a name");
    }
    out.calls.push_back(std::move(call));
  }
}

void ReadJsonText(NodeReader& reader, const Node& node, std::string_view, ScriptedAnswer& out) {
  if (!out.text.empty()) {
    reader.Complain(node.place, "an answer has either text or json");
  }
  AppendJson(node, out.text);
}

constexpr Field<ScriptedAnswer> kAnswerFields[] = {
    {"text", TextInto<&ScriptedAnswer::text>},
    {"json", ReadJsonText},
    {"reasoning", TextInto<&ScriptedAnswer::reasoning>},
    {"refusal", TextInto<&ScriptedAnswer::refusal>},
    {"tool_calls", ReadCalls},
};

void ReadAnswer(NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
  auto& answer = out.answer.emplace();
  if (node.kind == Node::Kind::kScalar) {
    answer.text = node.text;
  } else {
    ReadMap<ScriptedAnswer>(reader, node, key, kAnswerFields, answer);
  }
}

void ReadError(NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
  if (node.kind == Node::Kind::kScalar) {
    out.error.message = node.text;
  } else {
    ReadMap<ErrorText>(reader, node, key, kErrorFields, out.error);
  }
}

void ReadRateLimit(NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
  auto& limit = out.rate_limit.emplace();
  ReadMap<RateLimit>(reader, node, key, kRateFields, limit);
  if (limit.requests == 0 || limit.per.count() <= 0) {
    reader.Complain(node.place,
                    "rate_limit needs requests and per, such as {requests: 10, per: 1s}");
  }
}

// `key: before_head` where that makes sense, or `key: <tokens to send first>`.
template <Break kBreak>
void ReadBreak(NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
  if (out.breaks != Break::kNone) {
    reader.Complain(node.place, "a rule has one of cut_after, reset, hang and error_after");
    return;
  }
  out.breaks = kBreak;
  constexpr bool kMayPrecedeHead = kBreak == Break::kReset || kBreak == Break::kHang;
  if (kMayPrecedeHead && node.text == "before_head") {
    out.before_head = true;
    return;
  }
  const std::string what =
      kMayPrecedeHead ? fmt::format("{} must be before_head or a number of tokens, which", key)
                      : std::string(key);
  Put(reader.Int(node, what, 0, kMany), out.break_after);
}

void ReadHeaders(NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
  out.headers = reader.Texts(node, key);
  for (const auto& [name, value] : out.headers) {
    const bool good_name = std::ranges::all_of(name, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '_';
    });
    const bool good_value = std::ranges::all_of(
        value, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
    if (!good_name || name.empty() || !good_value) {
      reader.Complain(node.place,
                      "headers: names are letters, digits, - and _; values are one line");
    }
  }
}

constexpr Field<Effects> kEffectFields[] = {
    {"delay", DurationInto<&Effects::delay>},
    {"first_token", DurationInto<&Effects::first_token>},
    {"tokens_per_second",
     [](NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
       Put(reader.Number(node, key, 0.001, 1'000'000), out.tokens_per_second);
     }},
    {"status", IntInto<&Effects::status, 200, 599>},
    {"error", ReadError},
    {"retry_after", TextInto<&Effects::retry_after>},
    {"rate_limit", ReadRateLimit},
    {"reset", ReadBreak<Break::kReset>},
    {"hang", ReadBreak<Break::kHang>},
    {"cut_after", ReadBreak<Break::kCut>},
    {"error_after", ReadBreak<Break::kError>},
    {"malformed",
     [](NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
       if (const auto word = reader.Word(node, key, kMalformations)) {
         out.malformed = static_cast<Malformed>(*word + 1);
       }
     }},
    {"slice", IntInto<&Effects::slice, 1, 1 << 20>},
    {"drip", DurationInto<&Effects::drip>},
    {"answer", ReadAnswer},
    {"body", [](NodeReader& reader, const Node& node, std::string_view key,
                Effects& out) { out.body = reader.Text(node, key); }},
    {"usage",
     [](NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
       ReadMap<ScriptedUsage>(reader, node, key, kUsageFields, out.usage);
     }},
    {"finish_reason",
     [](NodeReader& reader, const Node& node, std::string_view key, Effects& out) {
       if (const auto word = reader.Word(node, key, kFinishReasons)) {
         out.finish_reason = kFinishReasons[*word];
       }
     }},
    {"headers", ReadHeaders},
};

}  // namespace

std::span<const Field<Effects>> EffectFields() {
  return kEffectFields;
}

void FinishEffects(NodeReader& reader, const Node& rule, Effects& effects) {
  if (effects.rate_limit && effects.status == 200) {
    effects.status = 429;
  }
  if (effects.drip.count() > 0 && effects.slice == 0) {
    effects.slice = 1;
  }
  const bool error_status = effects.status >= 400;
  if (effects.answer && (effects.body || error_status)) {
    reader.Complain(rule.place, "a rule has one of answer, body and an error status");
  }
  if (!effects.error.empty() && !error_status && effects.breaks != Break::kError) {
    reader.Complain(rule.place, "error needs a status from 400 on, or error_after");
  }
}

}  // namespace signalbox::sim
