#include "vendors/dialects/openai_responses/render_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "vendors/dialects/openai_responses/item.h"
#include "vendors/dialects/openai_responses/names.h"
#include "vendors/dialects/openai_responses/render_item.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::Message;
using chat::Part;
using chat::Reasoning;
using chat::Role;
using json::Writer;
using Parts = std::span<const Part>;

const chat::Text* OnlyText(Parts parts) {
  const bool plain = parts.size() == 1 && parts[0].extra.empty() && !parts[0].cache;
  return plain ? std::get_if<chat::Text>(&parts[0].content) : nullptr;
}

class InputRenderer {
 public:
  InputRenderer(const chat::Request& request, bool own, Writer& out,
                std::vector<std::string>& dropped)
      : request_(request), own_(own), out_(out), dropped_(dropped) {}

  void Render() {
    std::span<const Message> messages = request_.messages;
    if (own_ && IsInstructions(messages)) {
      out_.Key("instructions").String(OnlyText(messages[0].parts)->text);
      messages = messages.subspan(1);
    }
    if (own_ && messages.empty()) {
      return;
    }
    out_.Key("input");
    if (own_ && IsPrompt(messages)) {
      out_.String(OnlyText(messages[0].parts)->text);
      return;
    }
    out_.BeginArray();
    for (const Message& message : messages) {
      RenderMessage(message);
    }
    out_.EndArray();
  }

 private:
  static bool IsPlain(const Message& message, Role role) {
    return message.role == role && !message.listed && OnlyText(message.parts) != nullptr &&
           message.parts[0].item.empty();
  }
  static bool IsInstructions(std::span<const Message> messages) {
    return !messages.empty() && IsPlain(messages[0], Role::kSystem);
  }
  static bool IsPrompt(std::span<const Message> messages) {
    return messages.size() == 1 && IsPlain(messages[0], Role::kUser);
  }

