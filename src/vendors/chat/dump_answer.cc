#include "vendors/chat/dump.h"
#include "vendors/chat/dump_lines.h"

namespace signalbox::chat {
namespace {

struct EventDumper {
  std::int64_t choice;
  std::string& out;

  Line Start(std::string_view word) const {
    return {out, 0, std::to_string(choice).append(" ").append(word)};
  }
  Line Frame(std::string_view word) const { return {out, 0, word}; }

  void operator()(const StreamStart& start) const {
    Frame("start")
        .Text("id", start.id)
        .Text("model", start.model)
        .Int("created", start.created)
        .Text("service_tier", start.service_tier)
        .Text("system_fingerprint", start.system_fingerprint);
  }
  void operator()(const ChoiceStart&) const { Start("begins"); }
  void operator()(const TextDelta& delta) const {
    Start("text").Quoted(delta.text).Text("signature", delta.signature);
  }
  void operator()(const ReasoningDelta& delta) const {
    Start("reasoning")
        .Quoted(delta.text)
        .Text("signature", delta.signature)
        .Raw("redacted-bytes", SizeOf(delta.redacted))
        .Text("id", delta.id)
        .Text("format", delta.format)
        .Word(delta.summary ? "summary" : "");
  }
  void operator()(const RefusalDelta& delta) const { Start("refusal").Quoted(delta.text); }
  void operator()(const ToolCallStart& start) const {
    Start(start.kind == CallKind::kCustom ? "call-custom" : "call")
        .Word(std::to_string(start.call))
        .Text("id", start.id)
        .Text("name", start.name)
        .Text("signature", start.signature);
    DumpExtra(start.extra, 1, "extra", out);
  }
  void operator()(const ToolCallArguments& arguments) const {
    Start("arguments").Word(std::to_string(arguments.call)).Quoted(arguments.text);
  }
  void operator()(const ToolCallEnd& end) const {
    Start("call-ends").Word(std::to_string(end.call)).Raw("item", end.item);
  }
  void operator()(const CitationDelta& delta) const {
    Start("citation").Text("url", delta.citation.url).Text("title", delta.citation.title);
  }
  void operator()(const AudioDelta& delta) const {
    Start("audio")
        .Text("id", delta.id)
        .Text("data", delta.data)
        .Text("transcript", delta.transcript);
  }
  void operator()(const WholePart& whole) const {
    Start("part");
    DumpParts({whole.part}, 1, out);
  }
  void operator()(const PartEnd& end) const {
    Start("part-ends").Raw("item", end.item);
    DumpExtra(end.extra, 1, "extra", out);
  }
  void operator()(const LogprobsDelta& delta) const { Start("logprobs").Word(delta.logprobs); }
  void operator()(const Finish& finish) const {
    Start("finish")
        .Word(Name(finish.reason))
        .Quoted(finish.text)
        .Text("stop_sequence", finish.stop_sequence);
  }
  void operator()(const UsageReport& usage) const { DumpUsage(usage, out); }
  void operator()(const StreamError& error) const {
    Frame("error")
        .Quoted(error.message)
        .Text("type", error.type)
        .Text("code", error.code)
        .Text("param", error.param);
  }
  void operator()(const StreamEnd&) const { Frame("end"); }
  void operator()(const UnknownMember& unknown) const {
    constexpr std::string_view kLevels[] = {"frame", "choice", "delta", "call"};
    Start("unknown")
        .Word(kLevels[static_cast<std::size_t>(unknown.level)])
        .Quoted(unknown.member.key)
        .Word(unknown.member.value);
  }
};

}  // namespace

std::string Dump(const Response& response) {
  std::string out;
  Line(out, 0, "answer")
      .Text("id", response.id)
      .Text("model", response.model)
      .Int("created", response.created)
      .Text("service_tier", response.service_tier)
      .Text("system_fingerprint", response.system_fingerprint);
  for (const Choice& choice : response.choices) {
    Line(out, 0, "choice")
        .Word(std::to_string(choice.index))
        .Word(Name(choice.finish))
        .Text("finish", choice.finish_text)
        .Text("stop_sequence", choice.stop_sequence)
        .Raw("logprobs", choice.logprobs);
    DumpParts(choice.parts, 1, out);
    DumpExtra(choice.message_extra, 1, "extra-message", out);
    DumpExtra(choice.extra, 1, "extra", out);
  }
  if (response.usage) {
    DumpUsage(*response.usage, out);
  }
  DumpExtra(response.extra, 0, "extra", out);
  return out;
}

std::string Dump(std::span<const Event> events) {
  std::string out;
  for (const Event& event : events) {
    std::visit(EventDumper{event.choice, out}, event.what);
  }
  return out;
}

}  // namespace signalbox::chat
