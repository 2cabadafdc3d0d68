#include <algorithm>

#include "vendors/dialects/openai_chat/render_message.h"
#include "vendors/dialects/openai_chat/render_tools.h"
#include "vendors/dialects/wire/capable.h"
#include "vendors/dialects/wire/openai_tool_choice.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/workers_ai/dialect.h"
#include "vendors/dialects/workers_ai/features.h"
#include "vendors/dialects/workers_ai/messages.h"
#include "vendors/dialects/workers_ai/requests.h"

namespace signalbox::workers_ai {
namespace {

using chat::Request;
using chat::Tool;
using chat::ToolChoiceMode;
using json::Writer;

// The text of the one prompt that no template is to be put around; null: there is none.
const chat::Text* RawPrompt(const Request& request, bool own) {
  const chat::Member* raw = own ? wire::FindMember(request.extra, "raw") : nullptr;
  if (raw == nullptr || raw->value != "true" || request.messages.size() != 1 ||
      request.messages[0].parts.size() != 1) {
    return nullptr;
  }
  return std::get_if<chat::Text>(&request.messages[0].parts[0].content);
}

core::Status RenderConversation(const Request& request, bool own, Writer& out) {
  if (const chat::Text* prompt = RawPrompt(request, own)) {
    out.Key("prompt").String(prompt->text);
    return {};
  }
  SB_TRY(const std::vector<chat::Message> messages, PrepareMessages(request, own));
  out.Key("messages");
  openai_chat::RenderMessages(messages, own, {}, out);
  return {};
}

void RenderBare(const Tool& tool, Writer& out) {
  out.BeginObject().Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  wire::RenderRaw("parameters", tool.parameters, out);
  wire::RenderExtra(tool.inner_extra, true, out);
  out.EndObject();
}

void RenderOwnTools(const Request& request, Writer& out) {
  if (request.tools.empty() || request.tools.front().type != kBareTool) {
    openai_chat::RenderTools(request.tools, true, out);
  } else {
    out.Key("tools").BeginArray();
    for (const Tool& tool : request.tools) {
      RenderBare(tool, out);
    }
    out.EndArray();
  }
  wire::RenderOpenAiToolChoice(request.tool_choice, wire::OpenAiNesting::kNested, true, out);
}

// Those that may be called; what each of them has beside name, description and parameters is not
// Workers AI's, and it demands parameters.
std::vector<Tool> Callable(const Request& request) {
  const chat::ToolChoice& choice = request.tool_choice;
  const bool some =
      choice.mode == ToolChoiceMode::kNamed || choice.mode == ToolChoiceMode::kAllowed;
  std::vector<Tool> tools;
  for (const Tool& tool : request.tools) {
    if (!some || std::ranges::find(choice.names, tool.name) != choice.names.end()) {
      Tool& copy = tools.emplace_back();
      copy.name = tool.name;
      copy.description = tool.description;
      copy.parameters =
          tool.parameters.empty() ? R"({"type":"object","properties":{}})" : tool.parameters;
    }
  }
  return tools;
}

// "any" is Workers AI's word for one of them.
void RenderForeignTools(const Request& request, Writer& out) {
  const chat::ToolChoice& choice = request.tool_choice;
  openai_chat::RenderTools(Callable(request), false, out);
  const bool must = choice.mode == ToolChoiceMode::kRequired ||
                    choice.mode == ToolChoiceMode::kNamed ||
                    (choice.mode == ToolChoiceMode::kAllowed && choice.required);
  if (must) {
    out.Key("tool_choice").String("any");
  } else if (choice.mode == ToolChoiceMode::kNone) {
    out.Key("tool_choice").String("none");
  } else if (choice.mode == ToolChoiceMode::kAuto) {
    out.Key("tool_choice").String("auto");
  }
}

// The schema itself; as OpenAI has it only what came so.
void RenderFormat(const chat::ResponseFormat& format, bool own, Writer& out) {
  const bool named = own && (!format.name.empty() || format.strict || !format.inner_extra.empty());
  if (format.kind != chat::FormatKind::kJsonSchema || named) {
    openai_chat::RenderResponseFormat(format, own, out);
    return;
  }
  out.Key("response_format").BeginObject().Key("type").String("json_schema");
  out.Key("json_schema").Raw(format.schema.empty() ? "{}" : std::string_view(format.schema));
  wire::RenderExtra(format.extra, own, out);
  out.EndObject();
}

void RenderStop(const chat::Sampling& sampling, Writer& out) {
  if (sampling.stop.size() == 1 && !sampling.stop_listed) {
    out.Key("stop").String(sampling.stop.front());
  } else {
    wire::RenderTextList("stop", sampling.stop, out);
  }
}

void RenderSampling(const chat::Sampling& sampling, Writer& out) {
  wire::RenderInt("max_tokens", sampling.max_output_tokens, out);
  wire::RenderNumber("temperature", sampling.temperature, out);
  wire::RenderNumber("top_p", sampling.top_p, out);
  wire::RenderNumber("top_k", sampling.top_k, out);
  wire::RenderInt("seed", sampling.seed, out);
  RenderStop(sampling, out);
  wire::RenderNumber("repetition_penalty", sampling.repetition_penalty, out);
  wire::RenderNumber("frequency_penalty", sampling.frequency_penalty, out);
  wire::RenderNumber("presence_penalty", sampling.presence_penalty, out);
  wire::RenderBool("logprobs", sampling.logprobs, out);
  wire::RenderInt("top_logprobs", sampling.top_logprobs, out);
}

void RenderReasoning(const chat::ReasoningOptions& reasoning, bool own, Writer& out) {
  wire::RenderText("reasoning_effort", reasoning.effort, out);
  if (!own && reasoning.enabled) {
    out.Key("chat_template_kwargs").BeginObject();
    out.Key("enable_thinking").Bool(*reasoning.enabled).EndObject();
  }
}

void RenderStreamOptions(const chat::StreamOptions& options, bool own, Writer& out) {
  if (!own || !options.stated) {
    return;
  }
  out.Key("stream_options").BeginObject();
  wire::RenderBool("include_usage", options.include_usage, out);
  wire::RenderBool("include_obfuscation", options.include_obfuscation, out);
  wire::RenderExtra(options.extra, own, out);
  out.EndObject();
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const Request& request,
                                                  const wire::RequestTerms& terms) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  SB_CHECK_OK(
      wire::CheckExpressible(request, kDialect, Features(), "Workers AI", rendered.dropped));
  Writer out(rendered.body);
  out.BeginObject();
  if (own) {
    wire::RenderText("model", request.model, out);
  }
  SB_CHECK_OK(RenderConversation(request, own, out));
  own ? RenderOwnTools(request, out) : RenderForeignTools(request, out);
  wire::RenderBool("parallel_tool_calls", request.parallel_tool_calls, out);
  RenderFormat(request.response_format, own, out);
  RenderSampling(request.sampling, out);
  RenderReasoning(wire::ReasoningFor(request, own, terms.Of(request.model), rendered.dropped), own,
                  out);
  wire::RenderBool("stream", request.stream, out);
  RenderStreamOptions(request.stream_options, own, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::workers_ai
