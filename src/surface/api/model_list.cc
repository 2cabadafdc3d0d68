#include "surface/api/model_list.h"

#include <algorithm>

#include "base/json/writer.h"

namespace signalbox::api {
namespace {

using Listed = request::Targets::Listed;
using json::Writer;

// Nobody here knows when a model was made; clients want a date.
constexpr std::string_view kNoDate = "1970-01-01T00:00:00Z";

void WriteOpenAi(const Listed& model, Writer& out) {
  out.BeginObject().Key("id").String(model.id).Key("object").String("model");
  out.Key("created").Int(0).Key("owned_by").String(model.provider).EndObject();
}

void WriteAnthropic(const Listed& model, Writer& out) {
  out.BeginObject().Key("type").String("model").Key("id").String(model.id);
  out.Key("display_name").String(model.id).Key("created_at").String(kNoDate).EndObject();
}

void WriteGemini(const Listed& model, Writer& out) {
  out.BeginObject().Key("name").String("models/" + model.id);
  out.Key("displayName").String(model.id);
  out.Key("supportedGenerationMethods").BeginArray();
  for (const char* method : {"generateContent", "countTokens", "embedContent"}) {
    out.String(method);
  }
  out.EndArray().EndObject();
}

void WriteMistral(const Listed& model, Writer& out) {
  out.BeginObject().Key("id").String(model.id).Key("object").String("model");
  out.Key("created").Int(0).Key("owned_by").String(model.provider).Key("type").String("base");
  out.Key("capabilities").BeginObject().Key("completion_chat").Bool(true).EndObject().EndObject();
}

void WriteOllama(const Listed& model, Writer& out) {
  out.BeginObject().Key("name").String(model.id).Key("model").String(model.id);
  out.Key("modified_at").String(kNoDate).Key("size").Int(0).Key("digest").String("");
  out.Key("details").BeginObject().Key("family").String(model.provider).EndObject().EndObject();
}

void Write(const Listed& model, ListForm form, Writer& out) {
  switch (form) {
    case ListForm::kOpenAi:
      return WriteOpenAi(model, out);
    case ListForm::kAnthropic:
      return WriteAnthropic(model, out);
    case ListForm::kGemini:
      return WriteGemini(model, out);
    case ListForm::kMistral:
      return WriteMistral(model, out);
    case ListForm::kOllama:
      return WriteOllama(model, out);
  }
}

}  // namespace

std::string ModelList(const request::Targets& targets, ListForm form) {
  const auto& listed = targets.listed();
  std::string body;
  Writer out(body);
  out.BeginObject();
  if (form == ListForm::kOpenAi || form == ListForm::kMistral) {
    out.Key("object").String("list");
  }
  const bool models = form == ListForm::kGemini || form == ListForm::kOllama;
  out.Key(models ? "models" : "data").BeginArray();
  for (const Listed& model : listed) {
    Write(model, form, out);
  }
  out.EndArray();
  if (form == ListForm::kAnthropic) {
    out.Key("has_more").Bool(false);
    out.Key("first_id");
    listed.empty() ? out.Null() : out.String(listed.front().id);
    out.Key("last_id");
    listed.empty() ? out.Null() : out.String(listed.back().id);
  }
  out.EndObject();
  return body;
}

std::optional<std::string> ModelEntry(const request::Targets& targets, std::string_view id,
                                      ListForm form) {
  const auto found = std::ranges::find(targets.listed(), id, &Listed::id);
  if (found == targets.listed().end()) {
    return std::nullopt;
  }
  std::string body;
  Writer out(body);
  Write(*found, form, out);
  return body;
}

}  // namespace signalbox::api
