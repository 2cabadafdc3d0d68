#include "vendors/dialects/openai_chat/stream_renderer.h"

#include <algorithm>

#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

std::string OpeningOf(const chat::StreamStart& head) {
  std::string opening(kData);
  json::Writer out(opening);
  out.BeginObject().Key("id").String(head.id).Key("object").String("chat.completion.chunk");
  wire::RenderInt("created", head.created, out);
  out.Key("model").String(head.model);
  wire::RenderText("service_tier", head.service_tier, out);
  wire::RenderText("system_fingerprint", head.system_fingerprint, out);
  out.Key("choices");
  return opening;
}

}  // namespace

void StreamRenderer::Render(std::span<const chat::Event> events, std::string& out) {
  const StreamMarks marks = FindMarks(events, head_);
  if (marks.starts) {
    opening_.clear();
  }
  Chunk chunk = GatherChunk(events, own_, memory_);
  TakeUsage(chunk);
  if (!own_) {
    BeginChoices(chunk);
  }
  if (!chunk.empty()) {
    RenderChunk(chunk, out);
  }
  if (marks.ends && marks.error == nullptr && usage_) {
    Chunk last;
    last.usage = &*usage_;
    RenderChunk(last, out);
  }
  RenderMarks(marks, own_, out);
}

void StreamRenderer::RenderError(const wire::ErrorAnswer& error, std::string& out) {
  net::AppendSseEvent(out, {}, openai_chat::RenderError(error));
}

// From elsewhere usage waits for the end; nobody gets it who did not ask for it.
void StreamRenderer::TakeUsage(Chunk& chunk) {
  if (chunk.usage == nullptr || (own_ && with_usage_)) {
    return;
  }
  if (with_usage_) {
    usage_ ? AddReport(*chunk.usage, *usage_) : void(usage_ = *chunk.usage);
  }
  chunk.usage = nullptr;
}

// The first delta of a choice, and no other, has a role.
void StreamRenderer::BeginChoices(Chunk& chunk) {
  for (ChoiceFragment& choice : chunk.choices) {
    choice.begins = std::ranges::find(begun_, choice.index) == begun_.end();
    if (choice.begins) {
      begun_.push_back(choice.index);
    }
  }
}

void StreamRenderer::RenderChunk(const Chunk& chunk, std::string& out) {
  if (opening_.empty()) {
    if (head_.id.empty() && !own_) {
      head_.id = MadeId("chatcmpl-", head_.model);
    }
    opening_ = OpeningOf(head_);
  }
  const std::size_t begin = out.size() + kData.size();
  out += opening_;
  json::Writer writer(out);
  RenderChoices(chunk, own_, writer);
  if (chunk.usage != nullptr) {
    writer.Key("usage");
    RenderUsage(*chunk.usage, own_, writer);
  }
  for (const chat::Member* member : chunk.unknown) {
    writer.Key(member->key).Raw(member->value);
  }
  writer.EndObject();
  EndFrame(begin, out);
}

}  // namespace signalbox::openai_chat
