#include "vendors/dialects/gemini/render_answer.h"

#include "vendors/chat/size.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/grounding.h"
#include "vendors/dialects/gemini/logprobs.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/gemini/render_part.h"
#include "vendors/dialects/gemini/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::Choice;
using chat::Response;
using json::Writer;

void RenderContent(const Choice& choice, bool own, Writer& out) {
  std::string text;
  Writer parts(text);
  parts.BeginArray();
  for (const chat::Part& part : choice.parts) {
    RenderPart(part, own, parts);
  }
  parts.EndArray();
  out.Key("content").BeginObject();
  if (text != "[]") {
    out.Key("parts").Raw(text);
  }
  out.Key("role").String("model");
  wire::RenderExtra(choice.message_extra, own, out);
  out.EndObject();
}

// What Google has as members of the candidate, of an answer that is not its own.
void RenderForeign(const Choice& choice, Writer& out) {
  wire::RenderRaw("logprobsResult",
                  choice.logprobs.empty() ? "" : LogprobsResultOf(choice.logprobs), out);
  std::string said;
  std::vector<chat::Citation> citations;
  for (const chat::Part& part : choice.parts) {
    if (const auto* text = std::get_if<chat::Text>(&part.content)) {
      for (chat::Citation citation : text->citations) {
        const std::int64_t before = CharactersIn(said);
        citation.start = citation.start ? std::optional(*citation.start + before) : std::nullopt;
        citation.end = citation.end ? std::optional(*citation.end + before) : std::nullopt;
        citations.push_back(std::move(citation));
      }
      said += text->text;
    }
  }
  if (!citations.empty()) {
    out.Key("groundingMetadata");
    RenderGrounding(citations, said, out);
  }
}

void RenderCandidate(const Choice& choice, bool own, Writer& out) {
  out.BeginObject();
  if (!own || choice.listed || !choice.parts.empty()) {  // a candidate may have none
    RenderContent(choice, own, out);
  }
  const std::string_view word = own ? std::string_view(choice.finish_text) : NameOf(choice.finish);
  wire::RenderText("finishReason", word, out);
  out.Key("index").Int(choice.index);
  if (!own) {
    RenderForeign(choice, out);
  }
  wire::RenderExtra(choice.extra, own, out);
  out.EndObject();
}

// The refused prompt that ParseAnswer made a choice of.
bool IsOwnBlock(const Choice& choice) {
  return choice.parts.empty() && choice.finish == chat::FinishReason::kContentFilter &&
         choice.finish_text.empty();
}

}  // namespace

std::string RenderAnswer(const Response& response) {
  const bool own = response.dialect == kDialect;
  std::string body;
  body.reserve(chat::RenderedSize(response));
  Writer out(body);
  out.BeginObject().Key("candidates").BeginArray();
  for (const Choice& choice : response.choices) {
    if (!own || !IsOwnBlock(choice)) {
      RenderCandidate(choice, own, out);
    }
  }
  out.EndArray();
  if (response.usage) {
    out.Key("usageMetadata");
    RenderUsage(*response.usage, own, out);
  }
  wire::RenderText("modelVersion", response.model, out);
  wire::RenderText("responseId", response.id, out);
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::gemini
