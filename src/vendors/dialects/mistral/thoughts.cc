#include "vendors/dialects/mistral/thoughts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "io/net/sse.h"
#include "vendors/dialects/mistral/errors.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/parse_part.h"

namespace signalbox::mistral {
namespace {

using chat::Event;
using chat::EventBatch;
using chat::ReasoningField;

// A list of thoughts and texts in one frame, which OpenAI Chat's parser leaves as it is.
const chat::UnknownMember* ListIn(const Event& event) {
  const auto* unknown = std::get_if<chat::UnknownMember>(&event.what);
  return unknown != nullptr && unknown->level == chat::Level::kDelta &&
                 unknown->member.key == "content" && unknown->member.value.starts_with('[')
             ? unknown
             : nullptr;
}

// The texts in a chunk of thoughts, which may also hold references.
std::string ThoughtIn(const json::Value& chunk) {
  std::string said;
  const auto list = chunk.Find("thinking");
  if (list && list->IsArray()) {
    json::ForEachElement(*list, [&](const json::Value& element) {
      const auto text = element.Find("text");
      said += text ? text->AsString().value_or("") : "";
    });
  }
  return said;
}

// What others have no word for stays whole: of a text or a thought at its end, any other as it
// stands.
void ExpandChunk(std::int64_t choice, const json::Value& chunk, EventBatch& out) {
  auto part = openai_chat::ParsePart(chunk);
  const auto type = chunk.Find("type");
  const bool thinks = type && type->AsString() == "thinking";
  const auto* text = part ? std::get_if<chat::Text>(&part->content) : nullptr;
  if (part && std::holds_alternative<chat::Media>(part->content)) {
    out.push_back({choice, chat::WholePart{*std::move(part)}});
    return;
  }
  if (text == nullptr && !thinks) {
    std::string list = std::string("[").append(chunk.Raw()).append("]");
    out.push_back(
        {choice, chat::UnknownMember{chat::Level::kDelta, 0, {"content", std::move(list)}}});
    return;
  }
  if (text != nullptr) {
    out.push_back({choice, chat::TextDelta{text->text}});
  } else {
    out.push_back({choice, chat::ReasoningDelta{
                               ThoughtIn(chunk), {}, {}, ReasoningField::kReasoningContent}});
  }
  const bool raw = !part || std::holds_alternative<chat::RawPart>(part->content);
  if (raw || !part->extra.empty() || part->cache) {
    out.push_back({choice, chat::PartEnd{.item = std::string(chunk.Raw())}});
  }
}

void Expand(std::int64_t choice, std::string_view list, EventBatch& out) {
  json::Document document;
  if (document.Parse(list)) {
    json::ForEachElement(document.Root(),
                         [&](const json::Value& chunk) { ExpandChunk(choice, chunk, out); });
  }
}

class Parser final : public wire::StreamParser {
 public:
  void Feed(std::string_view bytes) override { inner_->Feed(bytes); }
  core::Result<bool> Next(EventBatch& out) override {
    const std::size_t begin = out.size();
    auto more = inner_->Next(out);
    Translate(begin, out);
    return more;
  }
  core::Status End(EventBatch& out) override {
    const std::size_t begin = out.size();
    auto status = inner_->End(out);
    Translate(begin, out);
    return status;
  }

 private:
  static void Translate(std::size_t begin, EventBatch& out) {
    const auto first = out.begin() + static_cast<std::ptrdiff_t>(begin);
    for (auto event = first; event != out.end(); ++event) {
      auto* thought = std::get_if<chat::ReasoningDelta>(&event->what);
      if (thought != nullptr && thought->field == ReasoningField::kThinkingPart) {
        thought->field = ReasoningField::kReasoningContent;
      }
    }
    if (std::any_of(first, out.end(), [](const Event& e) { return ListIn(e) != nullptr; })) {
      ExpandLists(begin, out);
    }
  }
  static void ExpandLists(std::size_t begin, EventBatch& out) {
    EventBatch events(std::make_move_iterator(out.begin() + static_cast<std::ptrdiff_t>(begin)),
                      std::make_move_iterator(out.end()));
    out.resize(begin);
    for (Event& event : events) {
      if (const chat::UnknownMember* list = ListIn(event)) {
        Expand(event.choice, list->member.value, out);
      } else {
        out.push_back(std::move(event));
      }
    }
  }

