#include "surface/cli/model_trial.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/async/gate.h"
#include "base/json/document.h"
#include "surface/cli/call_failure.h"
#include "surface/cli/doctor_look.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::cli {
namespace {

struct Round {
  ServerLink* link;
  const TrialArguments* arguments;
  std::vector<Trial>* trials;
  StatusLine* progress;
  std::size_t next = 0;
  std::size_t done = 0;
};

void TakeHead(const providers::UpstreamHead& head, Trial& trial) {
  trial.status = head.status;
  for (const net::Field& field : head.fields) {
    if (net::EqualsIgnoreCase(field.name, "x-signalbox-provider")) {
      trial.provider = field.value;
    } else if (net::EqualsIgnoreCase(field.name, "x-signalbox-model")) {
      trial.answered = field.value;
    } else if (net::EqualsIgnoreCase(field.name, "x-signalbox-cost-usd")) {
      trial.cost = field.value;
    }
  }
}

void TakeBody(std::string_view body, Trial& trial) {
  if (trial.status == 200) {
    json::Document document;
    if (const auto bill = openai_chat::ReadBill(body, document)) {
      trial.usage = bill->usage;
    }
    trial.state = Trial::State::kWell;
    return;
  }
  const std::string said = ErrorMessageOf(body);
  trial.said = fmt::format("{}: {}", trial.status, said.empty() ? "no reason given" : said);
  if (const std::string_view advice = AdviceOn(trial.status); !advice.empty()) {
    trial.said.append("; ").append(advice);
  }
}

async::Task<void> TryOne(const Round* round, Trial* trial) {
  const TrialRequest request = RequestFor(trial->model);
  if (!request.skipped.empty()) {
    trial->state = Trial::State::kSkipped;
    trial->said = request.skipped;
    co_return;
  }
  const core::MonoTime started = core::MonoNow();
  const async::Deadline deadline{started + std::chrono::seconds(round->arguments->seconds),
                                 nullptr};
  const auto exchange = round->link->Open();
  const std::string_view piece = request.body;
  const auto head = co_await exchange->Send(
      {.path = request.path, .body = {&piece, 1}, .body_bytes = piece.size()}, deadline);
  if (!head) {
    trial->said = Advised(head.error());
    trial->reached = StatusAfter(head.error()) != kNotReached;
    co_return;
  }
  TakeHead(*head, *trial);
  const auto body = co_await exchange->ReadAll(deadline);
  trial->time = core::MonoNow() - started;
  if (body) {
    TakeBody(*body, *trial);
  } else {
    trial->said = Advised(body.error());
  }
}

async::Task<void> TryUntilNone(Round* round) {
  while (round->next < round->trials->size()) {
    Trial& trial = (*round->trials)[round->next++];
    round->progress->Show(
        fmt::format("{} of {}: {}", round->done, round->trials->size(), trial.model));
    co_await TryOne(round, &trial);
    ++round->done;
  }
}

async::Task<void> TryAll(Round* round) {
  async::Gate gate(round->link->loop());
  for (std::uint32_t i = 0; i < round->arguments->parallel; ++i) {
    gate.Spawn(TryUntilNone(round));
  }
  co_await gate.Drained({});
}

// The names that the server lists; sim's only when there are no others.
std::vector<std::string> NamesIn(std::string_view body) {
  std::vector<std::string> real;
  std::vector<std::string> simulated;
  json::Document document;
  const auto data = document.Parse(body) ? document.Root().Find("data") : std::nullopt;
  if (data && data->IsArray()) {
    json::ForEachElement(*data, [&](const json::Value& model) {
      const auto id = model.Find("id");
      const auto owner = model.Find("owned_by");
      if (id && id->IsString()) {
        const bool sim = owner && owner->AsString() == "sim";
        (sim ? simulated : real).push_back(*id->AsString());
      }
    });
  }
  return real.empty() ? simulated : real;
}

async::Task<void> AskForNames(ServerLink* link, Look* look) {
  *look = co_await LookAt(link, {.path = "/v1/models"});
}

int Complain(std::string_view what, int status) {
  fmt::print(stderr, "signalbox models test: {}\n", what);
  return status;
}

}  // namespace

int TryModels(const TrialArguments& arguments) {
  auto link = ServerLink::Create(arguments.server);
  if (!link) {
    return Complain(link.error().message, kWrongUse);
  }
  std::vector<std::string> names = arguments.models;
  if (names.empty()) {
    Look look;
    (*link)->Run(AskForNames(link->get(), &look));
    if (!look.status) {
      return Complain(Advised(look.status.error()), StatusAfter(look.status.error()));
    }
    if (look.code != 200) {
      return Complain(
          fmt::format("{}: {}; {}", look.code, ErrorMessageOf(look.body), AdviceOn(look.code)),
          kFailed);
    }
    names = NamesIn(look.body);
  }
  std::vector<Trial> trials(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    trials[i].model = names[i];
  }
  // A link's loop runs once.
  link = ServerLink::Create(arguments.server);
  StatusLine progress(STDERR_FILENO);
  Round round{link->get(), &arguments, &trials, &progress};
  (*link)->Run(TryAll(&round));
  progress.Clear();
  const auto unreached = std::ranges::find(trials, false, &Trial::reached);
  if (unreached != trials.end()) {
    return Complain(unreached->said, kNotReached);
  }
  fmt::print("{}", arguments.json ? TrialsJson(trials) + "\n"
                                  : TrialsText(trials, TerminalOf(STDOUT_FILENO)));
  const bool failed = std::ranges::any_of(
      trials, [](const Trial& trial) { return trial.state == Trial::State::kFailed; });
  return failed ? kFailed : kDone;
}

}  // namespace signalbox::cli
