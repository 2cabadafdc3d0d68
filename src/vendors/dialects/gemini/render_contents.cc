#include "vendors/dialects/gemini/render_contents.h"

#include <algorithm>

#include <fmt/format.h>

#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/render_part.h"
#include "vendors/dialects/gemini/render_result.h"
#include "vendors/dialects/gemini/seal.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::Message;
using chat::Part;
using chat::Role;
using core::Status;
using json::Writer;

bool IsSystem(const Message& message) {
  return message.role == Role::kSystem || message.role == Role::kDeveloper;
}

std::string SystemText(const chat::Request& request) {
  std::string joined;
  for (const Message& message : request.messages) {
    const std::string text = IsSystem(message) ? TextOf(message.parts) : "";
    if (!text.empty()) {
      joined += joined.empty() ? "" : "\n\n";
      joined += text;
    }
  }
  return joined;
}

bool IsUnsigned(const Message& message) {
  return std::ranges::none_of(message.parts, [](const Part& part) {
    const auto* call = std::get_if<chat::ToolCall>(&part.content);
    return call != nullptr && !call->signature.empty();
  });
}

// One run over a request's turns.
class Contents {
 public:
  Contents(const chat::Request& request, const ModelFacts& facts, Writer& out)
      : request_(request), facts_(facts), own_(request.dialect == kDialect), out_(out) {}

  Status Render() {
    RenderSystem();
    out_.Key("contents").BeginArray();
    for (std::size_t i = 0; i < request_.messages.size(); ++i) {
      if (!IsSystem(request_.messages[i])) {
        SB_CHECK_OK(RenderMessage(request_.messages[i], i));
      }
    }
    EndTurn();
    if (lone_system_ && !any_turn_) {  // Gemini answers nobody
      BeginTurn(Role::kUser);
      out_.BeginObject().Key("text").String(SystemText(request_)).EndObject();
      EndTurn();
    }
    out_.EndArray();
    return {};
  }

 private:
  struct Call {
    std::string_view id;
    std::string_view name;
  };
  struct Result {
    std::size_t call = 0;  // its place among the calls
    const Part* part = nullptr;
  };

  void RenderSystem() {
    lone_system_ = !own_ && std::ranges::all_of(request_.messages, IsSystem);
    if (lone_system_ || std::ranges::none_of(request_.messages, IsSystem)) {
      return;
    }
    const auto systems = std::ranges::count_if(request_.messages, IsSystem);
    out_.Key("systemInstruction").BeginObject().Key("parts").BeginArray();
    if (own_ && systems == 1) {
      for (const Part& part : std::ranges::find_if(request_.messages, IsSystem)->parts) {
        RenderPart(part, own_, out_);
      }
    } else {
      out_.BeginObject().Key("text").String(SystemText(request_)).EndObject();
    }
    out_.EndArray();
    if (own_ && systems == 1) {
      wire::RenderExtra(std::ranges::find_if(request_.messages, IsSystem)->extra, own_, out_);
    }
    out_.EndObject();
  }

  Status RenderMessage(const Message& message, std::size_t index) {
    const Role speaker = message.role == Role::kAssistant ? Role::kAssistant : Role::kUser;
    if (own_) {
      BeginTurn(speaker);
    }
    SB_CHECK_OK(CollectResults(message, index));
    std::string_view signature = facts_.levels && IsUnsigned(message) ? kNoSignature : "";
    for (const Part& part : message.parts) {
      if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
        Speak(speaker);
        calls_.push_back({call->id, call->name});
        RenderCall(*call, part.extra, own_, signature, out_);
        signature = {};  // the first of parallel calls has it
      } else if (!std::holds_alternative<chat::ToolResult>(part.content)) {
        SpeakPart(speaker, part);
      } else if (own_) {
        TellResult(results_.at(next_result_++));
      }
    }
    if (own_) {
      EndTurn(&message.extra);
    }
    return {};
  }

  void SpeakPart(Role speaker, const Part& part) {
    const auto* text = std::get_if<chat::Text>(&part.content);
    const bool silent = text != nullptr && text->text.empty() && text->signature.empty();
    const auto* thought = std::get_if<chat::Reasoning>(&part.content);
    if (thought != nullptr ? thought->format == kFormat || (own_ && thought->format.empty())
                           : own_ || !silent) {
      Speak(speaker);
      RenderPart(part, own_, out_);
    }
  }

  // Results of one turn: as they stand in their own dialect, else by the order of their calls.
  Status CollectResults(const Message& message, std::size_t index) {
    if (own_) {
      results_.clear();
      next_result_ = 0;
    }
    for (std::size_t i = 0; i < message.parts.size(); ++i) {
      const auto* result = std::get_if<chat::ToolResult>(&message.parts[i].content);
      if (result == nullptr) {
        continue;
      }
      const std::size_t call = FindCall(*result);
      if (!own_ && call == calls_.size() && result->name.empty()) {
        const std::string path = fmt::format("messages[{}].content[{}].tool_call_id", index, i);
        return core::Fail(core::ErrorCode::kInvalidRequest,
                          path + ": no call with this id came before", path);
      }
      const auto place =
          own_ ? results_.end() : std::ranges::upper_bound(results_, call, {}, &Result::call);
      results_.insert(place, {call, &message.parts[i]});
    }
    return {};
  }

  // The latest by that id; calls_.size() when there is none.
  std::size_t FindCall(const chat::ToolResult& result) const {
    for (std::size_t i = calls_.size(); i > 0 && !result.call_id.empty(); --i) {
      if (calls_[i - 1].id == result.call_id) {
        return i - 1;
      }
    }
    return calls_.size();
  }

  // Foreign results wait until all of them are there.
  void TellResults() {
    if (own_ || results_.empty()) {
      return;
    }
    std::vector<Result> results = std::move(results_);
    results_.clear();
    if (!speaking_ || speaker_ != Role::kUser) {
      EndTurn();
      BeginTurn(Role::kUser);
    }
    for (const Result& result : results) {
      TellResult(result);
    }
  }

  void TellResult(const Result& found) {
    const bool known = found.call < calls_.size();
    RenderResult(*found.part,
                 {.own = own_,
                  .media = facts_.result_media,
                  .name = known ? calls_[found.call].name : std::string_view()},
                 out_);
  }

  void Speak(Role speaker) {
    if (own_) {
      return;
    }
    TellResults();
    if (!speaking_ || speaker_ != speaker) {
      EndTurn();
      BeginTurn(speaker);
    }
  }

  void BeginTurn(Role speaker) {
    out_.BeginObject().Key("role").String(speaker == Role::kAssistant ? "model" : "user");
    out_.Key("parts").BeginArray();
    speaker_ = speaker;
    speaking_ = any_turn_ = true;
  }

  void EndTurn(const chat::Extra* extra = nullptr) {
    TellResults();
    if (speaking_) {
      out_.EndArray();
      if (extra != nullptr) {
        wire::RenderExtra(*extra, own_, out_);
      }
      out_.EndObject();
    }
    speaking_ = false;
  }

  const chat::Request& request_;
  const ModelFacts& facts_;
  const bool own_;
  Writer& out_;
  std::vector<Call> calls_;
  std::vector<Result> results_;
  std::size_t next_result_ = 0;
  Role speaker_ = Role::kUser;
  bool speaking_ = false;
  bool any_turn_ = false;
  bool lone_system_ = false;
};

}  // namespace

Status RenderContents(const chat::Request& request, const ModelFacts& facts, Writer& out) {
  return Contents(request, facts, out).Render();
}

}  // namespace signalbox::gemini
