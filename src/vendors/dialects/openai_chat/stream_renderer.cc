#include "vendors/dialects/openai_chat/stream_renderer.h"

#include "base/json/writer.h"
#include "vendors/dialects/openai_chat/chunk.h"
#include "vendors/dialects/openai_chat/render_fields.h"
#include "vendors/dialects/openai_chat/usage_form.h"

namespace signalbox::openai_chat {
namespace {

std::string RenderChunk(const chat::StreamStart& head, const Chunk& chunk, bool own) {
  std::string frame;
  json::Writer out(frame);
  out.BeginObject().Key("id").String(head.id).Key("object").String("chat.completion.chunk");
  RenderInt("created", head.created, out);
  out.Key("model").String(head.model);
  RenderText("service_tier", head.service_tier, out);
  RenderText("system_fingerprint", head.system_fingerprint, out);
  out.Key("choices");
  RenderChoices(chunk, own, out);
  if (chunk.usage != nullptr) {
    out.Key("usage");
    RenderUsage(*chunk.usage, own, out);
  }
  for (const chat::Member* member : chunk.unknown) {
    out.Key(member->key).Raw(member->value);
  }
  out.EndObject();
  return frame;
}

}  // namespace

void StreamRenderer::Render(std::span<const chat::Event> events, std::vector<std::string>& frames) {
  const StreamMarks marks = FindMarks(events, head_);
  const Chunk chunk = GatherChunk(events, own_);
  if (!chunk.empty()) {
    frames.push_back(RenderChunk(head_, chunk, own_));
  }
  RenderMarks(marks, frames);
}

}  // namespace signalbox::openai_chat
