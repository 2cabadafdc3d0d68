#include "vendors/dialects/ollama/render_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vendors/chat/size.h"
#include "vendors/dialects/ollama/calls.h"
#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/ollama/expressible.h"
#include "vendors/dialects/ollama/parse_request.h"
#include "vendors/dialects/ollama/render_message.h"
#include "vendors/dialects/wire/capable.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::ollama {
namespace {

using chat::Request;
using chat::ToolChoiceMode;
using core::Result;
using json::Writer;
using wire::RenderedRequest;

void RenderStop(const chat::Sampling& sampling, Writer& out) {
  if (sampling.stop.size() == 1 && !sampling.stop_listed) {
    out.Key("stop").BeginArray().String(sampling.stop.front()).EndArray();
  } else {
    wire::RenderTextList("stop", sampling.stop, out);
  }
}

void RenderOptions(const Request& request, bool own, Writer& out) {
  const chat::Sampling& s = request.sampling;
  std::string text;
  Writer options(text);
  options.BeginObject();
  wire::RenderInt("num_predict", s.max_output_tokens, options);
  wire::RenderNumber("temperature", s.temperature, options);
  wire::RenderNumber("top_k", s.top_k, options);
  wire::RenderNumber("top_p", s.top_p, options);
  wire::RenderNumber("min_p", s.min_p, options);
  wire::RenderInt("seed", s.seed, options);
  RenderStop(s, options);
  wire::RenderNumber("repeat_penalty", s.repetition_penalty, options);
  wire::RenderNumber("presence_penalty", s.presence_penalty, options);
  wire::RenderNumber("frequency_penalty", s.frequency_penalty, options);
  if (own) {
    RenderPrefixed(request.extra, kOptionPrefix, options);
  }
  options.EndObject();
  if (text != "{}") {
    out.Key("options").Raw(text);
  }
}

void RenderFormat(const chat::ResponseFormat& format, Writer& out) {
  switch (format.kind) {
    case chat::FormatKind::kUnset:
    case chat::FormatKind::kText:
      return;
    case chat::FormatKind::kJsonObject:
      out.Key("format").String("json");
      return;
    case chat::FormatKind::kJsonSchema:
      out.Key("format");
      format.schema.empty() ? out.String("json") : out.Raw(format.schema);
      return;
    case chat::FormatKind::kRaw:
      wire::RenderRaw("format", format.json, out);
      return;
  }
}

// gpt-oss alone has levels; the others think or do not, and Ollama refuses to ask those that do
// not.
void RenderForeignThink(const Request& request, const catalog::Capabilities& of,
                        std::vector<std::string>& dropped, Writer& out) {
  const chat::ReasoningOptions& reasoning = wire::ReasoningFor(request, false, of, dropped);
  if (reasoning.enabled == false || reasoning.effort == "none" || reasoning.budget == 0) {
    out.Key("think").Bool(false);
  } else if (!reasoning.effort.empty() && of.Can(catalog::Ability::kEffort)) {
    const bool low = reasoning.effort == "minimal" || reasoning.effort == "low";
    out.Key("think").String(low ? "low" : reasoning.effort == "medium" ? "medium" : "high");
  } else if (!reasoning.effort.empty() || reasoning.enabled || reasoning.budget) {
    out.Key("think").Bool(true);
  }
}

void RenderThink(const Request& request, bool own, const wire::RequestTerms& terms,
                 std::vector<std::string>& dropped, Writer& out) {
  if (!own) {
    RenderForeignThink(request, terms.Of(request.model), dropped, out);
  } else if (!request.reasoning.effort.empty()) {
    out.Key("think").String(request.reasoning.effort);
  } else {
    wire::RenderBool("think", request.reasoning.enabled, out);
  }
}

bool MayCall(const chat::ToolChoice& choice, const std::string& name) {
  return choice.mode != ToolChoiceMode::kAllowed ||
         std::ranges::find(choice.names, name) != choice.names.end();
}

void RenderTool(const chat::Tool& tool, bool own, Writer& out) {
  if (tool.kind == chat::ToolKind::kRaw) {
    out.Raw(tool.json);
    return;
  }
  out.BeginObject().Key("type").String("function").Key("function").BeginObject();
  out.Key("name").String(tool.name);
  wire::RenderText("description", tool.description, out);
  out.Key("parameters");
  out.Raw(!tool.parameters.empty() ? std::string_view(tool.parameters)
                                   : R"({"type":"object","properties":{}})");
  wire::RenderExtra(tool.inner_extra, own, out);
  out.EndObject();
  wire::RenderExtra(tool.extra, own, out);
  out.EndObject();
}

void RenderTools(const Request& request, bool own, Writer& out) {
  if (request.tools.empty() || request.tool_choice.mode == ToolChoiceMode::kNone) {
    return;
  }
  out.Key("tools").BeginArray();
  for (const chat::Tool& tool : request.tools) {
    if (MayCall(request.tool_choice, tool.name)) {
      RenderTool(tool, own, out);
    }
  }
  out.EndArray();
}

// What both forms have after the conversation. A stream is asked for or not: absent is true.
void RenderRest(const Request& request, bool own, const wire::RequestTerms& terms,
                std::vector<std::string>& dropped, Writer& out) {
  RenderFormat(request.response_format, out);
  RenderOptions(request, own, out);
  out.Key("stream").Bool(request.stream.value_or(false));
  RenderThink(request, own, terms, dropped, out);
  wire::RenderBool("logprobs", request.sampling.logprobs, out);
  wire::RenderInt("top_logprobs", request.sampling.top_logprobs, out);
  if (own) {
    RenderUnprefixed(request.extra, kOptionPrefix, out);
  }
}

// The one prompt of a conversation, in the words of generate.
struct Prompt {
  std::string system;
  const chat::Message* message = nullptr;
};

Result<Prompt> FindPrompt(const Request& request) {
  Prompt prompt;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const chat::Message& message = request.messages[i];
    const bool system =
        message.role == chat::Role::kSystem || message.role == chat::Role::kDeveloper;
    if (system) {
      prompt.system += prompt.system.empty() ? "" : "\n\n";
      prompt.system += TextOf(message.parts, "\n");
    } else if (message.role == chat::Role::kUser && prompt.message == nullptr) {
      prompt.message = &message;
    } else {
      std::string path = fmt::format("messages[{}]", i);
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        path + ": Ollama's generate takes one prompt", path);
    }
  }
  return prompt;
}

