#include "vendors/chat/dump_lines.h"

namespace signalbox::chat {
namespace {

struct PartDumper {
  const Part& part;
  int depth;
  std::string& out;

  Line Start(std::string_view word) const { return {out, depth, word}; }
  std::string_view Cache() const { return part.cache ? std::string_view(part.cache->type) : ""; }

  void operator()(const Text& text) const {
    Start("text").Quoted(text.text).Text("signature", text.signature).Text("cache", Cache());
    for (const Citation& citation : text.citations) {
      Line(out, depth + 1, "citation")
          .Text("url", citation.url)
          .Text("title", citation.title)
          .Int("start", citation.start)
          .Int("end", citation.end);
      DumpExtra(citation.extra, depth + 2, "extra", out);
    }
  }
  void operator()(const Refusal& refusal) const { Start("refusal").Quoted(refusal.text); }
  void operator()(const Reasoning& reasoning) const {
    Start("reasoning")
        .Quoted(reasoning.text)
        .Text("signature", reasoning.signature)
        .Raw("redacted-bytes", SizeOf(reasoning.redacted))
        .Text("id", reasoning.id)
        .Text("format", reasoning.format)
        .Word(reasoning.summary ? "summary" : "");
  }
  void operator()(const Media& media) const {
    constexpr std::string_view kNames[] = {"image", "audio", "document", "video"};
    Start(kNames[static_cast<std::size_t>(media.kind)])
        .Text("url", media.url)
        .Raw("data-bytes", SizeOf(media.data))
        .Text("file", media.file_id)
        .Text("media-type", media.media_type)
        .Text("format", media.format)
        .Text("name", media.name)
        .Text("detail", media.detail)
        .Text("transcript", media.transcript)
        .Text("cache", Cache());
    DumpExtra(media.inner_extra, depth + 1, "extra-inside", out);
  }
  void operator()(const ToolCall& call) const {
    Start(call.kind == CallKind::kCustom ? "call-custom" : "call")
        .Text("id", call.id)
        .Text("name", call.name)
        .Text("arguments", call.arguments)
        .Text("signature", call.signature);
    DumpExtra(call.inner_extra, depth + 1, "extra-inside", out);
  }
  void operator()(const ToolResult& result) const {
    Start("result")
        .Text("id", result.call_id)
        .Text("name", result.name)
        .Flag("error", result.is_error)
        .Raw("json", result.json);
    DumpParts(result.parts, depth + 1, out);
  }
  void operator()(const RawPart& raw) const { Start(raw.call ? "raw-call" : "raw").Word(raw.json); }
};

}  // namespace

std::string SizeOf(std::string_view data) {
  return data.empty() ? std::string() : std::to_string(data.size());
}

std::string_view Name(FinishReason reason) {
  constexpr std::string_view kNames[] = {"unset",   "stop",  "length", "tool_calls", "filter",
                                         "refusal", "pause", "error",  "other"};
  return kNames[static_cast<std::size_t>(reason)];
}

void DumpParts(const std::vector<Part>& parts, int depth, std::string& out) {
  for (const Part& part : parts) {
    std::visit(PartDumper{part, depth, out}, part.content);
    DumpExtra(part.extra, depth + 1, "extra", out);
    if (!part.item.empty()) {
      Line(out, depth + 1, "item").Word(part.item);
    }
    if (!part.whole.empty()) {
      Line(out, depth + 1, "whole").Word(part.whole);
    }
  }
}

void DumpExtra(const Extra& extra, int depth, std::string_view word, std::string& out) {
  for (const Member& member : extra) {
    Line(out, depth, word).Quoted(member.key).Word(member.value);
  }
}

void DumpUsage(const UsageReport& usage, std::string& out) {
  Line(out, 0, "usage")
      .Count("input", usage.tokens.input)
      .Count("output", usage.tokens.output)
      .Count("cached", usage.tokens.cached)
      .Count("reasoning", usage.tokens.reasoning)
      .Count("total", usage.total)
      .Count("cache-write", usage.tokens.cache_write)
      .Count("input-audio", usage.tokens.audio_input)
      .Count("output-audio", usage.tokens.audio_output)
      .Count("accepted", usage.accepted_prediction)
      .Count("rejected", usage.rejected_prediction);
  DumpExtra(usage.extra, 1, "extra", out);
  DumpExtra(usage.input_extra, 1, "extra-input", out);
  DumpExtra(usage.output_extra, 1, "extra-output", out);
}

}  // namespace signalbox::chat
