#include "base/json/writer.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/wire/sound.h"
#include "vendors/dialects/workers_ai/envelope.h"
#include "vendors/dialects/workers_ai/media.h"

namespace signalbox::workers_ai {
namespace {

using chat::Transcript;
using chat::TranscriptionRequest;
using core::ErrorCode;
using core::Result;
using core::Status;
using json::Value;
using V = const Value&;

double Seconds(V object, std::string_view name) {
  const auto value = object.Find(name);
  return value ? value->AsDouble().value_or(0) : 0;
}

std::string TextIn(V object, std::string_view name) {
  const auto value = object.Find(name);
  return value ? value->AsString().value_or("") : std::string();
}

void ReadWords(V holder, Transcript& out) {
  const auto words = holder.Find("words");
  if (!words || !words->IsArray()) {
    return;
  }
  json::ForEachElement(*words, [&](V word) {
    const std::string text = TextIn(word, "punctuated_word");
    out.words.push_back({.start = Seconds(word, "start"),
                         .end = Seconds(word, "end"),
                         .text = text.empty() ? TextIn(word, "word") : text});
  });
}

void ReadSegments(V result, Transcript& out) {
  const auto segments = result.Find("segments");
  if (!segments || !segments->IsArray()) {
    return;
  }
  json::ForEachElement(*segments, [&](V each) {
    chat::Segment& segment = out.segments.emplace_back();
    segment.start = Seconds(each, "start");
    segment.end = Seconds(each, "end");
    segment.text = TextIn(each, "text");
    json::ForEachMember(each, [&](V key, V value) {
      if (value.IsNumber()) {
        wire::Keep(key, value, segment.extra);
      }
    });
    ReadWords(each, out);
  });
}

void ReadInfo(V result, Transcript& out) {
  const auto info = result.Find("transcription_info");
  if (!info) {
    return;
  }
  out.language = TextIn(*info, "language");
  if (const auto duration = info->Find("duration")) {
    out.duration = duration->AsDouble();
  }
}

// Deepgram's: {"results":{"channels":[{"alternatives":[{"transcript","words"}]}]}}
std::optional<Value> FirstAlternative(V result) {
  std::optional<Value> at = result.Find("results");
  for (const std::string_view name : {"channels", "alternatives"}) {
    const auto list = at ? at->Find(name) : std::nullopt;
    at = list && list->IsArray() ? list->FirstChild() : std::nullopt;
  }
  return at;
}

bool InJson(std::string_view model) {
  return model.find("whisper-large") != model.npos;
}

}  // namespace

Result<wire::SoundForm> RenderTranscriptionStart(const TranscriptionRequest& request) {
  if (InJson(request.model)) {
    return wire::SoundForm{"application/json", "{\"audio\":\"", true};
  }
  if (request.translate) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "model: of Workers AI's, whisper-large-v3-turbo alone translates speech",
                      "model");
  }
  return wire::SoundForm{wire::SoundTypeOf(request), {}, false};
}

Result<wire::RenderedRequest> RenderTranscriptionEnd(const TranscriptionRequest& request,
                                                     const wire::SoundForm& form) {
  wire::RenderedRequest rendered;
  wire::NoteOthers(request, rendered.dropped);
  if (request.temperature) {
    rendered.dropped.emplace_back("temperature");
  }
  if (form.base64) {
    rendered.body = "\"";
    const auto add = [&](std::string_view name, std::string_view value) {
      if (!value.empty()) {
        rendered.body += ",\"";
        rendered.body.append(name).append("\":");
        json::AppendQuoted(rendered.body, value);
      }
    };
    add("task", request.translate ? "translate" : "");
    add("language", request.language);
    add("initial_prompt", request.prompt);
    rendered.body += '}';
    return rendered;
  }
  if (!request.language.empty()) {
    rendered.dropped.emplace_back("language");
  }
  if (!request.prompt.empty()) {
    rendered.dropped.emplace_back("prompt");
  }
  return rendered;
}

Result<Transcript> ParseTranscript(V body) {
  SB_TRY(const Value result, ResultIn(body));
  Transcript out;
  const auto alternative = FirstAlternative(result);
  const auto text = alternative ? alternative->Find("transcript") : result.Find("text");
  if (!text || !text->IsString()) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "text: a transcript was expected");
  }
  out.text = *text->AsString();
  ReadInfo(result, out);
  ReadSegments(result, out);
  if (out.words.empty()) {
    ReadWords(alternative ? *alternative : result, out);
  }
  return out;
}

}  // namespace signalbox::workers_ai
