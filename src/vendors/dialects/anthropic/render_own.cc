#include "vendors/dialects/anthropic/render_own.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/chat/size.h"
#include "vendors/dialects/anthropic/render_block.h"
#include "vendors/dialects/anthropic/render_tools.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Message;
using chat::Request;
using chat::Role;
using json::Writer;

constexpr BlockTerms kOwn{.own = true};

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kAssistant:
      return "assistant";
    case Role::kSystem:
    case Role::kDeveloper:
      return "system";
    case Role::kUser:
    case Role::kTool:
      break;
  }
  return "user";
}

// Thoughts that nobody signed are refused by the vendor; a turn of nothing else goes with them.
void RenderMessages(const Request& request, std::size_t first, std::vector<std::string>& dropped,
                    Writer& out) {
  out.Key("messages").BeginArray();
  for (std::size_t i = first; i < request.messages.size(); ++i) {
    const Message& message = request.messages[i];
    std::size_t kept = 0;
    for (std::size_t k = 0; k < message.parts.size(); ++k) {
      const bool sent = MakesBlock(message.parts[k], kOwn);
      kept += sent ? 1 : 0;
      if (!sent) {
        dropped.push_back(fmt::format("messages[{}].content[{}]", i - first, k));
      }
    }
    if (kept == 0 && !message.parts.empty()) {
      continue;
    }
    out.BeginObject().Key("role").String(RoleName(message.role)).Key("content");
    RenderContent(message.parts, message.listed, kOwn, out);
    wire::RenderExtra(message.extra, true, out);
    out.EndObject();
  }
  out.EndArray();
}

void RenderThinking(const chat::ReasoningOptions& options, Writer& out) {
  if (!options.enabled) {
    return;
  }
  out.Key("thinking").BeginObject().Key("type");
  out.String(!*options.enabled ? "disabled" : options.budget ? "enabled" : "adaptive");
  wire::RenderInt("budget_tokens", options.budget, out);
  if (options.hidden) {
    out.Key("display").String(*options.hidden ? "omitted" : "summarized");
  }
  wire::RenderExtra(options.extra, true, out);
  out.EndObject();
}

void RenderOutputConfig(const Request& request, Writer& out) {
  const chat::ResponseFormat& format = request.response_format;
  const bool schema = format.kind == chat::FormatKind::kJsonSchema;
  if (request.reasoning.effort.empty() && !schema && format.json.empty() && format.extra.empty()) {
    return;
  }
  out.Key("output_config").BeginObject();
  wire::RenderText("effort", request.reasoning.effort, out);
  if (schema) {
    out.Key("format").BeginObject().Key("type").String("json_schema");
    wire::RenderRaw("schema", format.schema, out);
    wire::RenderExtra(format.inner_extra, true, out);
    out.EndObject();
  }
  wire::RenderRaw("format", format.json, out);
  wire::RenderExtra(format.extra, true, out);
  out.EndObject();
}

// Our own hints stay here.
bool IsHint(const chat::Member& member) {
  return member.key.starts_with("x-signalbox-");
}

void RenderMetadata(const Request& request, Writer& out) {
  const bool empty = request.metadata_stated && request.metadata.empty();
  if (!empty && request.user.empty() && std::ranges::all_of(request.metadata, IsHint)) {
    return;
  }
  out.Key("metadata").BeginObject();
  wire::RenderText("user_id", request.user, out);
  for (const chat::Member& member : request.metadata) {
    if (!IsHint(member)) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
}

void RenderSampling(const Request& request, std::optional<std::int64_t> max_tokens, Writer& out) {
  const chat::Sampling& s = request.sampling;
  wire::RenderInt("max_tokens", s.max_output_tokens ? s.max_output_tokens : max_tokens, out);
  wire::RenderNumber("temperature", s.temperature, out);
  wire::RenderNumber("top_p", s.top_p, out);
  wire::RenderNumber("top_k", s.top_k, out);
  wire::RenderTextList("stop_sequences", s.stop, out);
}

}  // namespace

wire::RenderedRequest RenderOwn(const Request& request, std::optional<std::int64_t> max_tokens) {
  wire::RenderedRequest rendered;
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  RenderSampling(request, max_tokens, out);
  wire::RenderBool("stream", request.stream, out);
  const bool system = !request.messages.empty() && request.messages[0].role == Role::kSystem &&
                      request.messages[0].extra.empty();
  if (system) {
    out.Key("system");
    RenderContent(request.messages[0].parts, request.messages[0].listed, kOwn, out);
  }
  RenderMessages(request, system ? 1 : 0, rendered.dropped, out);
  RenderTools(request, true, true, rendered.dropped, out);
  RenderThinking(request.reasoning, out);
  RenderOutputConfig(request, out);
  RenderMetadata(request, out);
  wire::RenderText("service_tier", request.service_tier, out);
  wire::RenderExtra(request.extra, true, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::anthropic
