// System prompts and turns, out.
#include <fmt/format.h>

#include "vendors/dialects/bedrock/render_block.h"
#include "vendors/dialects/bedrock/render_request.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;

// Converse wants a conversation that begins with the user.
constexpr std::string_view kOpening = "Begin.";
constexpr std::string_view kNoCalls = "Answer without calling a tool.";
constexpr std::string_view kOnlyJson = "Answer with one JSON object and nothing else.";

bool IsSystem(const Message& message) {
  return message.role == Role::kSystem || message.role == Role::kDeveloper;
}

core::Error At(std::size_t message, std::size_t part, core::Error error) {
  error.param = fmt::format("messages[{}].content[{}]", message, part);
  error.message.insert(0, error.param + ": ");
  return error;
}

class Conversation {
 public:
  Conversation(const Outgoing& of, json::Writer& out)
      : of_(of), out_(out), blocks_({.own = of.own, .model = of.request.model}, out) {}

  Status Write() {
    WriteSystem();
    out_.Key("messages").BeginArray();
    SB_CHECK_OK(of_.own ? WriteAsTheyAre() : WriteTurns());
    out_.EndArray();
    return {};
  }

 private:
  // System prompts wherever they stood, and what we have to say ourselves.
  void WriteSystem() {
    const bool no_calls = MustNotCall(of_);
    const bool json = of_.request.response_format.kind == chat::FormatKind::kJsonObject;
    bool any = no_calls || json;
    for (const Message& message : of_.request.messages) {
      any |= IsSystem(message) && !message.parts.empty();
    }
    if (!any) {
      return;
    }
    out_.Key("system").BeginArray();
    for (std::size_t i = 0; i < of_.request.messages.size(); ++i) {
      if (IsSystem(of_.request.messages[i])) {
        WriteSystemMessage(of_.request.messages[i], i);
      }
    }
    if (json) {
      out_.BeginObject().Key("text").String(kOnlyJson).EndObject();
    }
    if (no_calls) {
      out_.BeginObject().Key("text").String(kNoCalls).EndObject();
    }
    out_.EndArray();
  }

  void WriteSystemMessage(const Message& message, std::size_t index) {
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
      const Part& part = message.parts[i];
      // No vendor's system prompt holds anything but texts.
      if (of_.own || (std::holds_alternative<chat::Text>(part.content) && blocks_.Says(part))) {
        (void)blocks_.Write(part);
        NameCacheMarker(part.cache, index, i);
      }
    }
    WriteMessageMarker(message, index);
  }

  Status WriteAsTheyAre() {
    for (std::size_t i = 0; i < of_.request.messages.size(); ++i) {
      const Message& message = of_.request.messages[i];
      if (IsSystem(message) || (!message.parts.empty() && !SaysAnything(message, i))) {
        continue;
      }
      Begin(message.role == Role::kAssistant);
      SB_CHECK_OK(WriteParts(message, i));
      out_.EndArray();
      wire::RenderExtra(message.extra, true, out_);
      out_.EndObject();
    }
    return {};
  }

  // Consecutive messages of one side are one turn; those that say nothing are none.
  Status WriteTurns() {
    for (std::size_t i = 0; i < of_.request.messages.size(); ++i) {
      const Message& message = of_.request.messages[i];
      if (IsSystem(message) || !SaysAnything(message, i)) {
        continue;
      }
      Turn(message.role == Role::kAssistant);
      SB_CHECK_OK(WriteParts(message, i));
      WriteMessageMarker(message, i);
    }
    if (!begun_) {
      Turn(false);
      out_.BeginObject().Key("text").String(kOpening).EndObject();
    }
    out_.EndArray().EndObject();
    return {};
  }

  // Whose turn it is: ends the other's. A conversation that the assistant begins gets an opening.
  void Turn(bool assistant) {
    if (!begun_ && assistant) {
      Turn(false);
      out_.BeginObject().Key("text").String(kOpening).EndObject();
    }
    if (begun_ && assistant != assistants_) {
      out_.EndArray().EndObject();
    }
    if (!begun_ || assistant != assistants_) {
      Begin(assistant);
    }
    begun_ = true;
    assistants_ = assistant;
  }

  void Begin(bool assistant) {
    out_.BeginObject().Key("role").String(assistant ? "assistant" : "user");
    out_.Key("content").BeginArray();
  }

  bool SaysAnything(const Message& message, std::size_t index) {
    bool any = false;
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
      const bool says = blocks_.Says(message.parts[i]);
      any |= says;
      if (!says && std::holds_alternative<chat::Reasoning>(message.parts[i].content)) {
        of_.dropped.push_back(fmt::format("messages[{}].content[{}]", index, i));
      }
    }
    return any;
  }

  Status WriteParts(const Message& message, std::size_t index) {
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
      const Part& part = message.parts[i];
      if (!blocks_.Says(part)) {
        continue;
      }
      if (auto status = blocks_.Write(part); !status) {
        return std::unexpected(At(index, i, std::move(status).error()));
      }
      NameCacheMarker(part.cache, index, i);
    }
    return {};
  }

  void WriteMessageMarker(const Message& message, std::size_t index) {
    if (!message.cache) {
      return;
    }
    if (blocks_.takes_cache_points()) {
      blocks_.WriteCachePoint(*message.cache);
    } else {
      of_.dropped.push_back(fmt::format("messages[{}].cache_control", index));
    }
  }

  void NameCacheMarker(const std::optional<chat::CacheMarker>& cache, std::size_t message,
                       std::size_t part) {
    if (cache && !blocks_.takes_cache_points()) {
      of_.dropped.push_back(fmt::format("messages[{}].content[{}].cache_control", message, part));
    }
  }

  const Outgoing& of_;
  json::Writer& out_;
  BlockWriter blocks_;
  bool begun_ = false;
  bool assistants_ = false;  // whose turn is being written
};

}  // namespace

Status RenderMessages(const Outgoing& of, json::Writer& out) {
  return Conversation(of, out).Write();
}

}  // namespace signalbox::bedrock
