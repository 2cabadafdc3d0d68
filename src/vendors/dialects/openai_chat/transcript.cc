// Transcripts in the formats that OpenAI has for them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json/writer.h"
#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/media_forms.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Segment;
using chat::SpokenWord;
using chat::Transcript;
using chat::TranscriptionRequest;
using json::Writer;

// A subtitle made of words: no longer than this, and it ends with a sentence.
constexpr std::size_t kLongestLine = 80;
constexpr double kLongestSeconds = 7;

bool EndsSentence(std::string_view text) {
  return text.ends_with('.') || text.ends_with('?') || text.ends_with('!');
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t end = text.find_last_not_of(' ') + 1;
  return text.substr(begin, end > begin ? end - begin : 0);
}

std::vector<Segment> SegmentsOf(const std::vector<SpokenWord>& words) {
  std::vector<Segment> out;
  for (const SpokenWord& word : words) {
    const bool open = !out.empty() && !EndsSentence(out.back().text) &&
                      out.back().text.size() + word.text.size() < kLongestLine &&
                      word.end - out.back().start < kLongestSeconds;
    if (!open) {
      out.push_back({.start = word.start, .end = word.end, .text = {}, .extra = {}});
    }
    Segment& line = out.back();
    line.text += line.text.empty() || word.text.starts_with(' ') ? "" : " ";
    line.text += word.text;
    line.end = word.end;
  }
  return out;
}

std::string Clock(double seconds, char comma) {
  const auto all = static_cast<std::int64_t>(std::llround(std::clamp(seconds, 0.0, 3e6) * 1000));
  return fmt::format("{:02}:{:02}:{:02}{}{:03}", all / 3'600'000, all / 60'000 % 60,
                     all / 1000 % 60, comma, all % 1000);
}

std::string Subtitles(const std::vector<Segment>& segments, bool vtt) {
  std::string out = vtt ? "WEBVTT\n\n" : "";
  std::size_t number = 0;
  for (const Segment& segment : segments) {
    ++number;
    if (!vtt) {
      out += fmt::format("{}\n", number);
    }
    const char comma = vtt ? '.' : ',';
    out += fmt::format("{} --> {}\n{}\n\n", Clock(segment.start, comma), Clock(segment.end, comma),
                       Trimmed(segment.text));
  }
  return out;
}

void RenderUsage(const Transcript& transcript, Writer& out) {
  if (transcript.duration) {
    out.Key("usage").BeginObject().Key("type").String("duration").Key("seconds");
    out.Int(std::llround(std::ceil(std::clamp(*transcript.duration, 0.0, 1e9)))).EndObject();
  }
}

void RenderSegments(const std::vector<Segment>& segments, Writer& out) {
  constexpr std::string_view kNumbers[] = {"temperature", "avg_logprob", "compression_ratio",
                                           "no_speech_prob"};
  out.Key("segments").BeginArray();
  std::int64_t id = 0;
  for (const Segment& segment : segments) {
    out.BeginObject().Key("id").Int(id++).Key("seek").Int(0);
    out.Key("start").Double(segment.start).Key("end").Double(segment.end);
    out.Key("text").String(segment.text).Key("tokens").BeginArray().EndArray();
    for (const std::string_view name : kNumbers) {
      const chat::Member* member = wire::FindMember(segment.extra, name);
      out.Key(name).Raw(member == nullptr ? "0" : std::string_view(member->value));
    }
    out.EndObject();
  }
  out.EndArray();
}

std::string Verbose(const Transcript& transcript, const std::vector<Segment>& segments,
                    const TranscriptionRequest& request) {
  const auto& wishes = request.granularities;
  const bool words = std::ranges::find(wishes, "word") != wishes.end();
  const bool lines = !words || std::ranges::find(wishes, "segment") != wishes.end();
  const double last = segments.empty() ? 0 : segments.back().end;
  std::string body;
  Writer out(body);
  out.BeginObject().Key("task").String(request.translate ? "translate" : "transcribe");
  out.Key("language").String(transcript.language.empty() ? request.language : transcript.language);
  out.Key("duration").Double(transcript.duration.value_or(last));
  out.Key("text").String(transcript.text);
  if (words) {
    out.Key("words").BeginArray();
    for (const SpokenWord& word : transcript.words) {
      out.BeginObject().Key("word").String(Trimmed(word.text));
      out.Key("start").Double(word.start).Key("end").Double(word.end).EndObject();
    }
    out.EndArray();
  }
  if (lines) {
    RenderSegments(segments, out);
  }
  RenderUsage(transcript, out);
  out.EndObject();
  return body;
}

std::string Events(const Transcript& transcript) {
  std::string delta;
  Writer first(delta);
  first.BeginObject().Key("type").String("transcript.text.delta");
  first.Key("delta").String(transcript.text).EndObject();
  std::string done;
  Writer last(done);
  last.BeginObject().Key("type").String("transcript.text.done").Key("text");
  last.String(transcript.text);
  RenderUsage(transcript, last);
  last.EndObject();
  std::string out;
  net::AppendSseEvent(out, "", delta);
  net::AppendSseEvent(out, "", done);
  return out;
}

std::string Plain(const Transcript& transcript) {
  std::string body;
  Writer out(body);
  out.BeginObject().Key("text").String(transcript.text);
  RenderUsage(transcript, out);
  out.EndObject();
  return body;
}

}  // namespace

core::Result<wire::RenderedTranscript> RenderTranscript(const Transcript& transcript,
                                                        const TranscriptionRequest& request) {
  const std::string& format = request.response_format;
  if (format.empty() || format == "json") {
    return request.stream ? wire::RenderedTranscript{Events(transcript), "text/event-stream"}
                          : wire::RenderedTranscript{Plain(transcript)};
  }
  if (format == "text") {
    return wire::RenderedTranscript{transcript.text + "\n", "text/plain; charset=utf-8"};
  }
  const std::vector<Segment> segments =
      transcript.segments.empty() ? SegmentsOf(transcript.words) : transcript.segments;
  if (segments.empty() && !transcript.text.empty()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol,
                      "the transcript does not say when what was said; ask for json or text");
  }
  if (format == "verbose_json") {
    return wire::RenderedTranscript{Verbose(transcript, segments, request)};
  }
  return wire::RenderedTranscript{
      Subtitles(segments, format == "vtt"),
      format == "vtt" ? "text/vtt; charset=utf-8" : "text/plain; charset=utf-8"};
}

}  // namespace signalbox::openai_chat
