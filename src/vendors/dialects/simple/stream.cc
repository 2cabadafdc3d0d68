#include "vendors/dialects/simple/stream.h"

#include <charconv>
#include <utility>

#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/dialects/simple/dialect.h"
#include "vendors/dialects/simple/form.h"
#include "vendors/dialects/wire/error_words.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::simple {
namespace {

using chat::EventBatch;
using json::Value;

// The members of the last frame, as events.
void ReadEnd(const Value& root, EventBatch& out) {
  out.push_back({0, chat::Finish{chat::FinishReason::kStop, {}, {}}});
  json::ForEachMember(root, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name == "usage") {
      if (auto usage = ParseUsage(value)) {
        out.push_back({0, *std::move(usage)});
      }
    } else if (name != "success" && name != "data" && name != "done" && name != "model") {
      out.push_back(
          {0, chat::UnknownMember{chat::Level::kFrame, 0, {name, std::string(value.Raw())}}});
    }
  });
  out.push_back({0, chat::StreamEnd{}});
}

// The status that an error in the middle of a stream names as its code, as this form does.
int StatusOf(const chat::VendorError& error) {
  constexpr int kUnknown = 500;
  int status = kUnknown;
  std::from_chars(error.code.data(), error.code.data() + error.code.size(), status);
  return status >= 400 && status < 600 ? status : kUnknown;
}

}  // namespace

core::Status StreamParser::Parse(std::string_view, std::string_view data, EventBatch& out) {
  if (!document_.Parse(data) || !document_.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  const Value root = document_.Root();
  const auto success = root.Find("success");
  if (!success || success->AsBool() != true) {
    out.push_back({0, simple::ParseError(data)});
    out.push_back({0, chat::StreamEnd{}});
    return {};
  }
  const auto model = root.Find("model");
  if (model || !std::exchange(started_, true)) {
    chat::StreamStart start;
    start.model = model ? model->AsString().value_or("") : "";
    out.push_back({0, std::move(start)});
  }
  const auto text = root.Find("data");
  std::string piece = text ? text->AsString().value_or("") : "";
  if (!piece.empty()) {
    out.push_back({0, chat::TextDelta{std::move(piece)}});
  }
  if (const auto done = root.Find("done"); done && done->AsBool() == true) {
    ReadEnd(root, out);
  }
  return {};
}

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  std::string text;
  for (const chat::Event& event : events) {
    if (event.choice != 0) {
      continue;  // the form has one text
    }
    if (const auto* delta = std::get_if<chat::TextDelta>(&event.what)) {
      text += delta->text;
    } else if (const auto* refusal = std::get_if<chat::RefusalDelta>(&event.what)) {
      text += refusal->text;
    } else if (const auto* start = std::get_if<chat::StreamStart>(&event.what)) {
      model_ = start->model;
    } else if (const auto* usage = std::get_if<chat::UsageReport>(&event.what)) {
      Take(*usage);
    } else if (const auto* unknown = std::get_if<chat::UnknownMember>(&event.what)) {
      if (unknown->level == chat::Level::kFrame) {
        extra_.push_back(unknown->member);
      }
    }
  }
  if (!text.empty()) {
    out += R"(data: {"success":true,"data":)";
    json::AppendQuoted(out, text);
    out += "}\n\n";
  }
  RenderMarks(events, out);
}

// What a later report states takes the place of what an earlier one did.
void StreamRenderer::Take(const chat::UsageReport& usage) {
  chat::UsageReport& sum = usage_ ? *usage_ : usage_.emplace();
  for (const auto count : {&chat::Usage::input, &chat::Usage::output}) {
    sum.tokens.*count = usage.tokens.*count >= 0 ? usage.tokens.*count : sum.tokens.*count;
  }
  sum.total = usage.total;
}

void StreamRenderer::RenderMarks(std::span<const chat::Event> events, std::string& out) {
  for (const chat::Event& event : events) {
    if (const auto* error = std::get_if<chat::StreamError>(&event.what)) {
      const int status = StatusOf(*error);
      RenderError({.status = status, .error = wire::ToError(status, *error), .vendor = *error},
                  out);
      return;
    }
    if (std::holds_alternative<chat::StreamEnd>(event.what)) {
      RenderEnd(out);
    }
  }
}

void StreamRenderer::RenderEnd(std::string& out) {
  std::string frame;
  json::Writer writer(frame);
  writer.BeginObject().Key("success").Bool(true).Key("data").String("").Key("done").Bool(true);
  RenderRest(model_, usage_, extra_, own_, writer);
  writer.EndObject();
  net::AppendSseEvent(out, {}, frame);
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  net::AppendSseEvent(out, {}, simple::RenderError(error));
}

}  // namespace signalbox::simple
