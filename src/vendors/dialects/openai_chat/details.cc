#include "vendors/dialects/openai_chat/details.h"

#include <utility>

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Reasoning;
using core::Status;
using json::Value;
using json::Writer;

constexpr std::string_view kText = "reasoning.text";
constexpr std::string_view kSummary = "reasoning.summary";
constexpr std::string_view kEncrypted = "reasoning.encrypted";

Status ReadIndex(const Value& value, Detail& out) {
  out.index = value.AsInt().value_or(0);
  return {};
}

Status ReadType(const Value& value, Detail& out) {
  const auto type = value.AsString();
  out.thought.summary = type == kSummary;
  const bool known = type == kText || type == kSummary || type == kEncrypted;
  return known ? Status{} : wire::Expected("a kind of thought");
}

using V = const Value&;
constexpr wire::Field<Detail> kFields[] = {
    {"type", ReadType},
    {"text", [](V v, Detail& out) { return wire::ReadText(v, out.thought.text); }},
    {"summary", [](V v, Detail& out) { return wire::ReadText(v, out.thought.text); }},
    {"signature", [](V v, Detail& out) { return wire::ReadText(v, out.thought.signature); }},
    {"data", [](V v, Detail& out) { return wire::ReadText(v, out.thought.redacted); }},
    {"id", [](V v, Detail& out) { return wire::ReadText(v, out.thought.id); }},
    {"format", [](V v, Detail& out) { return wire::ReadText(v, out.thought.format); }},
    {"index", ReadIndex},
};

Status ReadDetail(const Value& element, Detail& out) {
  chat::Extra unknown;  // stays in `detail`
  SB_CHECK_OK(wire::ReadObject(element, kFields, out, unknown));
  if (!element.Find("type")) {
    return wire::Expected("a kind of thought");
  }
  out.thought.detail = std::string(element.Raw());
  return {};
}

void Join(Reasoning&& more, Reasoning& to) {
  to.text += more.text;
  to.detail.append(",").append(more.detail);
  to.summary |= more.summary;
  for (const auto field :
       {&Reasoning::signature, &Reasoning::redacted, &Reasoning::id, &Reasoning::format}) {
    if (!(more.*field).empty()) {
      to.*field = std::move(more.*field);
    }
  }
}

// The members that every kind has.
void RenderRest(std::string_view id, std::string_view format, std::int64_t index, Writer& out) {
  wire::RenderText("id", id, out);
  wire::RenderText("format", format, out);
  out.Key("index").Int(index).EndObject();
}

// `Thought`: a whole one or a piece of one.
template <typename Thought>
void RenderElements(const Thought& thought, std::int64_t index, Writer& out) {
  const bool encrypted = !thought.redacted.empty();
  if (!encrypted || !thought.text.empty() || !thought.signature.empty()) {
    out.BeginObject().Key("type").String(thought.summary ? kSummary : kText);
    out.Key(thought.summary ? "summary" : "text").String(thought.text);
    wire::RenderText("signature", thought.signature, out);
    RenderRest(thought.id, thought.format, index, out);
  }
  if (encrypted) {
    out.BeginObject().Key("type").String(kEncrypted).Key("data").String(thought.redacted);
    RenderRest(thought.id, thought.format, index, out);
  }
}

}  // namespace

std::vector<Detail> ParseDetails(const Value& list) {
  std::vector<Detail> details;
  const auto status = wire::ReadList(
      list, [&](const Value& element) { return ReadDetail(element, details.emplace_back()); });
  if (!status) {
    details.clear();
  }
  return details;
}

bool GoesOn(const Detail& last, const Detail& next) {
  const Reasoning& a = last.thought;
  const Reasoning& b = next.thought;
  if (!a.redacted.empty() || (!a.format.empty() && !b.format.empty() && a.format != b.format) ||
      (!a.id.empty() && !b.id.empty() && a.id != b.id)) {
    return false;
  }
  const bool sums_up = a.summary && !b.redacted.empty();
  const bool same_kind = a.summary == b.summary && a.signature.empty() && b.redacted.empty();
  return sums_up || (same_kind && last.index == next.index);
}

std::vector<Reasoning> JoinDetails(std::vector<Detail> details) {
  std::vector<Detail> joined;
  for (Detail& detail : details) {
    if (!joined.empty() && GoesOn(joined.back(), detail)) {
      Join(std::move(detail.thought), joined.back().thought);
    } else {
      joined.push_back(std::move(detail));
    }
  }
  std::vector<Reasoning> thoughts;
  for (Detail& detail : joined) {
    thoughts.push_back(std::move(detail.thought));
  }
  return thoughts;
}

void RenderDetail(const Reasoning& thought, std::int64_t index, Writer& out) {
  RenderElements(thought, index, out);
}

void RenderDetail(const chat::ReasoningDelta& delta, std::int64_t index, Writer& out) {
  RenderElements(delta, index, out);
}

}  // namespace signalbox::openai_chat
