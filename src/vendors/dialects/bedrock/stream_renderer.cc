#include "vendors/dialects/bedrock/stream_renderer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "io/net/event_stream.h"
#include "vendors/dialects/bedrock/citations.h"
#include "vendors/dialects/bedrock/errors.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/bedrock/parse_block.h"
#include "vendors/dialects/bedrock/render_block.h"
#include "vendors/dialects/bedrock/thoughts.h"
#include "vendors/dialects/bedrock/usage_form.h"
#include "vendors/dialects/bedrock/whole_block.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {

using json::Writer;

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  out_ = &out;
  for (const chat::Event& event : events) {
    if (event.choice == 0 && !ended_) {
      std::visit([&](const auto& what) { Take(what); }, event.what);
    }
  }
  if (stop_is_due_) {
    SendMessageStop();
  }
  out_ = nullptr;
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  ended_ = true;
  AppendException(error, out);
}

// What json_ holds goes out.
void StreamRenderer::SendFrame(std::string_view type) {
  net::AppendEventStreamEvent(*out_, type, json_);
  json_.clear();
}

template <typename Write>
void StreamRenderer::Send(std::string_view type, std::string_view member, std::int64_t block,
                          Write write) {
  Writer frame(json_);
  frame.BeginObject().Key("contentBlockIndex").Int(block).Key(member).BeginObject();
  write(frame);
  frame.EndObject().EndObject();
  SendFrame(type);
}

template <typename Write>
void StreamRenderer::SendDelta(std::int64_t block, Write write) {
  Send("contentBlockDelta", "delta", block, write);
}

void StreamRenderer::Begin() {
  if (!std::exchange(begun_, true)) {
    Writer(json_).BeginObject().Key("role").String("assistant").EndObject();
    SendFrame("messageStart");
  }
}

// The block of a text or a thought: the open one, or a new one.
std::int64_t StreamRenderer::Open(Kind kind) {
  Begin();
  if (open_ != kind) {
    if (open_ != Kind::kNone || kind != Kind::kThought) {
      CloseBlock();  // else what is held belongs to the thought that begins
    }
    open_ = kind;
    block_ = blocks_++;
  }
  return block_;
}

void StreamRenderer::Stop(std::int64_t block) {
  Writer(json_).BeginObject().Key("contentBlockIndex").Int(block).EndObject();
  SendFrame("contentBlockStop");
}

// What another vendor wants back goes out with the end of its thought, in a block of its own where
// it had no words.
void StreamRenderer::CloseBlock() {
  const std::optional<chat::Reasoning> held = std::exchange(held_, std::nullopt);
  const bool sealed = held && HasSeal(*held);
  if (open_ == Kind::kThought && sealed) {
    SendThought("signature", SealedSignature(*held));
  }
  const bool worded = open_ == Kind::kThought;
  if (std::exchange(open_, Kind::kNone) != Kind::kNone) {
    Stop(block_);
  }
  if (!worded && sealed) {
    SendThought("redactedContent", SealedRedacted(*held));
    CloseBlock();
  }
}

void StreamRenderer::Hold(const chat::ReasoningDelta& delta) {
  const auto set = [](std::string& field, const std::string& value) {
    if (!value.empty()) {
      field = value;
    }
  };
  chat::Reasoning& held = held_ ? *held_ : held_.emplace();
  set(held.signature, delta.signature);
  set(held.redacted, delta.redacted);
  set(held.id, delta.id);
  set(held.format, delta.format);
}

void StreamRenderer::SendThought(std::string_view key, std::string_view text) {
  if (!text.empty()) {
    SendDelta(Open(Kind::kThought), [&](Writer& out) {
      out.Key("reasoningContent").BeginObject().Key(key).String(text).EndObject();
    });
  }
}

void StreamRenderer::CloseCall(const Call& call) {
  if (call.custom) {
    SendInput(call.block, R"("})");
  } else if (!call.has_input) {
    SendInput(call.block, "{}");
  }
  Stop(call.block);
}

void StreamRenderer::SendInput(std::int64_t block, std::string_view json) {
  SendDelta(block, [&](Writer& out) {
    out.Key("toolUse").BeginObject().Key("input").String(json).EndObject();
  });
}

void StreamRenderer::CloseCalls() {
  for (const Call& call : std::exchange(calls_, {})) {
    CloseCall(call);
  }
}

void StreamRenderer::Take(const chat::StreamStart& start) {
  if (!start.service_tier.empty()) {
    tier_ = start.service_tier;
  }
}

void StreamRenderer::Take(const chat::TextDelta& delta) {
  if (!delta.text.empty()) {
    SendDelta(Open(Kind::kText), [&](Writer& out) { out.Key("text").String(delta.text); });
  }
}

void StreamRenderer::Take(const chat::ReasoningDelta& delta) {
  if (held_ && !delta.id.empty() && !held_->id.empty() && held_->id != delta.id) {
    CloseBlock();  // another thought
  }
  SendThought("text", delta.text);
  if (!own_ && delta.format != kClaudeFormat && delta.format != kBedrockFormat) {
    if (!delta.signature.empty() || !delta.redacted.empty() || !delta.id.empty()) {
      Hold(delta);
    }
    return;
  }
  SendThought("signature", delta.signature);
  if (!delta.redacted.empty()) {
    if (!own_) {
      CloseBlock();  // a block is a text or a redacted one
    }
    SendThought("redactedContent", WrapRedacted(delta.redacted));
  }
}

