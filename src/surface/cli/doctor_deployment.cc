#include "surface/cli/doctor_deployment.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/json/document.h"
#include "io/net/listener.h"
#include "pipeline/execution/http_date.h"
#include "surface/cli/call_failure.h"
#include "surface/cli/doctor_look.h"
#include "surface/cli/doctor_reach.h"
#include "surface/cli/doctor_targets.h"
#include "surface/cli/exit_status.h"

namespace signalbox::cli {
namespace {

constexpr const char* kReach = "address";
constexpr const char* kService = "service";
constexpr const char* kAccess = "access";
constexpr const char* kStream = "streams";
constexpr std::chrono::seconds kReachTime{10};
constexpr std::chrono::seconds kClockSkew{30};
// Answers slowly, and costs nothing.
constexpr std::string_view kSlowCall =
    R"({"model":"sim/slow","stream":true,"max_tokens":12,"messages":[{"role":"user","content":)"
    R"("doctor: does a stream come piece by piece?"}]})";
constexpr std::string_view kTinyCall =
    R"({"model":"auto","max_tokens":16,"messages":[{"role":"user","content":"Say ok."}]})";

// What is needed from look to look.
struct Visit {
  DeploymentArguments arguments;
  config::Url url;
  ServerLink* link = nullptr;
  DoctorReport report;
  bool reached = false;
  bool has_sim = false;

