#include "vendors/dialects/anthropic/render_block.h"

#include <string>

#include "base/json/document.h"
#include "vendors/dialects/anthropic/names.h"
#include "vendors/dialects/anthropic/parse_block.h"
#include "vendors/dialects/anthropic/render_source.h"
#include "vendors/dialects/anthropic/seal.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Part;
using json::Writer;

void RenderTextBlock(const chat::Text& text, const BlockTerms& terms, Writer& out) {
  out.Key("type").String("text").Key("text").String(text.text);
  if (text.citations.empty() || (!terms.own && !terms.to_client)) {
    return;
  }
  out.Key("citations").BeginArray();
  for (const chat::Citation& citation : text.citations) {
    RenderCitation(citation, terms.own, out);
  }
  out.EndArray();
}

void RenderThought(const chat::Reasoning& thought, const BlockTerms& terms, Writer& out) {
  const bool sealed = !IsSigned(thought) && terms.to_client;
  const auto seal = sealed ? SealOf(thought) : std::nullopt;
  const std::string hidden = seal ? SealText(*seal) : std::string();
  if (thought.text.empty() && thought.signature.empty()) {
    out.Key("type").String("redacted_thinking").Key("data");
    out.String(seal ? hidden : thought.redacted);
    return;
  }
  out.Key("type").String("thinking").Key("thinking").String(thought.text);
  out.Key("signature").String(sealed ? hidden : thought.signature);
}

void RenderCall(const chat::ToolCall& call, bool own, Writer& out) {
  out.Key("type").String("tool_use").Key("id").String(own ? call.id : IdFor(call.id));
  out.Key("name").String(call.name).Key("input");
  if (own && call.arguments.starts_with('{')) {
    out.Raw(call.arguments);  // as it was read
  } else if (call.kind == chat::CallKind::kCustom) {
    out.BeginObject().Key("input").String(call.arguments).EndObject();
  } else {
    RenderInput(call.arguments, out);
  }
}

void RenderResult(const chat::ToolResult& result, const BlockTerms& terms, Writer& out) {
  out.Key("type").String("tool_result");
  out.Key("tool_use_id").String(terms.own ? result.call_id : IdFor(result.call_id));
  if (!result.json.empty() && result.parts.empty()) {
    out.Key("content").String(result.json);
  } else if (!result.parts.empty() || result.listed) {
    out.Key("content");
    RenderContent(result.parts, result.listed, terms, out);
  }
  wire::RenderBool("is_error", result.is_error, out);
}

void RenderKnown(const Part& part, const BlockTerms& terms, Writer& out) {
  out.BeginObject();
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    RenderTextBlock(*text, terms, out);
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    out.Key("type").String("text").Key("text").String(refusal->text);
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    RenderThought(*thought, terms, out);
  } else if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    RenderMedia(*media, terms.own, out);
  } else if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    RenderCall(*call, terms.own, out);
  } else if (const auto* result = std::get_if<chat::ToolResult>(&part.content)) {
    RenderResult(*result, terms, out);
  }
  RenderCacheControl(part.cache, terms.own, out);
  wire::RenderExtra(part.extra, terms.own, out);
  out.EndObject();
}

// Gemini's signature of a call or a text, for a client to hand back.
std::string_view SignatureBeside(const Part& part) {
  if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
    return call->signature;
  }
  const auto* text = std::get_if<chat::Text>(&part.content);
  return text != nullptr ? std::string_view(text->signature) : std::string_view();
}

}  // namespace

bool IsSigned(const chat::Reasoning& thought) {
  return thought.format == kThoughtFormat &&
         (!thought.signature.empty() || !thought.redacted.empty());
}

bool MakesBlock(const Part& part, const BlockTerms& terms) {
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    return terms.own || !text->text.empty() || (terms.to_client && !text->signature.empty());
  }
  if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    return !terms.own && !refusal->text.empty();  // our own stands in stop_details
  }
  if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    return IsSigned(*thought) || (terms.to_client && (!thought->text.empty() || SealOf(*thought)));
  }
  if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    return media->kind == chat::MediaKind::kImage || media->kind == chat::MediaKind::kDocument;
  }
  return terms.own || !std::holds_alternative<chat::RawPart>(part.content);
}

void RenderBlock(const Part& part, const BlockTerms& terms, Writer& out) {
  if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    out.Raw(raw->json);
    return;
  }
  if (terms.own && !part.whole.empty()) {
    out.Raw(part.whole);
    return;
  }
  const std::string_view signature = terms.to_client ? SignatureBeside(part) : std::string_view();
  const auto* text = std::get_if<chat::Text>(&part.content);
  const bool silent = text != nullptr && text->text.empty();
  if (!signature.empty()) {
    const SealOn on = silent ? SealOn::kLast : SealOn::kNext;
    RenderRedacted(SealText({on, std::string(signature), {}, {}, {}}), out);
  }
  if (!signature.empty() && silent) {
    return;
  }
  RenderKnown(part, terms, out);
}

void RenderContent(const std::vector<Part>& parts, bool listed, const BlockTerms& terms,
                   Writer& out) {
  const auto* only = parts.size() == 1 ? std::get_if<chat::Text>(&parts[0].content) : nullptr;
  if (!listed && only != nullptr && !parts[0].cache) {
    out.String(only->text);
    return;
  }
  out.BeginArray();
  for (const Part& part : parts) {
    if (MakesBlock(part, terms)) {
      RenderBlock(part, terms, out);
    }
  }
  out.EndArray();
}

// What other vendors cite is on the web; what Anthropic wants beside the address is theirs alone.
void RenderCitation(const chat::Citation& citation, bool own, Writer& out) {
  out.BeginObject();
  if (!own) {
    out.Key("type").String("web_search_result_location").Key("url").String(citation.url);
    out.Key("title").String(citation.title).Key("cited_text").String("");
    out.Key("encrypted_index").String("").EndObject();
    return;
  }
  out.Key("type").String(citation.type);
  wire::RenderText("url", citation.url, out);
  const bool document = CitesDocument(citation.type);
  out.Key(document ? "document_title" : "title");
  citation.title.empty() ? out.Null() : out.String(citation.title);
  wire::RenderExtra(citation.extra, own, out);
  out.EndObject();
}

void RenderRedacted(std::string_view data, Writer& out) {
  out.BeginObject().Key("type").String("redacted_thinking").Key("data").String(data).EndObject();
}

void RenderCacheControl(const std::optional<chat::CacheMarker>& cache, bool own, Writer& out) {
  if (own || !cache) {
    wire::RenderCache(cache, own, out);
    return;
  }
  out.Key("cache_control").BeginObject().Key("type").String("ephemeral");
  if (cache->ttl == "5m" || cache->ttl == "1h") {
    out.Key("ttl").String(cache->ttl);
  }
  out.EndObject();
}

void RenderInput(std::string_view arguments, Writer& out) {
  const std::size_t first = arguments.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || arguments == "null") {
    out.BeginObject().EndObject();
    return;
  }
  json::Document document;
  if (arguments[first] == '{' && document.Parse(arguments, {.unique_keys = false})) {
    out.Raw(arguments);
    return;
  }
  out.BeginObject().Key("input").String(arguments).EndObject();
}

}  // namespace signalbox::anthropic
