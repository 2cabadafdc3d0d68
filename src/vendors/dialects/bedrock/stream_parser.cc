#include "vendors/dialects/bedrock/stream_parser.h"

#include <utility>

#include "vendors/dialects/bedrock/citations.h"
#include "vendors/dialects/bedrock/errors.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/bedrock/parse_block.h"
#include "vendors/dialects/bedrock/parse_request.h"
#include "vendors/dialects/bedrock/thoughts.h"
#include "vendors/dialects/bedrock/usage_form.h"
#include "vendors/dialects/bedrock/whole_block.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::bedrock {

using chat::EventBatch;
using chat::Level;
using core::Result;
using core::Status;
using json::Value;

namespace {

constexpr std::string_view kPadding = "p";

void Unknown(Level level, std::string_view key, std::string_view json, EventBatch& out) {
  out.push_back({0, chat::UnknownMember{level, 0, {std::string(key), std::string(json)}}});
}

std::int64_t IndexOf(const Value& event) {
  const auto index = event.Find("contentBlockIndex");
  return index ? index->AsInt().value_or(0) : 0;
}

std::string TextOf(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : std::string();
}

// The members of `object` but three.
chat::Extra Rest(const Value& object, std::string_view a, std::string_view b, std::string_view c) {
  chat::Extra rest;
  if (!object.IsObject()) {
    return rest;
  }
  json::ForEachMember(object, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name != a && name != b && name != c) {
      rest.push_back({name, std::string(value.Raw())});
    }
  });
  return rest;
}

// What a call's start says beside its id and its name.
chat::Extra Inside(const Value& start) {
  chat::Extra inside = Rest(start, "toolUseId", "name", "input");
  for (chat::Member& member : inside) {
    member.key.insert(0, kCallPlace);
  }
  return inside;
}

bool IsServerTool(std::string_view kind, const Value& start) {
  return kind == "toolResult" || kind == "image" ||
         (kind == "toolUse" && TextOf(start, "type") == "server_tool_use");
}

}  // namespace

Result<bool> StreamParser::Next(EventBatch& out) {
  net::EventStreamMessage message;
  SB_TRY(const bool more, reader_.Next(message));
  if (!more) {
    return false;
  }
  const std::string_view type = message.message_type();
  if (type == "exception") {
    out.push_back({0, ParseException(message.exception_type(), message.payload)});
  } else if (type == "error") {
    chat::VendorError error;
    error.type = message.Header(":error-code");
    error.message = message.Header(":error-message");
    out.push_back({0, std::move(error)});
  } else {
    SB_CHECK_OK(ParseEvent(message.event_type(), message.payload, out));
  }
  return true;
}

Status StreamParser::End(EventBatch& out) {
  if (stopped_) {
    out.push_back({0, chat::StreamEnd{}});
  }
  return {};
}

Status StreamParser::ParseEvent(std::string_view type, std::string_view payload, EventBatch& out) {
  if (!document_.Parse(payload, {.unique_keys = false}) || !document_.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a streamed frame is no JSON object");
  }
  const Value event = document_.Root();
  if (type == "contentBlockDelta") {
    ParseDelta(event, out);
  } else if (type == "contentBlockStart") {
    ParseStart(event, out);
  } else if (type == "contentBlockStop") {
    ParseStop(event, out);
  } else if (type == "messageStart") {
    out.push_back({0, chat::StreamStart{}});
    out.push_back({0, chat::ChoiceStart{}});
  } else if (type == "messageStop") {
    ParseMessageStop(event, out);
  } else if (type == "metadata") {
    ParseMetadata(event, out);
  } else if (!type.empty()) {
    Unknown(Level::kDelta, type, payload, out);
  }
  return {};
}

StreamParser::Block* StreamParser::Find(std::int64_t index) {
  for (Block& block : open_) {
    if (block.index == index) {
      return &block;
    }
  }
  return nullptr;
}

// The block at `index`, which may begin with its first delta. Texts and thoughts that had no end
// end when another block begins.
StreamParser::Block& StreamParser::Open(std::int64_t index, Kind kind, EventBatch& out) {
  if (Block* known = Find(index)) {
    if (known->kind == Kind::kNone) {
      known->kind = kind;
    }
    return *known;
  }
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_[i].kind == Kind::kText || open_[i].kind == Kind::kThought) {
      Close(open_[i], out);
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return open_.emplace_back(Block{.index = index, .kind = kind});
}

void StreamParser::ParseStart(const Value& event, EventBatch& out) {
  const auto start = event.Find("start");
  const auto key = start && start->IsObject() ? start->FirstChild() : std::nullopt;
  if (!key) {
    return;
  }
  const std::string kind = *key->AsString();
  const Value value = *key->NextIn(*start);
  if (IsServerTool(kind, value)) {
    Block& block = Open(IndexOf(event), Kind::kWhole, out);
    block.kind_name = kind;
    block.start = std::string(value.Raw());
  } else if (kind == "toolUse") {
    Block& block = Open(IndexOf(event), Kind::kCall, out);
    block.call = calls_++;
    out.push_back({0, chat::ToolCallStart{.call = block.call,
                                          .id = TextOf(value, "toolUseId"),
                                          .name = TextOf(value, "name"),
                                          .kind = chat::CallKind::kFunction,
                                          .signature = {},
                                          .extra = Inside(value)}});
  } else if (kind != "text") {
    Unknown(Level::kDelta, "contentBlockStart", event.Raw(), out);
  }
}

