// The frames of a stream that are about the message as a whole.
#include <utility>

#include "vendors/dialects/anthropic/answer.h"
#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/parse_block.h"
#include "vendors/dialects/anthropic/stream_parser.h"
#include "vendors/dialects/anthropic/usage.h"

namespace signalbox::anthropic {
namespace {

using chat::EventBatch;
using json::Value;

void KeepMember(const Value& key, const Value& value, EventBatch& out) {
  if (!value.IsNull()) {
    Push(out,
         chat::UnknownMember{chat::Level::kFrame, 0, {*key.AsString(), std::string(value.Raw())}});
  }
}

}  // namespace

// A second message in the middle (an upstream that began anew) goes on with the first: its blocks
// that were open are over.
void AnthropicStreamParser::StartMessage(const Value& frame, EventBatch& out) {
  for (const Block& block : std::exchange(blocks_, {})) {
    EndBlock(block, out);
  }
  const auto message = frame.Find("message");
  if (!message || !message->IsObject()) {
    return;
  }
  head_ = {};
  usage_ = {};
  head_.id = TextIn(*message, "id");
  head_.model = TextIn(*message, "model");
  const auto usage = message->Find("usage");
  if (usage) {
    TakeUsage(*usage, usage_, head_.service_tier);
  }
  Push(out, chat::StreamStart(head_));
  json::ForEachMember(*message, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name != "id" && name != "model" && name != "usage" && name != "type" && name != "role" &&
        name != "content" && name != "stop_reason" && name != "stop_sequence") {
      KeepMember(key, value, out);
    }
  });
  if (!std::exchange(started_, true)) {  // with it the head goes out
    Push(out, chat::ChoiceStart{});
  }
  if (usage) {
    Push(out, chat::UsageReport(usage_));
    std::erase_if(usage_.extra, [](const chat::Member& member) {
      return member.key == "cache_creation";  // said once: the counts may grow
    });
  }
}

void AnthropicStreamParser::MessageDelta(const Value& frame, EventBatch& out) {
  json::ForEachMember(frame, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name != "type" && name != "delta" && name != "usage") {
      KeepMember(key, value, out);
    }
  });
  if (const auto delta = frame.Find("delta"); delta && delta->IsObject()) {
    FinishOf(*delta, out);
  }
  if (const auto usage = frame.Find("usage"); usage && usage->IsObject()) {
    std::string tier = head_.service_tier;
    TakeUsage(*usage, usage_, tier);
    if (tier != head_.service_tier) {
      head_.service_tier = std::move(tier);
      Push(out, chat::StreamStart(head_));
    }
    Push(out, chat::UsageReport(usage_));
  }
}

// Some hosts say there what the call took.
void AnthropicStreamParser::StopMessage(const Value& frame, EventBatch& out) {
  json::ForEachMember(frame, [&](const Value& key, const Value& value) {
    if (key.AsString() != "type") {
      KeepMember(key, value, out);
    }
  });
  Push(out, chat::StreamEnd{});
}

void AnthropicStreamParser::FinishOf(const Value& delta, EventBatch& out) {
  chat::Finish finish;
  json::ForEachMember(delta, [&](const Value& key, const Value& value) {
    const std::string name = *key.AsString();
    if (name == "stop_reason") {
      finish.text = value.AsString().value_or("");
    } else if (name == "stop_sequence") {
      finish.stop_sequence = value.AsString().value_or("");
    } else {
      KeepMember(key, value, out);
    }
    if (name == "stop_details") {
      if (std::string words = ExplanationIn(value); !words.empty()) {
        Push(out, chat::RefusalDelta{std::move(words)});
      }
    }
  });
  if (!finish.text.empty()) {
    finish.reason = FinishNamed(finish.text);
    Push(out, std::move(finish));
  }
}

}  // namespace signalbox::anthropic
