#include "vendors/dialects/openai_chat/render_message.h"

#include <algorithm>

#include "vendors/dialects/openai_chat/details.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/places.h"
#include "vendors/dialects/openai_chat/render_part.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Message;
using chat::Part;
using chat::Reasoning;
using chat::ReasoningField;
using json::Writer;

bool OnlyTexts(const std::vector<const Part*>& content, bool own) {
  return std::ranges::all_of(content, [&](const Part* part) {
    return std::holds_alternative<chat::Text>(part->content) &&
           (!own || (!part->cache && part->extra.empty()));
  });
}

// Stands for no text, so that what belongs to one has a place.
bool IsMarkAlone(const std::vector<const Part*>& content) {
  const auto* text = content.size() == 1 ? std::get_if<chat::Text>(&content[0]->content) : nullptr;
  return text != nullptr && text->text.empty() &&
         (!text->citations.empty() || !text->signature.empty());
}

// A list when it was one or when a text cannot say it; else the text, or null.
void RenderContent(const std::vector<const Part*>& content, bool listed, bool own, Writer& out) {
  out.Key("content");
  if (!listed && (content.empty() || (own && IsMarkAlone(content)))) {
    out.Null();
  } else if (!listed && content.size() == 1 && OnlyTexts(content, own)) {
    out.String(std::get<chat::Text>(content[0]->content).text);
  } else if (!listed && OnlyTexts(content, own)) {
    std::string joined;
    for (const Part* part : content) {
      joined += std::get<chat::Text>(part->content).text;
    }
    out.String(joined);
  } else {
    out.BeginArray();
    for (const Part* part : content) {
      RenderPart(*part, own, out);
    }
    out.EndArray();
  }
}

// The text of thoughts that are not in reasoning_details alone.
void RenderThoughts(const std::vector<const Reasoning*>& thoughts, bool own, Writer& out) {
  std::string text;
  bool any = false;
  ReasoningField field = ReasoningField::kUnstated;
  for (const Reasoning* thought : thoughts) {
    if (thought->field != ReasoningField::kUnstated || thought->detail.empty()) {
      text += thought->text;
      field = any ? field : thought->field;
      any = true;
    }
  }
  if (any && (!text.empty() || field != ReasoningField::kUnstated)) {
    const bool short_name = own && field == ReasoningField::kReasoning;
    out.Key(short_name ? "reasoning" : "reasoning_content").String(text);
  }
}

// Thoughts with what their makers want back. From another dialect all of them, as soon as one has
// such a thing, so that their order stays.
void RenderDetails(const std::vector<const Reasoning*>& thoughts, bool own, Writer& out) {
  const auto locked = [](const Reasoning* thought) {
    return !thought->detail.empty() || !thought->signature.empty() || !thought->redacted.empty();
  };
  if (std::ranges::none_of(thoughts, locked)) {
    return;
  }
  out.Key(kDetails).BeginArray();
  std::int64_t index = 0;
  for (const Reasoning* thought : thoughts) {
    if (!thought->detail.empty()) {
      out.Raw(thought->detail);
    } else if (locked(thought) || (!own && !thought->text.empty())) {
      RenderDetail(*thought, index, out);
    }
    ++index;
  }
  out.EndArray();
}

// Citations, and the signature of a text, which stands beside it.
void RenderTextMarks(const Places& places, bool own, Writer& out) {
  bool open = false;
  std::string_view signature;
  for (const Part* part : places.content) {
    const auto* text = std::get_if<chat::Text>(&part->content);
    for (std::size_t i = 0; text != nullptr && i < text->citations.size(); ++i) {
      if (!open) {
        out.Key("annotations").BeginArray();
        open = true;
      }
      RenderCitation(text->citations[i], own, out);
    }
    signature = text != nullptr && !text->signature.empty() ? text->signature : signature;
  }
  if (open) {
    out.EndArray();
  }
  RenderCallSignature(signature, out);
}

void RenderMembers(const Places& places, bool listed, bool own, Writer& out) {
  RenderContent(places.content, listed, own, out);
  RenderThoughts(places.thoughts, own, out);
  RenderDetails(places.thoughts, own, out);
  if (places.refusal != nullptr) {
    out.Key("refusal").String(places.refusal->text);
  }
  RenderTextMarks(places, own, out);
  if (!places.images.empty()) {
    out.Key("images").BeginArray();
    std::ranges::for_each(places.images, [&](const Part* image) { RenderPart(*image, own, out); });
    out.EndArray();
  }
  if (places.audio != nullptr) {
    out.Key("audio");
    RenderSpokenAudio(*places.audio, own, out);
  }
  if (!places.calls.empty()) {
    out.Key("tool_calls").BeginArray();
    for (std::size_t i = 0; i < places.calls.size(); ++i) {
      RenderCall(*places.calls[i], static_cast<std::int64_t>(i), own, out);
    }
    out.EndArray();
  }
}

