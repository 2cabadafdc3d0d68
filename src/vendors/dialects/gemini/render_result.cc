#include "vendors/dialects/gemini/render_result.h"

#include <algorithm>

#include "base/json/document.h"
#include "vendors/dialects/gemini/call_ids.h"
#include "vendors/dialects/gemini/object.h"
#include "vendors/dialects/gemini/render_part.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::Part;
using chat::ToolResult;
using json::Writer;

bool IsMedia(const Part& part) {
  return std::holds_alternative<chat::Media>(part.content);
}

// An object as it is; Google reads "output" and "error" in it.
void RenderResponse(const ToolResult& result, bool own, Writer& out) {
  const std::string text = result.json.empty() ? TextOf(result.parts) : result.json;
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  json::Document document;
  const bool object = start != std::string::npos && text[start] == '{' && document.Parse(text);
  const bool failed = result.is_error.value_or(false) && !own;
  if (object && (!failed || document.Root().Find("error"))) {
    out.Raw(document.Root().Raw());
    return;
  }
  out.BeginObject().Key(failed ? "error" : "output");
  if (object || !result.json.empty()) {
    out.Raw(text);
  } else {
    out.String(text);
  }
  out.EndObject();
}

// Of our own the first part is the JSON.
void RenderParts(const ToolResult& result, bool own, Writer& out) {
  if (own ? result.parts.size() < 2 : std::ranges::none_of(result.parts, IsMedia)) {
    return;
  }
  out.Key("parts").BeginArray();
  for (const Part& part : result.parts) {
    if (own ? &part != &result.parts.front() : IsMedia(part)) {
      RenderPart(part, own, out);
    }
  }
  out.EndArray();
}

}  // namespace

std::string TextOf(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) {
    if (const auto* piece = std::get_if<chat::Text>(&part.content)) {
      text += piece->text;
    }
  }
  return text;
}

void RenderResult(const Part& part, const ResultTerms& terms, Writer& out) {
  const auto& result = std::get<ToolResult>(part.content);
  const bool inside = terms.own || terms.media;
  out.BeginObject().Key("functionResponse").BeginObject();
  wire::RenderText("id", IsMade(result.call_id) ? "" : result.call_id, out);
  out.Key("name").String(result.name.empty() ? terms.name : std::string_view(result.name));
  out.Key("response");
  RenderResponse(result, terms.own, out);
  if (inside) {
    RenderParts(result, terms.own, out);
  }
  wire::RenderUnder(kResultPrefix, part.extra, terms.own, out);
  out.EndObject();
  wire::RenderBeside(kResultPrefix, part.extra, terms.own, out);
  out.EndObject();
  for (const Part& media : result.parts) {
    if (!inside && IsMedia(media)) {
      RenderPart(media, terms.own, out);
    }
  }
}

}  // namespace signalbox::gemini