  void RenderMessage(const Message& message) {
    message_ = static_cast<std::size_t>(&message - request_.messages.data());
    if (message.role == Role::kAssistant) {
      RenderTurn(message.parts);
      return;
    }
    // Results stand between the other contents where a vendor puts them into a user's message.
    const Parts parts = message.parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (const auto* result = std::get_if<chat::ToolResult>(&parts[i].content)) {
        RenderSaid(message, parts.subspan(begin, i - begin));
        RenderResult(parts[i], *result);
        begin = i + 1;
      }
    }
    if (begin < parts.size() || parts.empty()) {
      RenderSaid(message, parts.subspan(begin));
    }
  }

  void RenderSaid(const Message& message, Parts parts) {
    if (parts.empty() && !message.parts.empty()) {
      return;
    }
    out_.BeginObject();
    if (own_ && !parts.empty() && !parts.back().item.empty()) {
      RenderMembers(parts.back().item, out_);
    } else {
      const bool tool = message.role == Role::kTool;
      out_.Key("role").String(RoleName(tool ? Role::kUser : message.role));
    }
    out_.Key("content");
    const chat::Text* text = message.listed ? nullptr : OnlyText(parts);
    text != nullptr ? void(out_.String(text->text))
                    : RenderContents(parts, false, Side::kInput, own_, out_);
    out_.EndObject();
  }

  void RenderResult(const Part& part, const chat::ToolResult& result) {
    out_.BeginObject();
    if (own_ && !part.item.empty()) {
      RenderMembers(part.item, out_);
    } else {
      out_.Key("type").String(IsCustom(result.call_id) ? "custom_tool_call_output"
                                                       : "function_call_output");
    }
    out_.Key("call_id").String(result.call_id.empty() ? result.name : result.call_id);
    out_.Key("output");
    const chat::Text* text = result.listed && own_ ? nullptr : OnlyText(result.parts);
    if (!result.json.empty()) {
      out_.String(result.json);
    } else if (text != nullptr) {
      out_.String(text->text);
    } else if (result.parts.empty() && !(own_ && result.listed)) {
      out_.String("");
    } else {
      RenderContents(result.parts, false, Side::kInput, own_, out_);
    }
    out_.EndObject();
  }

  // Whether the call of that id, the last one before here, takes free text.
  bool IsCustom(std::string_view id) const {
    for (std::size_t i = message_ + 1; i-- > 0;) {
      for (const Part& part : request_.messages[i].parts) {
        const auto* call = std::get_if<chat::ToolCall>(&part.content);
        if (call != nullptr && call->id == id) {
          return call->kind == chat::CallKind::kCustom;
        }
      }
    }
    return false;
  }

  void RenderTurn(Parts parts) {
    const std::size_t all = parts.size();
    while (!parts.empty()) {
      const std::size_t length = ItemLength(parts);
      RenderItem(parts.first(length), all - parts.size());
      parts = parts.subspan(length);
    }
  }

  void RenderItem(Parts parts, std::size_t at) {
    const Part& first = parts.front();
    if (std::holds_alternative<Reasoning>(first.content)) {
      RenderThoughts(parts, at);
    } else if (const auto* call = std::get_if<chat::ToolCall>(&first.content)) {
      RenderCall(first, *call);
    } else if (const auto* result = std::get_if<chat::ToolResult>(&first.content)) {
      RenderResult(first, *result);
    } else if (std::holds_alternative<chat::RawPart>(first.content)) {
      RenderOutputItem(parts, {}, own_, out_);
    } else if (own_ && !parts.back().item.empty()) {
      RenderSpoken(parts);
    } else {
      RenderEasy(parts);
    }
  }

  void RenderThoughts(Parts parts, std::size_t at) {
    const auto& last = std::get<Reasoning>(parts.back().content);
    const bool ours = own_ && !parts.back().item.empty();
    if (!ours && (last.format != kOpenAiFormat || last.redacted.empty())) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        dropped_.push_back(fmt::format("messages[{}].content[{}]", message_, at + i));
      }
      return;
    }
    if (!ours) {
      RenderForwarded(parts);
      return;
    }
    RenderOutputItem(parts, last.id, own_, out_);
  }

  // OpenAI's own thought, which another vendor passed on.
  void RenderForwarded(Parts parts) {
    const auto& last = std::get<Reasoning>(parts.back().content);
    out_.BeginObject().Key("type").String("reasoning");
    wire::RenderText("id", last.id, out_);
    out_.Key("summary").BeginArray();
    for (const Part& part : parts) {
      const std::string& text = std::get<Reasoning>(part.content).text;
      if (!text.empty()) {
        out_.BeginObject().Key("type").String("summary_text").Key("text").String(text).EndObject();
      }
    }
    out_.EndArray().Key("encrypted_content").String(last.redacted).EndObject();
  }

  // As the item stood; a text without a type is an easy message.
  void RenderSpoken(Parts parts) {
    out_.BeginObject();
    RenderMembers(parts.back().item, out_);
    out_.Key("content");
    const bool easy = parts.back().item.find(R"("type":)") == std::string::npos;
    const chat::Text* text = easy ? OnlyText(parts) : nullptr;
    text != nullptr && text->citations.empty()
        ? void(out_.String(text->text))
        : RenderContents(parts, true, Side::kInput, own_, out_);
    out_.EndObject();
  }

  // From elsewhere: a message per text, because only OpenAI's own messages have ids.
  void RenderEasy(Parts parts) {
    for (const Part& part : parts) {
      const auto* text = std::get_if<chat::Text>(&part.content);
      const auto* refusal = std::get_if<chat::Refusal>(&part.content);
      const std::string_view said = text != nullptr      ? std::string_view(text->text)
                                    : refusal != nullptr ? std::string_view(refusal->text)
                                                         : std::string_view();
      if (!said.empty()) {
        out_.BeginObject().Key("role").String("assistant").Key("content").String(said).EndObject();
      }
    }
  }

  void RenderCall(const Part& part, const chat::ToolCall& call) {
    const bool custom = call.kind == chat::CallKind::kCustom;
    out_.BeginObject();
    if (own_ && !part.item.empty()) {
      RenderMembers(part.item, out_);
    } else {
      out_.Key("type").String(custom ? "custom_tool_call" : "function_call");
    }
    out_.Key("call_id").String(call.id).Key("name").String(call.name);
    const bool silent = call.arguments.empty() && !custom && !own_;
    out_.Key(custom ? "input" : "arguments").String(silent ? "{}" : call.arguments);
    out_.EndObject();
  }

  const chat::Request& request_;
  bool own_;
  Writer& out_;
  std::vector<std::string>& dropped_;
  std::size_t message_ = 0;
};

}  // namespace

void RenderInput(const chat::Request& request, bool own, Writer& out,
                 std::vector<std::string>& dropped) {
  InputRenderer(request, own, out, dropped).Render();
}

}  // namespace signalbox::openai_responses
