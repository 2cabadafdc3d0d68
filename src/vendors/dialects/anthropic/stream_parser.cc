#include "vendors/dialects/anthropic/stream_parser.h"

#include <optional>
#include <utility>

#include "vendors/dialects/anthropic/errors.h"
#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/parse_block.h"
#include "vendors/dialects/anthropic/raw_block.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::anthropic {

using chat::EventBatch;
using json::Value;

core::Status AnthropicStreamParser::Parse(std::string_view, std::string_view data,
                                          EventBatch& out) {
  if (auto status = document_.Parse(data, {.unique_keys = false});
      !status || !document_.Root().IsObject()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol,
                      "an event of the stream is no JSON object");
  }
  const Value frame = document_.Root();
  std::string scratch;
  const auto word = frame.Find("type");
  const std::string_view type = word ? word->AsText(scratch).value_or("") : "";
  if (type == "content_block_delta") {
    Delta(frame, out);
  } else if (type == "content_block_start") {
    StartBlock(frame, out);
  } else if (type == "content_block_stop") {
    StopBlock(frame, out);
  } else if (type == "message_start") {
    StartMessage(frame, out);
  } else if (type == "message_delta") {
    MessageDelta(frame, out);
  } else if (type == "message_stop") {
    StopMessage(frame, out);
  } else if (const auto error = frame.Find("error"); error && !error->IsNull()) {
    Push(out, chat::StreamError{ParseErrorValue(*error)});
  } else if (!type.empty() && type != "ping") {  // what may be added one day
    Push(out, chat::UnknownMember{
                  chat::Level::kChoice, 0, {std::string(type), std::string(frame.Raw())}});
  }
  return {};
}

void AnthropicStreamParser::StartBlock(const Value& frame, EventBatch& out) {
  const auto content = frame.Find("content_block");
  if (!content || !content->IsObject()) {
    return;
  }
  const auto index = frame.Find("index");
  Block block;
  block.index = index ? index->AsInt().value_or(0) : 0;
  const std::string type = TextIn(*content, "type");
  if (type == "text") {
    KeepBeside(*content, block, out);
    if (std::string text = TextIn(*content, "text"); !text.empty()) {
      block.said = true;
      Push(out, chat::TextDelta{std::move(text)});
    }
  } else if (type == "thinking" || type == "redacted_thinking") {
    block.kind = Kind::kThought;
    KeepBeside(*content, block, out);
    chat::ReasoningDelta delta;
    delta.text = TextIn(*content, "thinking");
    delta.signature = TextIn(*content, "signature");
    delta.redacted = TextIn(*content, "data");
    delta.format = kThoughtFormat;
    if (!delta.text.empty() || !delta.signature.empty() || !delta.redacted.empty()) {
      block.said = true;
      Push(out, std::move(delta));
    }
  } else if (type == "tool_use") {
    StartCall(*content, block, out);
  } else {
    block.kind = Kind::kRaw;
    block.type = type;
    block.start = std::string(content->Raw());
  }
  blocks_.push_back(std::move(block));
}

// What a text or a thought holds beside its words comes before them.
void AnthropicStreamParser::KeepBeside(const Value& content, Block& block, EventBatch& out) {
  json::ForEachMember(content, [&](const Value& key, const Value& value) {
    std::string name = *key.AsString();
    if (name != "type" && name != "text" && name != "thinking" && name != "signature" &&
        name != "data" && !value.IsNull()) {
      block.said = true;
      Push(out, chat::UnknownMember{
                    chat::Level::kDelta, 0, {std::move(name), std::string(value.Raw())}});
    }
  });
}

void AnthropicStreamParser::StartCall(const Value& content, Block& block, EventBatch& out) {
  block.kind = Kind::kCall;
  block.call = calls_++;
  chat::ToolCallStart start;
  start.call = block.call;
  std::optional<Value> input;
  json::ForEachMember(content, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name == "id") {
      start.id = value.AsString().value_or("");
    } else if (name == "name") {
      start.name = value.AsString().value_or("");
    } else if (name == "input") {
      input = value;
    } else if (name != "type" && !value.IsNull()) {
      wire::Keep(key, value, start.extra);
    }
  });
  Push(out, std::move(start));
  if (input && input->IsObject() && input->FirstChild()) {
    block.said = true;
    Push(out, chat::ToolCallArguments{block.call, std::string(input->Raw())});
  }
}

void AnthropicStreamParser::Delta(const Value& frame, EventBatch& out) {
  Block* const block = BlockAt(frame);
  const auto delta = frame.Find("delta");
  if (block == nullptr || !delta || !delta->IsObject()) {
    return;
  }
  if (block->kind == Kind::kRaw) {
    RawDelta(*delta, *block);
    return;
  }
  std::string scratch;
  const auto word = delta->Find("type");
  const std::string_view type = word ? word->AsText(scratch).value_or("") : "";
  if (type == "text_delta") {
    if (std::string text = TextIn(*delta, "text"); !text.empty()) {
      block->said = true;
      Push(out, chat::TextDelta{std::move(text)});
    }
  } else if (type == "input_json_delta") {
    std::string text = TextIn(*delta, "partial_json");
    if (!text.empty() && block->kind == Kind::kCall) {
      block->said = true;
      Push(out, chat::ToolCallArguments{block->call, std::move(text)});
    }
  } else if (type == "thinking_delta" || type == "signature_delta") {
    chat::ReasoningDelta thought;
    thought.text = TextIn(*delta, "thinking");
    thought.signature = TextIn(*delta, "signature");
    thought.format = kThoughtFormat;
    if (!thought.text.empty() || !thought.signature.empty()) {
      block->said = true;
      Push(out, std::move(thought));
    }
  } else if (type == "citations_delta") {
    chat::Citation citation;
    const auto value = delta->Find("citation");
    if (value && ParseCitation(*value, citation)) {
      block->said = true;
      Push(out, chat::CitationDelta{std::move(citation)});
    }
  }
}

void AnthropicStreamParser::RawDelta(const Value& delta, Block& block) {
  json::ForEachMember(delta, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name == "partial_json") {
      block.input += value.AsString().value_or("");
    } else if (name != "type") {
      GrowMember(name, value, block.grown);
    }
  });
}

void AnthropicStreamParser::StopBlock(const Value& frame, EventBatch& out) {
  if (Block* const block = BlockAt(frame)) {
    if (block->kind == Kind::kCall && !block->said) {
      Push(out, chat::ToolCallArguments{block->call, "{}"});
    }
    EndBlock(*block, out);
    blocks_.erase(blocks_.begin() + (block - blocks_.data()));
  }
}

void AnthropicStreamParser::EndBlock(const Block& block, EventBatch& out) {
  if (block.kind == Kind::kCall) {
    Push(out, chat::ToolCallEnd{block.call});
  } else if (block.kind == Kind::kRaw) {
    chat::RawPart raw{block.type, WholeBlock(block.start, block.input, block.grown)};
    Push(out, chat::WholePart{{.content = std::move(raw)}});
  } else if (block.said) {
    Push(out, chat::PartEnd{});
  }
}

AnthropicStreamParser::Block* AnthropicStreamParser::BlockAt(const Value& frame) {
  const auto index = frame.Find("index");
  const std::int64_t wanted = index ? index->AsInt().value_or(0) : 0;
  for (Block& block : blocks_) {
    if (block.index == wanted) {
      return &block;
    }
  }
  return nullptr;
}

}  // namespace signalbox::anthropic
