#include "surface/cli/targets.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/json/document.h"
#include "surface/cli/call_failure.h"
#include "surface/cli/doctor_look.h"
#include "surface/cli/table.h"

namespace signalbox::cli {
namespace {

constexpr std::chrono::seconds kBetween{1};

std::string TextIn(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsString().value_or("") : "";
}

std::int64_t NumberIn(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsInt().value_or(0) : 0;
}

std::string SecondsText(std::int64_t milliseconds) {
  return fmt::format("in {} s", (milliseconds + 999) / 1000);
}

struct Condition {
  std::string name;
  Paint paint = Paint::kGood;
  std::string again;
};

Condition ConditionOf(const json::Value& what) {
  const std::string state = TextIn(what, "state");
  if (const std::int64_t rests = NumberIn(what, "rests_for_ms"); rests > 0) {
    return {"resting", Paint::kWarn, SecondsText(rests)};
  }
  if (state == "closed") {
    return {"ok", Paint::kGood, ""};
  }
  if (state == "open") {
    return {"open", Paint::kBad, SecondsText(NumberIn(what, "open_for_ms"))};
  }
  return {state == "half_open" ? "probing" : state, Paint::kWarn, ""};
}

std::string SuccessText(std::int64_t calls, std::int64_t failures) {
  return calls <= 0 ? "" : fmt::format("{} %", (calls - std::min(failures, calls)) * 100 / calls);
}

bool AddRow(const std::string& provider, const std::string& part, const json::Value& what,
            Table& table) {
  const Condition condition = ConditionOf(what);
  const std::int64_t calls = NumberIn(what, "calls");
  table.Add({{provider},
             {part},
             {condition.name, condition.paint},
             {std::to_string(calls)},
             {SuccessText(calls, NumberIn(what, "failures"))},
             {condition.again}});
  return condition.paint == Paint::kGood;
}

// Returns whether all of it is well.
bool AddProvider(const json::Value& provider, Table& table) {
  const std::string name = TextIn(provider, "name");
  bool well = AddRow(name, "", provider, table);
  if (const auto models = provider.Find("models"); models && models->IsArray()) {
    json::ForEachElement(*models, [&](const json::Value& model) {
      well &= AddRow(name, TextIn(model, "name"), model, table);
    });
  }
  if (const auto keys = provider.Find("keys"); keys && keys->IsArray()) {
    const bool several = keys->CountChildren() > 1;
    json::ForEachElement(*keys, [&](const json::Value& key) {
      if (several || ConditionOf(key).paint != Paint::kGood) {
        well &= AddRow(name, "key " + TextIn(key, "label"), key, table);
      }
    });
  }
  return well;
}

async::Task<void> AskForReport(ServerLink* link, Look* look) {
  *look = co_await LookAt(link, {.path = "/api/health/targets"});
}

// A report, or what to say and to return instead.
struct Fetched {
  int status = kDone;
  std::string text;
};

Fetched Fetch(const ServerArguments& server) {
  auto link = ServerLink::Create(server);
  if (!link) {
    return {kWrongUse, link.error().message};
  }
  Look look;
  (*link)->Run(AskForReport(link->get(), &look));
  if (!look.status) {
    return {StatusAfter(look.status.error()), Advised(look.status.error())};
  }
  if (look.code != 200) {
    const std::string said = ErrorMessageOf(look.body);
    const std::string_view advice = AdviceOn(look.code);
    return {kFailed, fmt::format("{}: {}{}{}", look.code,
                                 said.empty() ? "is this a Signalbox? see --url" : said,
                                 advice.empty() ? "" : "; ", advice)};
  }
  return {kDone, std::move(look.body)};
}

// Prints one report; the lines that it took are added to `lines`.
int ShowOnce(const TargetsArguments& arguments, const Terminal& terminal, std::ptrdiff_t* lines) {
  const Fetched fetched = Fetch(arguments.server);
  const auto view = fetched.status == kDone ? ViewTargets(fetched.text, terminal)
                                            : core::Result<TargetsView>(TargetsView());
  if (fetched.status != kDone || !view) {
    const std::string why = fetched.status != kDone ? fetched.text : view.error().message;
    const std::string text =
        Wrapped("signalbox targets: " + Printable(why), TerminalOf(STDERR_FILENO).columns, 2) +
        "\n";
    fmt::print(stderr, "{}", text);
    *lines += std::ranges::count(text, '\n');
    return fetched.status != kDone ? fetched.status : kFailed;
  }
  const std::string text = arguments.json ? fetched.text + "\n" : view->text;
  fmt::print("{}", text);
  std::fflush(stdout);
  *lines += std::ranges::count(text, '\n');
  return view->well ? kDone : kFailed;
}

}  // namespace

core::Result<TargetsView> ViewTargets(std::string_view report, const Terminal& terminal) {
  json::Document document;
  const auto providers = document.Parse(report) ? document.Root().Find("providers") : std::nullopt;
  if (!providers || !providers->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol,
                      "the answer is no report of targets; is this a Signalbox? see --url");
  }
  Table table({{.heading = "PROVIDER", .least = 8},
               {.heading = "MODEL OR KEY", .least = 10},
               {.heading = "STATE"},
               {.heading = "CALLS", .right = true, .leave_out = 2},
               {.heading = "SUCCESS", .right = true, .leave_out = 1},
               {.heading = "NEXT TRY"}});
  TargetsView view;
  json::ForEachElement(
      *providers, [&](const json::Value& provider) { view.well &= AddProvider(provider, table); });
  view.text = table.Rendered(terminal);
  if (const std::int64_t waiting = NumberIn(document.Root(), "waiting");
      terminal.columns != 0 && waiting > 0) {
    view.text += fmt::format("{} requests wait for a target\n", waiting);
  }
  return view;
}

int ShowTargets(const TargetsArguments& arguments) {
  const Terminal terminal = TerminalOf(STDOUT_FILENO);
  std::ptrdiff_t lines = 0;
  int status = ShowOnce(arguments, terminal, &lines);
  while (arguments.watch && status != kWrongUse && std::ferror(stdout) == 0) {
    std::this_thread::sleep_for(kBetween);
    if (terminal.interactive) {
      fmt::print("\x1B[{}A\x1B[J", lines);  // up again, and clear what is below
      std::fflush(stdout);
    }
    lines = 0;
    status = ShowOnce(arguments, terminal, &lines);
  }
  return status;
}

}  // namespace signalbox::cli