  bool is_public() const { return !net::IsLoopback(url.host); }
};

async::Task<void> CheckReach(Visit* visit) {
  net::Resolver resolver(visit->link->loop());
  const config::Url& url = visit->url;
  const auto reached = co_await Reach(&visit->link->loop(), &resolver, visit->link->tls(),
                                      {url.scheme == "https", url.host, url.port},
                                      {core::MonoNow() + kReachTime, nullptr});
  DoctorReport& report = visit->report;
  if (!reached) {
    report.Bad(kReach, "reached", reached.error().message,
               AdviceAfter(reached.error(), "--deployment", "--ca"));
    co_return;
  }
  visit->reached = true;
  report.Ok(kReach, "reached",
            fmt::format("{}:{} in {}", url.host, url.port, TimeText(reached->took)));
  if (reached->certificate) {
    Finding finding = JudgeCertificate(*reached->certificate, core::WallNow());
    finding.area = kReach;
    finding.check = "certificate";
    report.Add(std::move(finding));
  } else if (visit->is_public()) {
    report.Warn(kReach, "encryption", "none: keys and prompts can be read on the way",
                "give it a certificate (server.tls), or put it behind a proxy that has one");
  }
}

void CheckClock(const Look& look, DoctorReport& report) {
  const auto date = execution::ParseHttpDate(look.date, core::WallNow());
  if (!date) {
    return;
  }
  const auto skew = std::chrono::round<std::chrono::seconds>(*date - core::WallNow());
  if (std::chrono::abs(skew) > kClockSkew) {
    report.Warn(kReach, "clock",
                fmt::format("its clock is {} s {} the one here", std::chrono::abs(skew).count(),
                            skew.count() > 0 ? "ahead of" : "behind"),
                "switch time synchronisation on, there or here: timedatectl set-ntp true");
  }
}

// Whether it is a Signalbox at all.
async::Task<bool> CheckAlive(Visit* visit) {
  DoctorReport& report = visit->report;
  const Look health = co_await LookAt(visit->link, {"/healthz"});
  if (!health.status || health.code != 200 ||
      health.body.find(R"("status":"ok")") == std::string::npos) {
    const std::string found =
        !health.status ? health.status.error().message
                       : fmt::format("answers /healthz with {}{}", health.code,
                                     health.server.empty() ? "" : " (" + health.server + ")");
    const std::string message = ErrorMessageOf(health.body);
    report.Bad(kService, "alive", message.empty() ? found : found + ": " + message,
               health.code == 421 ? "set access.key there, or ask it by a name that it answers to"
               : health.code >= 502 && health.code <= 504
                   ? "a proxy stands before it and does not reach it: see whether it runs "
                     "(signalbox doctor on its machine), and the proxy's own log"
                   : "check the address; a proxy before it has to pass /healthz, /v1 and /api on");
    co_return false;
  }
  CheckClock(health, report);
  const Look ready = co_await LookAt(visit->link, {"/readyz"});
  if (ready.status && ready.code == 200) {
    report.Ok(kService, "ready", "alive and ready");
  } else {
    report.Bad(kService, "ready", fmt::format("alive, and not ready ({})", ready.code),
               "it is about to end, or starts just now: look again in half a minute");
  }
  co_return true;
}

std::size_t CountModels(const std::string& body, bool& has_sim) {
  json::Document document;
  const bool parsed = document.Parse(body).has_value();
  const auto data = parsed ? document.Root().Find("data") : std::nullopt;
  if (!data || !data->IsArray()) {
    return 0;
  }
  has_sim = body.find(R"("sim/slow")") != std::string::npos;
  return data->CountChildren();
}

async::Task<void> CheckModels(Visit* visit) {
  DoctorReport& report = visit->report;
  const Look models = co_await LookAt(visit->link, {"/v1/models"});
  const bool has_key = !visit->arguments.server.key.empty();
  if (models.code == 200) {
    const std::size_t count = CountModels(models.body, visit->has_sim);
    report.Ok(kService, "models", fmt::format("lists {} names", count));
  } else if (models.code == 401) {
    report.Bad(kService, "models", has_key ? "the key is refused (401)" : "wants a key (401)",
               has_key ? "give the key that its access.key has: --key KEY or SIGNALBOX_KEY"
                       : "give its access key: --key KEY or SIGNALBOX_KEY");
  } else {
    report.Bad(kService, "models",
               models.status ? fmt::format("answers /v1/models with {} {}", models.code,
                                           ErrorMessageOf(models.body))
                             : models.status.error().message,
               "a proxy before it has to pass /v1 on as it is");
  }
}

async::Task<void> CheckInside(Visit* visit) {
  DoctorReport& report = visit->report;
  const Look metrics = co_await LookAt(visit->link, {"/metrics"});
  if (metrics.code == 200) {
    const std::string version = VersionIn(metrics.body);
    report.Ok(kService, "version", version.empty() ? "not said" : "signalbox " + version);
    if (metrics.body.find("signalbox_config_last_reload_successful 0") != std::string::npos) {
      report.Warn(kService, "configuration",
                  "as it is written it is wrong, and an older one is in effect",
                  "on its machine: signalbox config check -c FILE says what is wrong");
    }
  } else {
    report.Skip(kService, "version", fmt::format("/metrics answers {}", metrics.code));
  }
  const Look targets = co_await LookAt(visit->link, {"/api/health/targets"});
  if (targets.code == 200) {
    JudgeTargets(targets.body, kService, report);
  } else {
    report.Skip(kService, "targets", fmt::format("/api/health/targets answers {}", targets.code));
  }
}

// What somebody without a key gets to see.
async::Task<void> CheckStranger(Visit* visit) {
  DoctorReport& report = visit->report;
  std::string open;
  for (const char* path : {"/v1/models", "/metrics", "/api/health/targets"}) {
    const Look look = co_await LookAt(visit->link, {.path = path, .without_key = true});
    if (look.status && look.code == 200) {
      open += (open.empty() ? "" : ", ") + std::string(path);
    }
  }
  if (open.empty()) {
    report.Ok(kAccess, "without a key", "models, metrics and administration are refused");
  } else if (visit->is_public()) {
    report.Bad(kAccess, "without a key",
               fmt::format("whoever reaches this address is answered {}", open),
               "set access.key there; a proxy before it must not add the key for everybody");
  } else {
    report.Ok(kAccess, "without a key", open + " are answered, to this machine");
  }
}

async::Task<void> CheckStream(Visit* visit) {
  DoctorReport& report = visit->report;
  if (!visit->has_sim) {
    report.Skip(kStream, "piece by piece", "it has no sim/slow to try with");
    co_return;
  }
  const StreamLook look = co_await WatchStream(visit->link, std::string(kSlowCall));
  if (!look.status || look.code != 200) {
    report.Bad(kStream, "piece by piece",
               look.status ? fmt::format("a stream is answered with {}", look.code)
                           : look.status.error().message,
               "a proxy before it has to let streams pass for as long as they take");
  } else if (!look.done) {
    report.Bad(kStream, "piece by piece",
               fmt::format("a stream ended early, after {} events", look.events.size()),
               "a proxy before it cuts long answers: raise its read timeout (nginx: "
               "proxy_read_timeout)");
  } else if (CameInOneLump(look)) {
    report.Bad(kStream, "piece by piece",
               fmt::format("{} events came in one lump after {}: something between here and there "
                           "holds answers back",
                           look.events.size(), TimeText(look.events.back())),
               "switch buffering off in the proxy (nginx: proxy_buffering off;), and compression "
               "of text/event-stream");
  } else {
    report.Ok(kStream, "piece by piece",
              fmt::format("{} events, the first after {}, the last after {}", look.events.size(),
                          TimeText(look.events.front()), TimeText(look.events.back())));
  }
}

async::Task<void> CheckRequest(Visit* visit) {
  DoctorReport& report = visit->report;
  if (!visit->arguments.request) {
    report.Skip(kService, "request", "no model was called; --request calls auto once");
    co_return;
  }
  const core::MonoTime started = core::MonoNow();
  const Look look = co_await LookAt(visit->link, {"/v1/chat/completions", std::string(kTinyCall)});
  if (look.code == 200) {
    report.Ok(kService, "request",
              fmt::format("auto answered in {}{}", TimeText(core::MonoNow() - started),
                          look.cost.empty() ? "" : ", for " + look.cost + " USD"));
  } else {
    report.Bad(kService, "request",
               look.status ? fmt::format("auto: {} {}", look.code, ErrorMessageOf(look.body))
                           : look.status.error().message,
               "signalbox doctor on its machine says what the providers answer");
  }
}

async::Task<void> CheckAll(Visit* visit) {
  co_await CheckReach(visit);
  if (!visit->reached) {
    co_return;
  }
  const bool alive = co_await CheckAlive(visit);
  if (!alive) {
    co_return;
  }
  co_await CheckModels(visit);
  co_await CheckInside(visit);
  co_await CheckRequest(visit);
  co_await CheckStranger(visit);
  co_await CheckStream(visit);
}

}  // namespace

int DoctorDeployment(const DeploymentArguments& arguments) {
  Visit visit{.arguments = arguments};
  const auto link = ServerLink::Create(arguments.server);
  if (!link) {
    fmt::print(stderr, "signalbox doctor: {}\n", link.error().message);
    return kWrongUse;
  }
  visit.link = link->get();
  visit.url = *config::ParseUrl(arguments.server.url);
  {
    StatusLine line(STDERR_FILENO);
    line.Show("looking at " + arguments.server.url + " …");
    visit.link->Run(CheckAll(&visit));
  }
  fmt::print("{}", arguments.json ? visit.report.Json() + "\n"
                                  : visit.report.Text(TerminalOf(STDOUT_FILENO)));
  if (!visit.reached) {
    return kNotReached;
  }
  return visit.report.state() == CheckState::kBad ? kFailed : kDone;
}

}  // namespace signalbox::cli
