#include "vendors/dialects/schema_rules_testing.h"

#include "io/net/sse.h"
#include "vendors/dialects/anthropic/stream_testing.h"
#include "vendors/dialects/gemini/meaning_testing.h"
#include "vendors/dialects/mistral/mistral_meaning_testing.h"
#include "vendors/dialects/ollama/ollama_meaning_testing.h"
#include "vendors/dialects/openai_chat/chat_meaning_testing.h"
#include "vendors/dialects/openai_responses/responses_meaning_testing.h"

namespace signalbox::dialects {
namespace {

using json::Value;
using testkit::Meaning;
using testkit::Rules;

std::vector<Meaning> Events(std::string_view stream, const Rules& rules) {
  std::vector<Meaning> frames;
  net::SseReader reader;
  reader.Feed(stream);
  for (net::SseEvent event; reader.Next(event);) {
    json::Document document;
    frames.push_back(document.Parse(event.data)
                         ? Meaning::Of(document.Root(), rules)
                         : Meaning{json::Kind::kString, std::string(event.data), {}, {}});
  }
  return frames;
}

// A line of Ollama's that says no more than whose it is.
bool IsSilent(const Meaning& line) {
  Meaning rest = line;
  for (const char* key : {"model", "created_at"}) {
    rest.members.erase(key);
  }
  if (rest.Has("message")) {
    rest.members["message"].members.erase("role");
  }
  const bool done = TextOf(rest, "done") == "true";
  std::erase_if(rest.members, [](const auto& member) {
    return member.first == "done" || (member.first == "message" && member.second.members.empty()) ||
           (member.first == "response" && member.second.scalar.empty());
  });
  return rest.members.empty() && !done;
}

std::vector<Meaning> Lines(std::string_view stream, const Rules& rules) {
  std::vector<Meaning> frames;
  for (std::size_t at = 0; at < stream.size();) {
    const std::size_t end = std::min(stream.find('\n', at), stream.size());
    frames.push_back(Meaning::Of(stream.substr(at, end - at), rules));
    at = end + 1;
    if (frames.back().Has("message")) {
      frames.back().members["message"].members.erase("role");
      std::erase_if(frames.back().members, [](const auto& member) {
        return member.first == "message" && member.second.members.empty();
      });
    }
    if (IsSilent(frames.back())) {
      frames.pop_back();
    }
  }
  return frames;
}

template <const Rules& kRules>
std::vector<Meaning> EventsBy(std::string_view stream) {
  return Events(stream, kRules);
}

// Cached tokens that Mistral states as num_cached_tokens stand in prompt_tokens_details too.
void StateCached(Meaning& value) {
  const Meaning cached = value.At("usage").At("num_cached_tokens");
  if (cached.kind == json::Kind::kNumber) {
    Meaning& details = value.members["usage"].members["prompt_tokens_details"];
    details.kind = json::Kind::kObject;
    details.members["cached_tokens"] = cached;
  }
}

// Google's: a tool with nothing in it is none.
void DropEmptyTools(Meaning& value) {
  if (const auto tools = value.members.find("tools"); tools != value.members.end()) {
    std::erase_if(tools->second.items, [](const Meaning& tool) { return tool.members.empty(); });
  }
}

// OpenAI's chunks: what is said of the whole answer is one frame at the start; a choice that says
// nothing, and a frame without choices and more, is none.
template <const Rules& kRules>
std::vector<Meaning> Chunks(std::string_view stream) {
  std::vector<Meaning> frames(1);
  frames[0].kind = json::Kind::kObject;
  for (Meaning& frame : Events(stream, kRules)) {
    StateCached(frame);
    for (const char* key :
         {"id", "object", "created", "model", "service_tier", "system_fingerprint"}) {
      if (auto head = frame.members.extract(key); !head.empty()) {
        frames[0].members[key] = std::move(head.mapped());
      }
    }
    Meaning& choices = frame.members["choices"];
    choices.kind = json::Kind::kArray;
    std::erase_if(choices.items, [](const Meaning& choice) {
      return choice.members.size() <= 2 && choice.At("delta").members.empty() &&
             !choice.Has("finish_reason");
    });
    if (frame.kind == json::Kind::kString || !choices.items.empty() || frame.members.size() > 1) {
      frames.push_back(std::move(frame));
    }
  }
  return frames;
}

// Responses: without numbers and padding; an empty delta says nothing.
std::vector<Meaning> Items(std::string_view stream) {
  std::vector<Meaning> frames;
  for (Meaning& frame : Events(stream, openai_responses::kRules)) {
    frame.members.erase("sequence_number");
    frame.members.erase("obfuscation");
    if (TextOf(frame, "type").ends_with("part.added")) {
      frame.members.erase("part");  // which its end says
    }
    if (!TextOf(frame, "type").ends_with(".delta") || !TextOf(frame, "delta").empty()) {
      frames.push_back(std::move(frame));
    }
  }
  return frames;
}

// Anthropic's: the message that the frames tell, and those that are no part of one.
std::vector<Meaning> Messages(std::string_view stream) {
  const std::vector<std::string> texts = testkit::DataOf(stream);
  std::vector<Meaning> frames = {anthropic::MessageOfFrames::Of(texts)};
  for (Meaning& frame : Events(stream, anthropic::kRules)) {
    const std::string type = TextOf(frame, "type");
    if (!type.starts_with("message_") && !type.starts_with("content_") && type != "ping") {
      frames.push_back(std::move(frame));
    }
  }
  return frames;
}

}  // namespace

Schemas RulesOf(std::string_view dialect, std::string_view) {
  if (dialect == "openai_chat") {
    return {openai_chat::kChatRules, nullptr, Chunks<openai_chat::kChatRules>};
  }
  if (dialect == "openai_responses") {
    return {openai_responses::kRules, nullptr, Items};
  }
  if (dialect == "mistral") {
    return {mistral::kRules, StateCached, Chunks<mistral::kRules>};
  }
  if (dialect.starts_with("ollama")) {
    return {ollama::kRules, nullptr,
            [](std::string_view stream) { return Lines(stream, ollama::kRules); }};
  }
  if (dialect == "anthropic") {
    return {anthropic::kRules, nullptr, Messages};
  }
  if (dialect == "gemini" || dialect == "vertex") {
    return {gemini::kRules, DropEmptyTools, EventsBy<gemini::kRules>};
  }
  static constexpr Rules kNone;
  return {kNone, nullptr, EventsBy<kNone>};
}

std::string BytesOf(const wire::Dialect& dialect, const Value& frames) {
  std::string bytes;
  json::ForEachElement(frames, [&](const Value& frame) {
    const std::string text = frame.IsString() ? *frame.AsString() : std::string(frame.Raw());
    if (dialect.framing() == wire::Framing::kLines) {
      bytes += text + "\n";
      return;
    }
    const auto type = frame.IsObject() ? frame.Find("type") : std::nullopt;
    net::AppendSseEvent(bytes, type ? type->AsString().value_or("") : "", text);
  });
  return bytes;
}

}  // namespace signalbox::dialects
