#include "surface/cli/record_calls.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/json/writer.h"
#include "surface/cli/listing.h"
#include "surface/cli/server_call.h"

namespace signalbox::cli {
namespace {

constexpr ListColumn kAttempts[] = {
    {.heading = "ATTEMPT", .member = "attempt", .right = true},
    {.heading = "TIME", .member = "time"},
    {.heading = "PROVIDER", .member = "provider", .least = 6},
    {.heading = "MODEL", .member = "model", .least = 8},
    {.heading = "OUTCOME", .member = "outcome"},
    {.heading = "STATUS", .member = "status", .right = true, .leave_out = 4},
    {.heading = "INPUT", .member = "input_tokens", .right = true, .leave_out = 3},
    {.heading = "OUTPUT", .member = "output_tokens", .right = true, .leave_out = 2},
    {.heading = "COST $", .member = "cost_usd", .right = true},
    {.heading = "SAVED $", .member = "saved_usd", .right = true, .leave_out = 1}};

int PrintStory(std::string_view command, const ServerAnswer& answer, bool json) {
  if (answer.status != kDone) {
    return Complain(command, answer);
  }
  const auto text = json ? core::Result<std::string>(answer.body + "\n")
                         : StoryText(answer.body, TerminalOf(STDOUT_FILENO));
  if (!text) {
    return Complain(command, {kFailed, text.error().message});
  }
  fmt::print("{}", *text);
  return kDone;
}

std::string PathOf(const RecordArguments& arguments) {
  return "/api/requests/" + arguments.id;
}

std::string ErasureBody(const RecordArguments& arguments, const std::string& after) {
  const auto [kind, name] =
      !arguments.end_user.empty() ? std::pair("end_user", std::string_view(arguments.end_user))
      : !arguments.user.empty()   ? std::pair("user", std::string_view(arguments.user))
                                  : std::pair("key", std::string_view(arguments.key));
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("kind").String(kind).Key("name").String(name);
  if (!after.empty()) {
    out.Key("after").String(after);
  }
  out.EndObject();
  return body;
}

std::int64_t CountIn(std::string_view body, std::string_view member) {
  json::Document document;
  const auto count = document.Parse(body) ? document.Root().Find(member) : std::nullopt;
  return count ? count->AsInt().value_or(0) : 0;
}

}  // namespace

core::Result<std::string> StoryText(std::string_view body, const Terminal& terminal) {
  json::Document document;
  const auto attempts = document.Parse(body) ? document.Root().Find("attempts") : std::nullopt;
  if (!attempts || !attempts->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol,
                      "the answer is not what was asked for; is this a Signalbox? see --url");
  }
  std::string head;
  json::Writer out(head);
  out.BeginObject();
  for (const std::string_view member : {"request_id", "outcome", "cost_usd"}) {
    if (const auto value = document.Root().Find(member)) {
      out.Key(member).Raw(value->Raw());
    }
  }
  out.EndObject();
  const std::string list = fmt::format(R"({{"data":{}}})", attempts->Raw());
  SB_TRY(std::string text, ShowText(head, terminal));
  std::size_t rows = 0;
  SB_TRY(const std::string table, ListText(list, kAttempts, terminal, &rows));
  return text + table;
}

int RequestShow(const RecordArguments& arguments) {
  return PrintStory("ledger show", Ask(arguments.server, {.path = PathOf(arguments)}),
                    arguments.json);
}

int RequestReconcile(const RecordArguments& arguments) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("attempt").Uint(arguments.attempt);
  out.Key("outcome").String(arguments.outcome).Key("cost_usd").Raw(arguments.cost);
  if (!arguments.input_tokens.empty()) {
    out.Key("input_tokens").Raw(arguments.input_tokens);
  }
  if (!arguments.output_tokens.empty()) {
    out.Key("output_tokens").Raw(arguments.output_tokens);
  }
  out.EndObject();
  return PrintStory(
      "ledger reconcile",
      Ask(arguments.server,
          {.method = "POST", .path = PathOf(arguments) + "/reconcile", .body = std::move(body)}),
      arguments.json);
}

int Erase(const RecordArguments& arguments) {
  if (arguments.end_user.empty() && arguments.user.empty() && arguments.key.empty()) {
    return Complain("erase", {kWrongUse, "say whom: --end-user, --user or --with-key"});
  }
  std::int64_t calls = 0;
  std::int64_t sums = 0;
  std::string next;
  StatusLine line(STDERR_FILENO);
  do {
    const ServerAnswer answer = Ask(arguments.server, {.method = "POST",
                                                       .path = "/api/erasures",
                                                       .query = {{"tenant", arguments.tenant}},
                                                       .body = ErasureBody(arguments, next)});
    if (answer.status != kDone) {
      line.Clear();
      return Complain("erase", answer);
    }
    calls += CountIn(answer.body, "calls");
    sums += CountIn(answer.body, "sums");
    next = NextOf(answer.body);
    if (arguments.json) {
      fmt::print("{}\n", answer.body);
    } else {
      line.Show(fmt::format("{} calls …", calls));
    }
  } while (!next.empty());
  line.Clear();
  if (!arguments.json) {
    fmt::print("{} calls are nobody's now, {} sums of usage are gone\n", calls, sums);
    fmt::print(stderr,
               "what was called in the last seconds may have come after it: run it again in a "
               "minute; the archive's files keep the name until retention.archive\n");
  }
  return kDone;
}

}  // namespace signalbox::cli