  std::unique_ptr<wire::StreamParser> inner_ = openai_chat::TheDialect().NewStreamParser();
};

// Thoughts and texts of a batch go in frames of their own, each one list or one text.
class Renderer final : public wire::StreamRenderer {
 public:
  void Render(std::span<const Event> events, std::string& out) override {
    EventBatch batch;
    for (const Event& event : events) {
      if (const auto* error = std::get_if<chat::StreamError>(&event.what)) {
        Send(batch, out);
        AppendError(*error, out);
        continue;
      }
      if (ListIn(event) != nullptr) {
        SendChunk(event, out, batch);
        continue;
      }
      if (const auto* end = std::get_if<chat::PartEnd>(&event.what); end && !end->item.empty()) {
        std::string list = std::string("[").append(end->item).append("]");
        if (!batch.empty()) {
          batch.pop_back();  // what was said, which the chunk holds
        }
        SendChunk({event.choice,
                   chat::UnknownMember{chat::Level::kDelta, 0, {"content", std::move(list)}}},
                  out, batch);
        continue;
      }
      const auto* thought = std::get_if<chat::ReasoningDelta>(&event.what);
      const bool speaks = std::holds_alternative<chat::TextDelta>(event.what);
      if ((thought != nullptr && spoke_) || (speaks && thought_)) {
        Send(batch, out);
      }
      batch.push_back(event);
      if (thought != nullptr) {
        batch.back().what =
            chat::ReasoningDelta{thought->text, {}, {}, ReasoningField::kThinkingPart};
      }
      thought_ |= thought != nullptr;
      spoke_ |= speaks;
    }
    Send(batch, out);
  }
  void RenderError(const wire::ErrorAnswer& error, std::string& out) override {
    net::AppendSseEvent(out, {}, mistral::RenderError(error));
  }

 private:
  // A whole chunk in a frame of its own.
  void SendChunk(Event chunk, std::string& out, EventBatch& batch) {
    Send(batch, out);
    batch.push_back(std::move(chunk));
    Send(batch, out);
  }
  void Send(EventBatch& batch, std::string& out) {
    if (!batch.empty()) {
      inner_->Render(batch, out);
    }
    batch.clear();
    thought_ = spoke_ = false;
  }

  std::unique_ptr<wire::StreamRenderer> inner_ =
      openai_chat::TheDialect().NewStreamRenderer(true, {});
  bool thought_ = false;  // in the frame that is being gathered
  bool spoke_ = false;
};

}  // namespace

void Unlist(chat::Response& response) {
  for (chat::Choice& choice : response.choices) {
    bool only_texts = choice.listed;
    for (chat::Part& part : choice.parts) {
      auto* thought = std::get_if<chat::Reasoning>(&part.content);
      if (thought != nullptr && thought->field == ReasoningField::kThinkingPart) {
        thought->field = ReasoningField::kReasoningContent;
      }
      only_texts &= thought != nullptr || std::holds_alternative<chat::Text>(part.content) ||
                    std::holds_alternative<chat::ToolCall>(part.content);
    }
    choice.listed = choice.listed && !only_texts;
  }
}

void List(chat::Response& response) {
  for (chat::Choice& choice : response.choices) {
    for (chat::Part& part : choice.parts) {
      if (auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
        std::string text = std::move(thought->text);
        *thought = chat::Reasoning{};
        thought->text = std::move(text);
        thought->field = ReasoningField::kThinkingPart;
        choice.listed = true;
      }
    }
  }
}

std::unique_ptr<wire::StreamParser> NewStreamParser() {
  return std::make_unique<Parser>();
}

std::unique_ptr<wire::StreamRenderer> NewOwnStreamRenderer() {
  return std::make_unique<Renderer>();
}

}  // namespace signalbox::mistral
