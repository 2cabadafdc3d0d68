// The calls of a model, as items of a stream.
#include <utility>

#include "vendors/dialects/openai_responses/render_item.h"
#include "vendors/dialects/openai_responses/stream_renderer.h"

namespace signalbox::openai_responses {
namespace {

using chat::Part;
using json::Writer;

chat::ToolCall& CallIn(Part& part) {
  return std::get<chat::ToolCall>(part.content);
}

bool IsCustom(const Part& part) {
  return std::get<chat::ToolCall>(part.content).kind == chat::CallKind::kCustom;
}

}  // namespace

StreamRenderer::Call* StreamRenderer::FindCall(std::int64_t number) {
  for (auto call = calls_.rbegin(); call != calls_.rend(); ++call) {
    if (call->number == number) {
      return &*call;
    }
  }
  return nullptr;
}

void StreamRenderer::BeginCall(const chat::ToolCallStart& start) {
  EnsureStarted();
  CloseItem({});
  Call call;
  call.number = start.call;
  call.part.content = chat::ToolCall{.id = start.id,
                                     .name = start.name,
                                     .arguments = {},
                                     .kind = start.kind,
                                     .signature = start.signature,
                                     .inner_extra = {}};
  const bool custom = IsCustom(call.part);
  const std::string_view type = custom ? "custom_tool_call" : "function_call";
  if (auto known = TakeAnnounced(type, {})) {
    call.index = known->index;
    call.id = std::move(known->id);
    calls_.push_back(std::move(call));
    return;
  }
  call.index = next_index_++;
  call.id = MakeId(call.part, head_.id, call.index);
  if (CallIn(call.part).id.empty()) {
    CallIn(call.part).id = call.id;
  }
  std::string item;
  Writer out(item);
  out.BeginObject().Key("id").String(call.id).Key("type").String(type);
  out.Key("status").String("in_progress").Key("call_id").String(CallIn(call.part).id);
  out.Key("name").String(start.name).Key(custom ? "input" : "arguments").String("").EndObject();
  WriteAdded(call.index, item);
  calls_.push_back(std::move(call));
}

void StreamRenderer::Argue(const chat::ToolCallArguments& arguments) {
  Call* call = FindCall(arguments.call);
  if (call == nullptr || call->done || arguments.text.empty()) {
    return;
  }
  CallIn(call->part).arguments += arguments.text;
  const std::string_view event = IsCustom(call->part) ? "response.custom_tool_call_input.delta"
                                                      : "response.function_call_arguments.delta";
  Writer frame = Frame(event);
  Place(call->index, call->id, frame);
  frame.Key("delta").String(arguments.text);
  Send(event, frame);
}

void StreamRenderer::EndCall(const chat::ToolCallEnd& end) {
  if (Call* call = FindCall(end.call)) {
    FinishCall(*call, end.item);
  }
}

void StreamRenderer::FinishCall(Call& call, std::string item) {
  if (std::exchange(call.done, true)) {
    return;
  }
  const bool custom = IsCustom(call.part);
  if (!own_ && !custom && CallIn(call.part).arguments.empty()) {
    call.done = false;
    Argue({call.number, "{}"});
    call.done = true;
  }
  const std::string_view event =
      custom ? "response.custom_tool_call_input.done" : "response.function_call_arguments.done";
  Writer frame = Frame(event);
  Place(call.index, call.id, frame);
  if (!custom) {
    frame.Key("name").String(CallIn(call.part).name);
  }
  frame.Key(custom ? "input" : "arguments").String(CallIn(call.part).arguments);
  Send(event, frame);
  call.part.item = std::move(item);
  std::string whole;
  Writer out(whole);
  RenderOutputItem({&call.part, 1}, call.id, own_, out);
  WriteDone(call.index, std::move(whole));
}

}  // namespace signalbox::openai_responses