void StreamRenderer::Take(const chat::ToolCallStart& start) {
  Begin();
  CloseBlock();
  const std::int64_t block = blocks_++;
  const bool custom = !own_ && start.kind == chat::CallKind::kCustom;
  calls_.push_back({.call = start.call, .block = block, .custom = custom});
  Send("contentBlockStart", "start", block, [&](Writer& out) {
    out.Key("toolUse").BeginObject();
    out.Key("toolUseId").String(own_ ? start.id : FitId(start.id));
    out.Key("name").String(start.name);
    wire::RenderUnder(kCallPlace, start.extra, own_, out);
    out.EndObject();
  });
  if (custom) {
    SendInput(block, R"({"input":")");
  }
}

void StreamRenderer::Take(const chat::ToolCallArguments& arguments) {
  const auto call = std::ranges::find(calls_, arguments.call, &Call::call);
  if (call == calls_.end() || arguments.text.empty()) {
    return;
  }
  call->has_input = true;
  if (!call->custom) {
    SendInput(call->block, arguments.text);
    return;
  }
  std::string quoted;
  json::AppendQuoted(quoted, arguments.text);
  SendInput(call->block, std::string_view(quoted).substr(1, quoted.size() - 2));
}

void StreamRenderer::Take(const chat::ToolCallEnd& end) {
  const auto call = std::ranges::find(calls_, end.call, &Call::call);
  if (call != calls_.end()) {
    CloseCall(*call);
    calls_.erase(call);
  }
}

void StreamRenderer::Take(const chat::CitationDelta& delta) {
  SendDelta(Open(Kind::kText), [&](Writer& out) {
    out.Key("citation");
    WriteCitation(delta.citation, own_, out);
  });
}

void StreamRenderer::Take(const chat::WholePart& whole) {
  const auto& content = whole.part.content;
  if (const auto* text = std::get_if<chat::Text>(&content)) {
    CloseBlock();
    Take(chat::TextDelta{text->text});
    for (const chat::Citation& citation : text->citations) {
      Take(chat::CitationDelta{citation});
    }
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&content)) {
    CloseBlock();
    Take(chat::ReasoningDelta{.text = thought->text,
                              .signature = thought->signature,
                              .redacted = thought->redacted,
                              .id = thought->id,
                              .format = thought->format});
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&content)) {
    CloseBlock();
    Take(chat::TextDelta{refusal->text});
  } else if (own_ || std::holds_alternative<chat::Media>(content)) {
    SendSplit(whole.part);
    return;
  }
  CloseBlock();
}

// A picture, or a block of a server's tool.
void StreamRenderer::SendSplit(const chat::Part& part) {
  std::string block;
  Writer whole(block);
  if (!BlockWriter({.own = own_, .model = {}, .answer = true}, whole).Write(part)) {
    return;
  }
  const SplitBlock split = Split(block);
  if (split.start.empty()) {
    return;
  }
  Begin();
  CloseBlock();
  const std::int64_t index = blocks_++;
  for (const auto& [type, member, json] :
       {std::tuple("contentBlockStart", "start", std::string_view(split.start)),
        std::tuple("contentBlockDelta", "delta", std::string_view(split.delta))}) {
    if (!json.empty()) {
      Writer frame(json_);
      frame.BeginObject().Key("contentBlockIndex").Int(index).Key(member).Raw(json).EndObject();
      SendFrame(type);
    }
  }
  Stop(index);
}

// What else messageStop says may follow in the same batch.
void StreamRenderer::Take(const chat::Finish& finish) {
  if (!std::exchange(finished_, true)) {
    finish_ = finish;
    stop_is_due_ = true;
  }
}

void StreamRenderer::SendMessageStop() {
  Begin();
  CloseBlock();
  CloseCalls();
  stop_is_due_ = false;
  Writer out(json_);
  out.BeginObject().Key("stopReason");
  out.String(StopReasonOf(finish_.reason, finish_.text, own_, !finish_.stop_sequence.empty()));
  wire::RenderExtra(stop_members_, own_, out);
  out.EndObject();
  SendFrame("messageStop");
}

void StreamRenderer::Take(const chat::UsageReport& usage) {
  usage_ = usage;
}

void StreamRenderer::Take(const chat::UnknownMember& unknown) {
  if (!own_) {
    return;
  }
  switch (unknown.level) {
    case chat::Level::kChoice:
      stop_members_.push_back(unknown.member);
      break;
    case chat::Level::kFrame:
      metadata_.push_back(unknown.member);
      break;
    case chat::Level::kDelta:
      json_ = unknown.member.value;
      SendFrame(unknown.member.key);
      break;
    case chat::Level::kToolCall:
      break;
  }
}

void StreamRenderer::Take(const chat::StreamError& error) {
  ended_ = true;
  stop_is_due_ = false;
  AppendException(error, own_, *out_);
}

void StreamRenderer::SendMetadata() {
  if (own_ && !usage_ && metadata_.empty() && tier_.empty()) {
    return;
  }
  Writer out(json_);
  out.BeginObject();
  if (usage_ || !own_) {
    out.Key("usage");
    RenderUsage(usage_.value_or(chat::UsageReport{}), own_, out);
  }
  if (own_ && !tier_.empty()) {
    out.Key("serviceTier").BeginObject().Key("type").String(tier_).EndObject();
  }
  if (!own_) {
    out.Key("metrics").BeginObject().Key("latencyMs").Int(0).EndObject();
  }
  wire::RenderExtra(metadata_, own_, out);
  out.EndObject();
  SendFrame("metadata");
}

void StreamRenderer::Take(const chat::StreamEnd&) {
  if (stop_is_due_ || !finished_) {
    finished_ = true;
    SendMessageStop();
  }
  SendMetadata();
  ended_ = true;
}

}  // namespace signalbox::bedrock
