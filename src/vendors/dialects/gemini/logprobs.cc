#include "vendors/dialects/gemini/logprobs.h"

#include <vector>

#include "base/json/writer.h"

namespace signalbox::gemini {
namespace {

using json::Value;
using json::Writer;

std::vector<Value> ElementsOf(const Value& object, std::string_view key) {
  std::vector<Value> elements;
  const auto list = object.Find(key);
  if (list && list->IsArray()) {
    json::ForEachElement(*list, [&](const Value& element) { elements.push_back(element); });
  }
  return elements;
}

void CopyMember(const Value& from, std::string_view key, std::string_view as, Writer& out) {
  if (const auto member = from.Find(key)) {
    out.Key(as).Raw(member->Raw());
  }
}

void WriteToken(const Value& candidate, Writer& out) {
  CopyMember(candidate, "token", "token", out);
  CopyMember(candidate, "logProbability", "logprob", out);
  out.Key("bytes").Null();
}

void WriteCandidate(const Value& token, Writer& out) {
  out.BeginObject();
  CopyMember(token, "token", "token", out);
  CopyMember(token, "logprob", "logProbability", out);
  out.EndObject();
}

}  // namespace

chat::RawJson LogprobsOf(const Value& result) {
  const std::vector<Value> chosen = ElementsOf(result, "chosenCandidates");
  const std::vector<Value> tops = ElementsOf(result, "topCandidates");
  chat::RawJson text;
  Writer out(text);
  out.BeginObject().Key("content").BeginArray();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    out.BeginObject();
    WriteToken(chosen[i], out);
    out.Key("top_logprobs").BeginArray();
    if (i < tops.size()) {
      for (const Value& candidate : ElementsOf(tops[i], "candidates")) {
        out.BeginObject();
        WriteToken(candidate, out);
        out.EndObject();
      }
    }
    out.EndArray().EndObject();
  }
  out.EndArray().EndObject();
  return text;
}

chat::RawJson LogprobsResultOf(const chat::RawJson& logprobs) {
  json::Document document;
  if (!document.Parse(logprobs) || !document.Root().IsObject()) {
    return {};
  }
  const std::vector<Value> tokens = ElementsOf(document.Root(), "content");
  chat::RawJson text;
  Writer out(text);
  out.BeginObject().Key("topCandidates").BeginArray();
  for (const Value& token : tokens) {
    out.BeginObject().Key("candidates").BeginArray();
    for (const Value& other : ElementsOf(token, "top_logprobs")) {
      WriteCandidate(other, out);
    }
    out.EndArray().EndObject();
  }
  out.EndArray().Key("chosenCandidates").BeginArray();
  for (const Value& token : tokens) {
    WriteCandidate(token, out);
  }
  out.EndArray().EndObject();
  return text;
}

}  // namespace signalbox::gemini