void RenderRawParts(const std::vector<chat::Part>& parts, Writer& out) {
  for (const chat::Part& part : parts) {
    if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
      out.Key(raw->type).Raw(raw->json);
    }
  }
}

}  // namespace

Result<RenderedRequest> RenderChat(const Request& request, const wire::RequestTerms& terms) {
  const bool own = request.dialect == kDialect;
  RenderedRequest rendered;
  SB_CHECK_OK(CheckExpressible(request, Form::kChat, rendered.dropped));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject().Key("model").String(request.model).Key("messages").BeginArray();
  for (const chat::Message& message : request.messages) {
    RenderMessages(request, message, own, out);
  }
  out.EndArray();
  RenderTools(request, own, out);
  RenderRest(request, own, terms, rendered.dropped, out);
  out.EndObject();
  return rendered;
}

Result<RenderedRequest> RenderGenerate(const Request& request, const wire::RequestTerms& terms) {
  const bool own = request.dialect == kDialect;
  RenderedRequest rendered;
  SB_CHECK_OK(CheckExpressible(request, Form::kGenerate, rendered.dropped));
  SB_TRY(const Prompt prompt, FindPrompt(request));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject().Key("model").String(request.model);
  wire::RenderText("system", prompt.system, out);
  if (prompt.message != nullptr) {
    out.Key("prompt").String(TextOf(prompt.message->parts, "\n"));
    RenderImages(prompt.message->parts, out);
    RenderRawParts(prompt.message->parts, out);
  }
  RenderRest(request, own, terms, rendered.dropped, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::ollama
