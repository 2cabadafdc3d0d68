#include "vendors/dialects/openai_chat/stream_parser.h"

#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/parse_delta.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::EventBatch;
using chat::Level;
using chat::StreamStart;
using core::Status;
using json::Value;

constexpr wire::Field<StreamStart> kHeadFields[] = {
    {"id", [](const Value& v, StreamStart& out) { return wire::ReadText(v, out.id); }},
    {"model", [](const Value& v, StreamStart& out) { return wire::ReadText(v, out.model); }},
    {"created", [](const Value& v, StreamStart& out) { return wire::ReadInt(v, out.created); }},
    {"service_tier",
     [](const Value& v, StreamStart& out) { return wire::ReadText(v, out.service_tier); }},
    {"system_fingerprint",
     [](const Value& v, StreamStart& out) { return wire::ReadText(v, out.system_fingerprint); }},
    {"object",
     [](const Value& v, StreamStart&) {
       return v.AsString() == "chat.completion.chunk" ? Status{} : wire::Expected("a chunk");
     }},
};

bool IsHeadField(std::string_view name) {
  return std::any_of(std::begin(kHeadFields), std::end(kHeadFields),
                     [&](const auto& field) { return field.name == name; });
}

void ParseUsageOf(const Value& frame, EventBatch& out) {
  auto usage = frame.Find("usage");
  if (!usage || !usage->IsObject()) {
    const auto groq = frame.Find("x_groq");
    usage = groq ? groq->Find("usage") : std::nullopt;
  }
  if (usage && usage->IsObject()) {
    out.push_back({0, ParseUsage(*usage)});
  }
}

// {"error":…} or the older {"object":"error","message":…}
std::optional<chat::VendorError> ErrorIn(const Value& frame) {
  const auto error = frame.Find("error");
  if (error && !error->IsNull()) {
    return ParseErrorValue(*error);
  }
  const auto object = frame.Find("object");
  return object && object->AsString() == "error" ? std::optional(ParseErrorValue(frame))
                                                 : std::nullopt;
}

}  // namespace

Status StreamParser::Parse(std::string_view type, std::string_view data, EventBatch& out) {
  if (data.starts_with("[DONE]")) {
    out.push_back({0, chat::StreamEnd{}});
    return {};
  }
  if (!document_.Parse(data) || !document_.Root().IsObject()) {
    if (type == "error") {
      out.push_back({0, ParseErrorBody(data)});
      return {};
    }
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  ParseFrame(document_.Root(), out);
  return {};
}

void StreamParser::ParseFrame(const Value& frame, EventBatch& out) {
  auto error = ErrorIn(frame);
  const auto choices = frame.Find("choices");
  const bool has_choices = choices && choices->IsArray();
  if (error && !(has_choices && choices->FirstChild())) {
    out.push_back({0, *std::move(error)});
    return;
  }
  ParseHead(frame, out);
  if (has_choices) {
    std::int64_t position = 0;
    json::ForEachElement(*choices,
                         [&](const Value& choice) { ParseChoice(choice, position++, out); });
  }
  ParseUsageOf(frame, out);
  if (error) {
    out.push_back({0, *std::move(error)});
  }
}

void StreamParser::ParseHead(const Value& frame, EventBatch& out) {
  StreamStart head;
  std::vector<chat::Event> unknown;
  json::ForEachMember(frame, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    chat::Extra extra;
    if (IsHeadField(name)) {
      (void)wire::ReadMember(key, value, kHeadFields, head, extra, wire::Strictness::kLenient);
    } else if (name != "choices" && name != "error" && name != "usage") {
      KeepMember(Level::kFrame, 0, 0, key, value, unknown);
    }
  });
  if (!started_ || head != head_) {
    started_ = true;
    head_ = head;
    out.push_back({0, std::move(head)});
  }
  out.insert(out.end(), std::make_move_iterator(unknown.begin()),
             std::make_move_iterator(unknown.end()));
}

void StreamParser::ParseChoice(const Value& value, std::int64_t position, EventBatch& out) {
  if (!value.IsObject()) {
    return;
  }
  const auto number = value.Find("index");
  const std::int64_t index = number ? number->AsInt().value_or(position) : position;
  Choice& choice = ChoiceAt(index);
  std::optional<chat::Finish> finish;
  json::ForEachMember(value, [&](const Value& key, const Value& member) {
    const std::string name = *key.AsString();
    if (name == "index" || (member.IsNull() && (name == "finish_reason" || name == "logprobs"))) {
      return;
    }
    if (name == "delta" && member.IsObject()) {
      ParseDelta(member, index, choice.state, out);
    } else if (name == "finish_reason" && member.IsString()) {
      std::string word = *member.AsString();
      const auto reason = FinishNamed(word);
      finish = chat::Finish{reason, std::move(word), {}};
    } else if (name == "logprobs") {
      out.push_back({index, chat::LogprobsDelta{std::string(member.Raw())}});
    } else if (name != "delta" && name != "finish_reason") {
      KeepMember(Level::kChoice, index, 0, key, member, out);
    }
  });
  if (finish && finish->reason != chat::FinishReason::kUnset) {
    if (const auto call = choice.state.calls.Close()) {
      out.push_back({index, chat::ToolCallEnd{*call}});
    }
    out.push_back({index, *std::move(finish)});
  }
}

StreamParser::Choice& StreamParser::ChoiceAt(std::int64_t index) {
  for (Choice& choice : choices_) {
    if (choice.index == index) {
      return choice;
    }
  }
  return choices_.emplace_back(index, DeltaState{});
}

}  // namespace signalbox::openai_chat