// Writes the messages of a request one after the other.
class Messages {
 public:
  Messages(bool own, Writer& out) : own_(own), out_(out) {}

  void Render(const Message& message) {
    Places places = Sort(message, own_);
    for (const Part* part : places.results) {
      RenderResult(message, std::get<chat::ToolResult>(part->content));
    }
    if (message.role == chat::Role::kTool ||
        (!places.results.empty() && places.results.size() == message.parts.size())) {
      return;
    }
    Flush();
    if (!own_) {
      Adapt(places);
    }
    out_.BeginObject().Key("role").String(RoleName(message.role));
    wire::RenderText("name", message.name, out_);
    RenderMembers(places, Listed(message.listed, places.content), own_, out_);
    wire::RenderCache(message.cache, own_, out_);
    wire::RenderExtra(message.extra, own_, out_);
    out_.EndObject();
  }

  // What had no place where it stood, in a user's message.
  void Flush() {
    if (waiting_.empty()) {
      return;
    }
    out_.BeginObject().Key("role").String("user").Key("content").BeginArray();
    for (const Waiting& waiting : waiting_) {
      out_.BeginObject().Key("type").String("text").Key("text").String(waiting.origin).EndObject();
      RenderPart(*waiting.part, own_, out_);
    }
    out_.EndArray().EndObject();
    waiting_.clear();
  }

 private:
  // Servers that know texts alone are not asked for more than must be.
  bool Listed(bool listed, const std::vector<const Part*>& content) const {
    return listed && (own_ || content.size() > 1);
  }

  struct Waiting {
    std::string origin;
    const Part* part;
  };

  // What of another dialect's message does not stand where that dialect had it.
  void Adapt(Places& places) {
    places.thoughts.clear();
    for (const Part* image : places.images) {
      waiting_.push_back({"The image that you made:", image});
    }
    places.images.clear();
    if (places.content.empty() && places.calls.empty() && places.refusal == nullptr) {
      static const Part kNothing{.content = chat::Text{}};
      places.content.push_back(&kNothing);  // null is for calls alone
    }
  }

  void RenderResult(const Message& message, const chat::ToolResult& result) {
    std::vector<const Part*> content;
    std::size_t media = 0;
    for (const Part& part : result.parts) {
      if (!own_ && std::holds_alternative<chat::Media>(part.content)) {
        waiting_.push_back({"From the result of the tool call " + result.call_id + ":", &part});
        ++media;
      } else {
        content.push_back(&part);
      }
    }
    const bool old = result.call_id.empty() && !result.name.empty();
    out_.BeginObject().Key("role").String(old ? "function" : "tool");
    wire::RenderText("tool_call_id", result.call_id, out_);
    if (own_ || old) {
      wire::RenderText("name", result.name, out_);
    }
    if (!result.json.empty()) {
      out_.Key("content").String(result.json);
    } else if (content.empty() && !own_) {
      out_.Key("content").String(media == 0 ? "" : "See the next message of the user.");
    } else {
      RenderContent(content, Listed(result.listed, content), own_, out_);
    }
    if (message.role == chat::Role::kTool) {
      wire::RenderCache(message.cache, own_, out_);
      wire::RenderExtra(message.extra, own_, out_);
    }
    out_.EndObject();
  }

  bool own_;
  Writer& out_;
  std::vector<Waiting> waiting_;
};

}  // namespace

void RenderMessages(const std::vector<Message>& messages, bool own, std::string_view instruction,
                    Writer& out) {
  out.BeginArray();
  if (!instruction.empty()) {
    out.BeginObject().Key("role").String("system").Key("content").String(instruction).EndObject();
  }
  Messages rendering(own, out);
  for (const Message& message : messages) {
    rendering.Render(message);
  }
  rendering.Flush();
  out.EndArray();
}

void RenderAnswerMessage(const chat::Choice& choice, bool own, Writer& out) {
  const bool listed = choice.listed && own;  // OpenAI answers with a text, and a refusal beside it
  const Places places = Sort(choice.parts, chat::Role::kAssistant, listed, own);
  out.BeginObject().Key("role").String("assistant");
  RenderMembers(places, listed, own, out);
  if (places.refusal == nullptr) {
    out.Key("refusal").Null();
  }
  wire::RenderExtra(choice.message_extra, own, out);
  out.EndObject();
}

}  // namespace signalbox::openai_chat
