#include "surface/cli/governance.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/json/writer.h"
#include "surface/cli/listing.h"
#include "surface/cli/resource_run.h"

namespace signalbox::cli {
namespace {

constexpr ListColumn kChains[] = {{.heading = "OF", .member = "of"},
                                  {.heading = "REPLICA", .member = "replica"},
                                  {.heading = "FIRST", .member = "first", .right = true},
                                  {.heading = "LAST", .member = "last", .right = true},
                                  {.heading = "WHOLE", .member = "good"},
                                  {.heading = "FLAW", .member = "flaw", .least = 20}};

bool EveryChainIsWhole(std::string_view body) {
  json::Document document;
  const auto data = document.Parse(body) ? document.Root().Find("data") : std::nullopt;
  bool whole = data && data->IsArray();
  if (whole) {
    json::ForEachElement(*data, [&](const json::Value& chain) {
      const auto good = chain.Find("good");
      whole = whole && good && good->AsBool() == true;
    });
  }
  return whole;
}

}  // namespace

int Whoami(const GovernArguments& arguments) {
  return PrintOne("whoami", Ask(arguments.server, {.path = "/api/whoami"}), arguments.json);
}

int AuditVerify(const GovernArguments& arguments) {
  const ServerAnswer answer = Ask(arguments.server, {.path = "/api/audit/verify"});
  if (answer.status != kDone) {
    return Complain("audit verify", answer);
  }
  std::size_t rows = 0;
  const auto text = ListText(answer.body, kChains, TerminalOf(STDOUT_FILENO), &rows);
  if (!text) {
    return Complain("audit verify", {kFailed, text.error().message});
  }
  fmt::print("{}", arguments.json ? answer.body + "\n" : *text);
  if (!EveryChainIsWhole(answer.body)) {
    return Complain("audit verify", {kFailed, "the trail is not whole"});
  }
  return kDone;
}

int AuditExport(const GovernArguments& arguments) {
  const ServerAnswer answer = Ask(arguments.server, {.path = "/api/audit/export",
                                                     .query = {{"format", arguments.format},
                                                               {"since", arguments.since},
                                                               {"until", arguments.until},
                                                               {"tenant", arguments.tenant}}});
  if (answer.status != kDone) {
    return Complain("audit export", answer);
  }
  fmt::print("{}", answer.body);
  return kDone;
}

std::string SubjectJson(std::string_view subject) {
  const std::size_t colon = std::min(subject.find(':'), subject.size());
  std::string out;
  json::Writer writer(out);
  writer.BeginObject().Key("kind").String(subject.substr(0, colon));
  if (colon != subject.size()) {
    writer.Key("name").String(subject.substr(colon + 1));
  }
  writer.EndObject();
  return out;
}

int LimitsSet(const GovernArguments& arguments) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("subject").Raw(SubjectJson(arguments.subject));
  out.Key("limits").BeginObject();
  for (const auto& [member, number] : arguments.numbers) {
    if (!number.empty()) {
      out.Key(member).Raw(number);
    }
  }
  out.EndObject().EndObject();
  return PrintOne(
      "limits set",
      Ask(arguments.server, {.method = "PUT", .path = "/api/limits", .body = std::move(body)}),
      arguments.json);
}

int CacheShow(const GovernArguments& arguments) {
  return PrintOne("cache show", Ask(arguments.server, {.path = "/api/cache"}), arguments.json);
}

int CachePurge(const GovernArguments& arguments) {
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  if (!arguments.model.empty()) {
    out.Key("model").String(arguments.model);
  }
  if (!arguments.tag.empty()) {
    out.Key("tag").String(arguments.tag);
  }
  out.Key("all").Bool(arguments.all).EndObject();
  return PrintOne("cache purge",
                  Ask(arguments.server, {.method = "POST",
                                         .path = "/api/cache/purge",
                                         .query = {{"tenant", arguments.tenant}},
                                         .body = std::move(body)}),
                  arguments.json);
}

}  // namespace signalbox::cli