void StreamParser::ParseDelta(const Value& event, EventBatch& out) {
  const auto delta = event.Find("delta");
  const auto key = delta && delta->IsObject() ? delta->FirstChild() : std::nullopt;
  if (key) {
    ParseDeltaValue(IndexOf(event), *key, *key->NextIn(*delta), out);
  }
}

void StreamParser::ParseDeltaValue(std::int64_t index, const Value& key, const Value& value,
                                   EventBatch& out) {
  std::string scratch;
  const std::string_view kind = *key.AsText(scratch);
  if (kind == "text") {
    Open(index, Kind::kText, out);
    out.push_back({0, chat::TextDelta{value.AsString().value_or("")}});
  } else if (kind == "toolUse") {
    ParseInput(index, value, out);
  } else if (kind == "reasoningContent") {
    ParseThought(index, value, out);
  } else if (kind == "citation") {
    chat::Citation citation;
    if (ReadCitation(value, citation)) {
      Open(index, Kind::kText, out);
      out.push_back({0, chat::CitationDelta{std::move(citation)}});
    }
  } else if (Block* whole = Find(index); whole != nullptr && whole->kind == Kind::kWhole) {
    whole->content.emplace_back(value.Raw());
  } else {
    Unknown(Level::kDelta, "contentBlockDelta", document_.text(), out);
  }
}

void StreamParser::ParseThought(std::int64_t index, const Value& value, EventBatch& out) {
  Open(index, Kind::kThought, out);
  chat::ReasoningDelta delta;
  delta.text = TextOf(value, "text");
  chat::Reasoning made;
  SetSignature(TextOf(value, "signature"), made);
  if (const auto redacted = value.Find("redactedContent"); redacted && redacted->IsString()) {
    SetRedacted(*redacted->AsString(), made);
  }
  delta.signature = std::move(made.signature);
  delta.redacted = std::move(made.redacted);
  delta.id = std::move(made.id);
  delta.format = std::move(made.format);
  out.push_back({0, std::move(delta)});
}

void StreamParser::ParseInput(std::int64_t index, const Value& value, EventBatch& out) {
  Block* block = Find(index);
  std::string text = TextOf(value, "input");
  if (block == nullptr || text.empty()) {
    return;
  }
  if (block->kind == Kind::kWhole) {
    block->input += text;
  } else if (block->kind == Kind::kCall) {
    block->has_input = true;
    out.push_back({0, chat::ToolCallArguments{block->call, std::move(text)}});
  }
}

void StreamParser::ParseStop(const Value& event, EventBatch& out) {
  const std::int64_t index = IndexOf(event);
  for (std::size_t i = 0; i < open_.size(); ++i) {
    if (open_[i].index == index) {
      Close(open_[i], out);
      open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }
}

void StreamParser::Close(Block& block, EventBatch& out) {
  if (block.kind == Kind::kCall) {
    if (!block.has_input) {
      out.push_back({0, chat::ToolCallArguments{block.call, "{}"}});
    }
    out.push_back({0, chat::ToolCallEnd{block.call}});
  } else if (block.kind == Kind::kWhole) {
    out.push_back(
        {0, chat::WholePart{JoinBlock(block.kind_name, block.start, block.input, block.content)}});
  } else {
    out.push_back({0, chat::PartEnd{}});
  }
}

void StreamParser::ParseMessageStop(const Value& event, EventBatch& out) {
  for (Block& block : open_) {
    Close(block, out);
  }
  open_.clear();
  stopped_ = true;
  chat::Finish finish;
  finish.text = TextOf(event, "stopReason");
  finish.reason = FinishOf(finish.text);
  if (const auto fields = event.Find("additionalModelResponseFields")) {
    finish.stop_sequence = TextOf(*fields, "stop_sequence");
  }
  out.push_back({0, std::move(finish)});
  for (const chat::Member& member : Rest(event, kPadding, "stopReason", {})) {
    Unknown(Level::kChoice, member.key, member.value, out);
  }
}

void StreamParser::ParseMetadata(const Value& event, EventBatch& out) {
  std::string tier;
  const auto stated = event.Find("serviceTier");
  const bool plain = stated && ReadServiceTier(*stated, tier);
  if (plain) {
    chat::StreamStart start;
    start.service_tier = std::move(tier);
    out.push_back({0, std::move(start)});
  }
  const auto usage = event.Find("usage");
  if (usage && usage->IsObject()) {
    out.push_back({0, ParseUsage(*usage)});
  }
  for (const chat::Member& member :
       Rest(event, kPadding, "usage", plain ? "serviceTier" : std::string_view())) {
    Unknown(Level::kFrame, member.key, member.value, out);
  }
}

}  // namespace signalbox::bedrock
