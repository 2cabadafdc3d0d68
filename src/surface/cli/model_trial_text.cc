// What came of the trials, as a table and as JSON.
#include <fmt/format.h>

#include "base/json/writer.h"
#include "surface/cli/doctor_reach.h"
#include "surface/cli/model_trial.h"
#include "surface/cli/table.h"

namespace signalbox::cli {
namespace {

using State = Trial::State;

std::string Count(std::int64_t tokens) {
  return tokens < 0 ? "?" : std::to_string(tokens);
}

std::string_view Name(State state) {
  return state == State::kWell ? "ok" : state == State::kFailed ? "failed" : "skipped";
}

Paint PaintOf(State state) {
  return state == State::kWell ? Paint::kGood : state == State::kFailed ? Paint::kBad : Paint::kDim;
}

}  // namespace

std::string TrialsText(const std::vector<Trial>& trials, const Terminal& terminal) {
  Table table({{.heading = "MODEL", .least = 12},
               {.heading = "RESULT"},
               {.heading = "ANSWERED BY", .least = 10, .leave_out = 1},
               {.heading = "TIME", .right = true},
               {.heading = "TOKENS", .right = true, .leave_out = 3},
               {.heading = "COST $", .right = true, .leave_out = 2},
               {.heading = terminal.columns == 0 ? "WHY" : "", .leave_out = 4}});
  std::string reasons;
  for (const Trial& trial : trials) {
    const bool answered = trial.status != 0;
    const bool well = trial.state == State::kWell;
    table.Add({{trial.model},
               {std::string(Name(trial.state)), PaintOf(trial.state)},
               {trial.provider.empty() ? "" : trial.provider + "/" + trial.answered},
               {answered ? TimeText(trial.time) : ""},
               {well ? Count(trial.usage.input) + "+" + Count(trial.usage.output) : ""},
               {well ? (trial.cost.empty() ? "unknown" : trial.cost) : ""},
               {terminal.columns == 0 ? trial.said : ""}});
    if (terminal.columns != 0 && !trial.said.empty()) {
      reasons += "\n" + Painted(terminal, PaintOf(trial.state), Printable(trial.model)) + "\n  " +
                 Wrapped(Printable(trial.said), terminal.columns, 2) + "\n";
    }
  }
  return table.Rendered(terminal) + reasons;
}

std::string TrialsJson(const std::vector<Trial>& trials) {
  std::string out;
  json::Writer writer(out);
  std::uint64_t failed = 0;
  writer.BeginObject().Key("models").BeginArray();
  for (const Trial& trial : trials) {
    const auto text = [&writer](std::string_view key, const std::string& value) {
      writer.Key(key);
      value.empty() ? writer.Null() : writer.String(value);
    };
    const auto count = [&writer](std::string_view key, std::int64_t value) {
      writer.Key(key);
      value < 0 ? writer.Null() : writer.Int(value);
    };
    failed += trial.state == State::kFailed ? 1 : 0;
    writer.BeginObject().Key("model").String(trial.model);
    writer.Key("result").String(Name(trial.state));
    text("provider", trial.provider);
    text("answered", trial.answered);
    count("status", trial.status == 0 ? -1 : trial.status);
    writer.Key("time_ms").Double(std::chrono::duration<double, std::milli>(trial.time).count());
    count("input_tokens", trial.usage.input);
    count("output_tokens", trial.usage.output);
    text("cost_usd", trial.cost);
    text("error", trial.said);
    writer.EndObject();
  }
  writer.EndArray().Key("failed").Uint(failed).EndObject();
  return out;
}

}  // namespace signalbox::cli
