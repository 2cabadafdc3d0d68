// Any bytes as a request, an answer, a stream, an error: what is understood goes out in a form that
// is understood.
#include <cstdlib>
#include <string>
#include <string_view>

#include "vendors/dialects/huggingface/dialect.h"

namespace {

using namespace signalbox;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

json::Document MustParse(std::string_view text) {
  json::Document document;
  Require(document.Parse(text, {.max_depth = 200}).has_value());
  return document;
}

const wire::Dialect& Ours() {
  return huggingface::TheDialect();
}

void FuzzRequest(const json::Document& document) {
  const auto request = Ours().ParseRequest(document.Root());
  const auto once = request ? Ours().RenderRequest(*request, {})
                            : core::Result<wire::RenderedRequest>(std::unexpected(core::Error{}));
  if (!once) {
    return;
  }
  const json::Document again = MustParse(once->body);
  const auto reparsed = Ours().ParseRequest(again.Root());
  Require(reparsed.has_value());
  const auto twice = Ours().RenderRequest(*reparsed, {});
  Require(twice.has_value() && twice->body == once->body);
}

void FuzzAnswer(const json::Document& document) {
  if (const auto answer = Ours().ParseAnswer(document.Root())) {
    const std::string once = Ours().RenderAnswer(*answer);
    const json::Document again = MustParse(once);
    Require(Ours().ParseAnswer(again.Root()).has_value());
  }
}

void FuzzEmbeddings(const json::Document& document) {
  if (const auto request = Ours().ParseEmbeddingsRequest(document.Root())) {
    MustParse(Ours().RenderEmbeddingsRequest(*request)->body);
  }
  if (const auto answer = Ours().ParseEmbeddingsAnswer(document.Root())) {
    MustParse(Ours().RenderEmbeddingsAnswer(*answer));
  }
}

void FuzzStream(std::string_view text, bool own) {
  const auto parser = Ours().NewStreamParser();
  const auto renderer = Ours().NewStreamRenderer(own, {});
  std::string out;
  parser->Feed(text);
  while (true) {
    chat::EventBatch events;
    const auto more = parser->Next(events);
    renderer->Render(events, out);
    if (more && !*more) {
      break;
    }
  }
  chat::EventBatch events;
  (void)parser->End(events);
  renderer->Render(events, out);
  renderer->RenderError({}, out);
  Require(out.empty() || out.ends_with("\n\n"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  FuzzStream(text, true);
  FuzzStream(text, false);
  wire::ErrorAnswer error;
  error.vendor = Ours().ParseError(text);
  json::Document document;
  if (!document.Parse(text)) {
    return 0;
  }
  MustParse(Ours().RenderError(error));
  // A key of an extra that looks like one of our own is left to nobody.
  if (text.find("huggingface.") == std::string_view::npos &&
      text.find("parameters.") == std::string_view::npos &&
      text.find("details.") == std::string_view::npos &&
      text.find('\\') == std::string_view::npos) {
    FuzzRequest(document);
    FuzzAnswer(document);
    FuzzEmbeddings(document);
  }
  return 0;
}
