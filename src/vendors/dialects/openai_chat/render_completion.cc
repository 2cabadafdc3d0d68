#include <algorithm>

#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/chunk.h"
#include "vendors/dialects/openai_chat/completions.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using json::Writer;

// `Head`: a whole answer or the start of a stream.
template <typename Head>
void RenderHead(const Head& head, Writer& out) {
  out.BeginObject().Key("id").String(head.id).Key("object").String("text_completion");
  wire::RenderInt("created", head.created, out);
  out.Key("model").String(head.model);
  wire::RenderText("system_fingerprint", head.system_fingerprint, out);
}

void RenderChoice(std::int64_t index, std::string_view text, chat::FinishReason finish,
                  std::string_view finish_text, Writer& out) {
  out.BeginObject().Key("text").String(text).Key("index").Int(index).Key("logprobs").Null();
  out.Key("finish_reason");
  if (finish == chat::FinishReason::kUnset) {
    out.Null();
  } else {
    out.String(FinishName(finish, finish_text, false));
  }
  out.EndObject();
}

void RenderReport(const chat::UsageReport* usage, Writer& out) {
  if (usage != nullptr) {
    out.Key("usage");
    RenderUsage(*usage, false, out);
  }
  out.EndObject();
}

std::string TextOf(const chat::Choice& choice) {
  std::string text;
  for (const chat::Part& part : choice.parts) {
    if (const auto* said = std::get_if<chat::Text>(&part.content)) {
      text += said->text;
    }
  }
  return text;
}

std::string RenderChunk(const chat::StreamStart& head, const Chunk& chunk) {
  std::string frame;
  Writer out(frame);
  RenderHead(head, out);
  out.Key("choices").BeginArray();
  for (const ChoiceFragment& choice : chunk.choices) {
    RenderChoice(choice.index, choice.text.value_or(""),
                 choice.finish == nullptr ? chat::FinishReason::kUnset : choice.finish->reason,
                 choice.finish == nullptr ? std::string_view() : choice.finish->text, out);
  }
  out.EndArray();
  RenderReport(chunk.usage, out);
  return frame;
}

}  // namespace

std::string RenderCompletionAnswer(const chat::Response& response) {
  std::string body;
  Writer out(body);
  RenderHead(response, out);
  out.Key("choices").BeginArray();
  for (const chat::Choice& choice : response.choices) {
    RenderChoice(choice.index, TextOf(choice), choice.finish, choice.finish_text, out);
  }
  out.EndArray();
  RenderReport(response.usage ? &*response.usage : nullptr, out);
  return body;
}

void CompletionStreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  const StreamMarks marks = FindMarks(events, head_);
  std::vector<ChoiceMemory> memory;  // texts have none
  Chunk chunk = GatherChunk(events, true, memory);
  if (chunk.usage != nullptr && with_usage_) {
    usage_ ? AddReport(*chunk.usage, *usage_) : void(usage_ = *chunk.usage);
  }
  chunk.usage = nullptr;
  const bool speaks = std::ranges::any_of(chunk.choices, [](const ChoiceFragment& choice) {
    return choice.text || choice.finish != nullptr;
  });
  if (speaks) {
    net::AppendSseEvent(out, {}, RenderChunk(head_, chunk));
  }
  if (marks.ends && marks.error == nullptr && usage_) {
    Chunk last;
    last.usage = &*usage_;
    net::AppendSseEvent(out, {}, RenderChunk(head_, last));
  }
  RenderMarks(marks, false, out);
}

void CompletionStreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  net::AppendSseEvent(out, {}, openai_chat::RenderError(error));
}

}  // namespace signalbox::openai_chat
