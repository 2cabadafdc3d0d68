#include <algorithm>
#include <string>

#include "vendors/chat/size.h"
#include "vendors/dialects/simple/dialect.h"
#include "vendors/dialects/simple/form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::simple {
namespace {

using chat::Part;
using json::Writer;

// What of a message is text; its refusal is one too.
std::string TextOf(const std::vector<Part>& parts) {
  std::string out;
  for (const Part& part : parts) {
    if (const auto* text = std::get_if<chat::Text>(&part.content)) {
      out += text->text;
    } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
      out += refusal->text;
    }
  }
  return out;
}

std::string_view Fact(const chat::Extra& extra, std::string_view key, std::string_view otherwise) {
  const chat::Member* member = wire::FindMember(extra, key);
  return member == nullptr ? otherwise : std::string_view(member->value);
}

void RenderMetadata(const chat::Extra& extra, Writer& out) {
  out.Key("metadata").BeginObject();
  out.Key("responseTime").Raw(Fact(extra, kResponseMs, "null"));
  out.Key("cacheStatus").String(Fact(extra, kCacheHit, "false") == "true" ? "hit" : "miss");
  out.Key("cost").Raw(Fact(extra, kCostUsd, "null"));
  out.EndObject();
}

std::string Quoted(std::string_view text) {
  std::string out;
  json::AppendQuoted(out, text);
  return out;
}

chat::Extra MembersOf(const wire::Served& facts) {
  return {{std::string(kProvider), Quoted(facts.provider)},
          {std::string(kResponseMs), std::to_string(facts.response_ms)},
          {std::string(kCacheHit), facts.cache_hit ? "true" : "false"},
          {std::string(kCostUsd), facts.cost_usd.empty() ? "null" : facts.cost_usd}};
}

// The text of a request that is one prompt; system prompts stand before it.
core::Result<std::string> PromptOf(const chat::Request& request) {
  std::string prompt;
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const chat::Message& message = request.messages[i];
    const bool system =
        message.role == chat::Role::kSystem || message.role == chat::Role::kDeveloper;
    const bool last = i + 1 == request.messages.size();
    if (!system && (!last || message.role != chat::Role::kUser)) {
      const std::string path = "messages[" + std::to_string(i) + "]";
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        path + ": the simple form carries one prompt, not a conversation", path);
    }
    prompt += prompt.empty() ? "" : "\n\n";
    prompt += TextOf(message.parts);
  }
  return prompt;
}

}  // namespace

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request) {
  wire::RenderedRequest rendered;
  SB_CHECK_OK(wire::CheckExpressible(request, kDialect, Features(), TheDialect().title(),
                                     rendered.dropped));
  SB_TRY(const std::string prompt, PromptOf(request));
  Writer out(rendered.body);
  out.BeginObject().Key("prompt").String(prompt);
  wire::RenderText("model", request.model == "auto" ? std::string_view() : request.model, out);
  wire::RenderInt("maxTokens", request.sampling.max_output_tokens, out);
  wire::RenderNumber("temperature", request.sampling.temperature, out);
  wire::RenderBool("stream", request.stream, out);
  wire::RenderExtra(request.extra, request.dialect == kDialect, out);
  out.EndObject();
  return rendered;
}

void RenderRest(std::string_view model, const std::optional<chat::UsageReport>& usage,
                const chat::Extra& extra, bool own, Writer& out) {
  const auto count = [](std::int64_t tokens) { return std::max<std::int64_t>(tokens, 0); };
  const std::size_t slash = model.find('/');
  if (!own) {
    out.Key("provider")
        .Raw(Fact(extra, kProvider, Quoted(slash == model.npos ? "" : model.substr(0, slash))));
  }
  out.Key("model").String(model);
  if (usage || !own) {
    const chat::UsageReport report = usage.value_or(chat::UsageReport{});
    const std::int64_t both = count(report.tokens.input) + count(report.tokens.output);
    out.Key("usage").BeginObject().Key("inputTokens").Int(count(report.tokens.input));
    out.Key("outputTokens").Int(count(report.tokens.output));
    out.Key("totalTokens").Int(report.total >= 0 ? report.total : both).EndObject();
  }
  if (own) {
    wire::RenderExtra(extra, own, out);
  } else {
    RenderMetadata(extra, out);
  }
}

std::string RenderAnswer(const chat::Response& response) {
  std::string body;
  body.reserve(chat::RenderedSize(response));
  Writer out(body);
  out.BeginObject().Key("success").Bool(true).Key("data");
  out.String(response.choices.empty() ? "" : TextOf(response.choices.front().parts));
  RenderRest(response.model, response.usage, response.extra, response.dialect == kDialect, out);
  out.EndObject();
  return body;
}

void AddServed(const wire::Served& facts, chat::Response& response) {
  for (chat::Member& member : MembersOf(facts)) {
    response.extra.push_back(std::move(member));
  }
}

void AddServed(const wire::Served& facts, chat::EventBatch& events) {
  for (chat::Member& member : MembersOf(facts)) {
    events.push_back({0, chat::UnknownMember{chat::Level::kFrame, 0, std::move(member)}});
  }
}

std::string RenderError(const wire::ErrorAnswer& answer) {
  const core::ErrorCode code = answer.error.code;
  const std::string_view type =
      code == core::ErrorCode::kRateLimited ? "rate_limit_exceeded" : core::Name(code);
  const std::string& message =
      answer.vendor.message.empty() ? answer.error.message : answer.vendor.message;
  std::string body;
  Writer out(body);
  out.BeginObject().Key("success").Bool(false).Key("error").BeginObject();
  out.Key("type").String(type).Key("message").String(message).Key("code").Int(answer.status);
  if (answer.error.retry_after.count() > 0) {
    out.Key("retryAfter").Int(answer.error.retry_after.count());
  }
  out.EndObject().Key("metadata").BeginObject();
  out.Key("requestId").String(answer.request_id).Key("timestamp").String(answer.timestamp);
  out.EndObject().EndObject();
  return body;
}

}  // namespace signalbox::simple
