// Any bytes as a request for pictures or speech, as an answer with them, as a transcript: what is
// understood goes out in a form that is understood.
#include <cstdlib>
#include <string>
#include <string_view>

#include "vendors/dialects/dialects.h"

namespace {

using namespace signalbox;

constexpr std::string_view kModels[] = {"@cf/x/flux-1-schnell",   "@cf/y/sdxl", "imagen-4.0",
                                        "gemini-2.5-flash-image", "melotts",    "aura-1",
                                        "whisper-large"};
constexpr std::string_view kDialects[] = {"workers_ai", "huggingface", "gemini", "vertex"};

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void MustParse(std::string_view text) {
  json::Document document;
  Require(document.Parse(text, {.max_depth = 200}).has_value());
}

const wire::Dialect& Client() {
  return *dialects::Find("openai_chat");
}

void FuzzRequests(const wire::Dialect& to, const json::Value& body) {
  auto images = Client().ParseImagesRequest(body);
  auto speech = Client().ParseSpeechRequest(body);
  for (const std::string_view model : kModels) {
    if (images) {
      images->model = model;
      if (const auto rendered = to.RenderImagesRequest(*images)) {
        MustParse(rendered->body);
      }
    }
    if (speech) {
      speech->model = model;
      if (const auto rendered = to.RenderSpeechRequest(*speech)) {
        MustParse(rendered->body);
      }
    }
  }
}

void FuzzAnswers(const wire::Dialect& from, const json::Value& body) {
  if (const auto images = from.ParseImagesAnswer({.bytes = body.Raw(), .json = &body})) {
    MustParse(Client().RenderImagesAnswer(*images));
  }
  (void)from.ParseSpeechAnswer(body, {});
  const auto transcript = from.ParseTranscript(body);
  if (!transcript) {
    return;
  }
  for (const std::string_view format : {"json", "text", "verbose_json", "srt", "vtt"}) {
    chat::TranscriptionRequest request;
    request.response_format = format;
    const auto told = Client().RenderTranscript(*transcript, request);
    if (told && told->content_type == "application/json") {
      MustParse(told->body);
    }
  }
}

void FuzzForm(const wire::Dialect& to, std::string_view text) {
  for (const std::string_view model : kModels) {
    chat::TranscriptionRequest request;
    request.model = model;
    const std::size_t cut = text.size() / 2;
    (void)Client().ReadTranscriptionField("prompt", text.substr(0, cut), request);
    (void)Client().ReadTranscriptionField("language", text.substr(cut), request);
    (void)Client().ReadTranscriptionField("temperature", text, request);
    const auto start = to.RenderTranscriptionStart(request);
    const auto end = start ? to.RenderTranscriptionEnd(request, *start)
                           : core::Result<wire::RenderedRequest>(std::unexpected(core::Error{}));
    json::Document valid;
    if (end && start->base64 && valid.Parse("\"" + std::string(text) + "\"")) {
      MustParse(start->before + "AAAA" + end->body);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  json::Document document;
  const bool json = document.Parse(text).has_value();
  for (const std::string_view name : kDialects) {
    const wire::Dialect& dialect = *dialects::Find(name);
    (void)dialect.ParseImagesAnswer({.bytes = text});
    FuzzForm(dialect, text);
    if (json) {
      FuzzRequests(dialect, document.Root());
      FuzzAnswers(dialect, document.Root());
    }
  }
  return 0;
}
