#include "vendors/dialects/gemini/grounding.h"

#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::Citation;
using json::Value;
using json::Writer;

bool BeginsCharacter(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
}

// Where character `index` of `text` begins; its size behind the last.
std::size_t ByteOf(std::string_view text, std::int64_t index) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (BeginsCharacter(text[at]) && index-- == 0) {
      break;
    }
  }
  return at;
}

std::string TextAt(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsString().value_or("") : "";
}

std::int64_t IntAt(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member ? member->AsInt().value_or(0) : 0;
}

// A chunk is {"web": {"uri", "title"}}, {"retrievedContext": …} or {"maps": …}.
Citation ToCitation(const Value& chunk) {
  Citation citation;
  citation.type = "url_citation";
  json::ForEachMember(chunk, [&](const Value&, const Value& source) {
    if (citation.url.empty()) {
      citation.url = TextAt(source, "uri");
      citation.title = TextAt(source, "title");
    }
  });
  return citation;
}

void Place(const Value& segment, std::string_view text, Citation& out) {
  const auto start =
      static_cast<std::size_t>(std::max<std::int64_t>(0, IntAt(segment, "startIndex")));
  const auto end = static_cast<std::size_t>(std::max<std::int64_t>(0, IntAt(segment, "endIndex")));
  if (start <= end && end <= text.size() && !text.empty()) {
    out.start = CharactersIn(text.substr(0, start));
    out.end = *out.start + CharactersIn(text.substr(start, end - start));
  }
}

void FromGrounding(const Value& grounding, std::string_view text, std::vector<Citation>& out) {
  std::vector<Citation> chunks;
  if (const auto list = grounding.Find("groundingChunks"); list && list->IsArray()) {
    json::ForEachElement(*list, [&](const Value& chunk) { chunks.push_back(ToCitation(chunk)); });
  }
  const auto supports = grounding.Find("groundingSupports");
  if (!supports || !supports->IsArray()) {
    out.insert(out.end(), chunks.begin(), chunks.end());
    return;
  }
  json::ForEachElement(*supports, [&](const Value& support) {
    const auto indices = support.Find("groundingChunkIndices");
    const auto segment = support.Find("segment");
    if (!indices || !indices->IsArray()) {
      return;
    }
    json::ForEachElement(*indices, [&](const Value& index) {
      const auto at = static_cast<std::size_t>(index.AsInt().value_or(-1));
      if (at < chunks.size() && !chunks[at].url.empty()) {
        Citation& citation = out.emplace_back(chunks[at]);
        if (segment) {
          Place(*segment, text, citation);
        }
      }
    });
  });
}

void FromSources(const Value& metadata, std::string_view text, std::vector<Citation>& out) {
  auto sources = metadata.Find("citationSources");
  sources = sources ? sources : metadata.Find("citations");  // Vertex AI
  if (!sources || !sources->IsArray()) {
    return;
  }
  json::ForEachElement(*sources, [&](const Value& source) {
    Citation citation;
    citation.type = "url_citation";
    citation.url = TextAt(source, "uri");
    citation.title = TextAt(source, "title");
    Place(source, text, citation);
    if (!citation.url.empty()) {
      out.push_back(std::move(citation));
    }
  });
}

}  // namespace

std::int64_t CharactersIn(std::string_view text) {
  std::int64_t count = 0;
  for (const char c : text) {
    count += BeginsCharacter(c) ? 1 : 0;
  }
  return count;
}

std::vector<Citation> CitationsOf(const Value& candidate, std::string_view text) {
  std::vector<Citation> out;
  if (const auto grounding = candidate.Find("groundingMetadata"); grounding) {
    FromGrounding(*grounding, text, out);
  }
  if (const auto metadata = candidate.Find("citationMetadata"); metadata) {
    FromSources(*metadata, text, out);
  }
  return out;
}

void RenderGrounding(const std::vector<Citation>& citations, std::string_view text, Writer& out) {
  out.BeginObject().Key("groundingChunks").BeginArray();
  for (const Citation& citation : citations) {
    out.BeginObject().Key("web").BeginObject();
    wire::RenderText("uri", citation.url, out);
    wire::RenderText("title", citation.title, out);
    out.EndObject().EndObject();
  }
  out.EndArray().Key("groundingSupports").BeginArray();
  for (std::size_t i = 0; i < citations.size(); ++i) {
    const Citation& citation = citations[i];
    if (!citation.start || !citation.end || *citation.start > *citation.end) {
      continue;
    }
    const std::size_t start = ByteOf(text, *citation.start);
    const std::size_t end = ByteOf(text, *citation.end);
    out.BeginObject().Key("segment").BeginObject();
    out.Key("startIndex").Uint(start).Key("endIndex").Uint(end);
    out.Key("text").String(text.substr(start, end - start)).EndObject();
    out.Key("groundingChunkIndices").BeginArray().Uint(i).EndArray().EndObject();
  }
  out.EndArray().EndObject();
}

}  // namespace signalbox::gemini
