// `signalbox doctor`: asks the providers whether they are there and take the key.
#include <fmt/format.h>

#include <algorithm>

#include "app/doctor_checks.h"
#include "base/async/gate.h"
#include "base/json/document.h"
#include "pipeline/execution/http_date.h"
#include "surface/cli/doctor_reach.h"
#include "vendors/providers/http_upstream.h"

namespace signalbox::app {
namespace {

using cli::CheckState;
using cli::DoctorReport;
using providers::Provider;
constexpr const char* kArea = "providers";
constexpr std::chrono::seconds kTime{10};  // of one provider, all looks together
constexpr std::chrono::seconds kClockSkew{
    30};  // signatures and tokens begin to fail somewhere here

// What one provider said.
struct Visit {
  Provider provider;
  std::shared_ptr<const net::TlsContext> tls;
  net::ResolverOptions dns;
  DoctorReport report;
  std::vector<std::string> models;
  std::optional<std::chrono::nanoseconds> skew;  // of its clock against ours
};

struct Said {
  int status = 0;
  bool list = false;  // of models, in OpenAI's form
  std::vector<std::string> models;
};

std::string UrlPath(const Visit& visit) {
  return config::Join("providers", visit.provider.name) + ".base_url";
}

void ReadModels(std::string_view body, Said& said) {
  json::Document document;
  if (!document.Parse(body)) {
    return;
  }
  const json::Value root = document.Root();
  auto data = root.IsArray() ? std::optional(root) : root.Find("data");
  if (!data) {
    data = root.Find("models");  // Gemini, Ollama
  }
  if (!data || !data->IsArray()) {
    return;
  }
  said.list = true;
  json::ForEachElement(*data, [&said](const json::Value& model) {
    const auto id = model.Find("id");
    if (const auto name = id ? id : model.Find("name"); name && name->IsString()) {
      const std::string text = *name->AsString();
      said.models.push_back(text.starts_with("models/") ? text.substr(7) : text);
    }
  });
}

// Asks for the list of models with one of the provider's keys.
async::Task<core::Result<Said>> AskOnce(async::Loop* loop, net::Resolver* resolver, Visit* visit,
                                        Provider provider, std::uint32_t key,
                                        async::Deadline deadline) {
  providers::HttpUpstream upstream(*loop, *resolver, visit->tls, std::move(provider));
  const auto exchange = upstream.Open();
  const providers::UpstreamRequest request{
      .method = "GET", .path = RowOf(visit->provider.type).models, .key = key};
  SB_CO_TRY(const auto head, co_await exchange->Send(request, deadline));
  Said said{.status = head.status};
  for (const net::Field& field : head.fields) {
    if (net::EqualsIgnoreCase(field.name, "date")) {
      if (const auto date = execution::ParseHttpDate(field.value, core::WallNow())) {
        visit->skew = *date - core::WallNow();
      }
    }
  }
  SB_CO_TRY(const auto body, co_await exchange->ReadAll(deadline));
  ReadModels(body, said);
  co_return said;
}

// Whether the list is everybody's: then it says nothing about the key.
async::Task<bool> ListsWithoutKey(async::Loop* loop, net::Resolver* resolver, Visit* visit,
                                  async::Deadline deadline) {
  Provider without = visit->provider;
  without.keys = {{.label = "none"}};
  const auto said = co_await AskOnce(loop, resolver, visit, std::move(without), 0, deadline);
  co_return said.has_value() && said->status == 200;
}

void JudgeRefusal(const Visit& visit, const std::string& check, int status, DoctorReport& report) {
  const std::string& host = visit.provider.base_url.host;
  const std::string key = config::Join("providers", visit.provider.name) + ".key";
  if (status == 401 || status == 403) {
    report.Bad(kArea, check, fmt::format("key refused ({}) by {}", status, host),
               fmt::format("set {} to a key that {} has given out and not withdrawn, with the "
                           "right to list models",
                           key, host));
  } else if (status == 402) {
    report.Bad(kArea, check, fmt::format("{} wants to be paid (402)", host),
               "the account has no credit: put some on it at the vendor's");
  } else if (status == 429) {
    report.Warn(kArea, check, fmt::format("the key's limit at {} is reached (429)", host),
                "wait, raise the limit at the vendor's, or add another key under keys:");
  } else if (status >= 500) {
    report.Bad(kArea, check, fmt::format("{} is not well: it answers {}", host, status),
               "look at the vendor's status page, or at the server if it is yours; a model with a "
               "fallback goes on meanwhile");
  } else if (status >= 300 && status < 400) {
    report.Bad(kArea, check, fmt::format("{} answers with a redirect ({})", host, status),
               fmt::format("write the address it leads to into {}", UrlPath(visit)));
  } else {
    report.Warn(
        kArea, check,
        fmt::format("{} answers, but has no list of models at {}{} ({})", host,
                    visit.provider.base_url.path, RowOf(visit.provider.type).models, status),
        fmt::format("try one call: signalbox chat -m {}/MODEL hello; if that says 404 "
                    "too, {} is wrong: most end with /v1",
                    visit.provider.name, UrlPath(visit)));
  }
}

async::Task<void> JudgeKey(async::Loop* loop, net::Resolver* resolver, Visit* visit,
                           std::uint32_t number, async::Deadline deadline) {
  const Provider& provider = visit->provider;
  const std::string check =
      provider.keys.size() > 1 ? provider.name + " " + provider.keys[number].label : provider.name;
  auto said = co_await AskOnce(loop, resolver, visit, provider, number, deadline);
  if (!said) {
    visit->report.Bad(
        kArea, check, said.error().message,
        fmt::format("check {}: what answers there does not speak HTTP{}, or is too "
                    "slow",
                    UrlPath(*visit), visit->tls == nullptr ? ", or wants https://" : ""));
    co_return;
  }
  if (said->status != 200) {
    JudgeRefusal(*visit, check, said->status, visit->report);
    co_return;
  }
  if (!said->list) {
    visit->report.Bad(
        kArea, check,
        fmt::format("{} answers, but not as an API: no list of models at {}{}",
                    provider.base_url.host, provider.base_url.path, RowOf(provider.type).models),
        fmt::format("check {}: most end with /v1", UrlPath(*visit)));
    co_return;
  }
  const std::size_t count = said->models.size();
  visit->models = std::move(said->models);
  if (provider.keys[number].secret.empty()) {
    visit->report.Ok(kArea, check, fmt::format("answers, lists {} models", count));
    co_return;
  }
  const bool open = co_await ListsWithoutKey(loop, resolver, visit, deadline);
  visit->report.Ok(kArea, check,
                   open ? fmt::format("answers, lists {} models to everybody; whether it takes "
                                      "the key, a call will show: signalbox chat -m {}/MODEL hello",
                                      count, provider.name)
                        : fmt::format("key accepted, lists {} models", count));
}

void JudgeReached(const cli::Reached& reached, Visit& visit) {
  const std::string where = fmt::format("{}:{} reached in {}", visit.provider.base_url.host,
                                        visit.provider.base_url.port, cli::TimeText(reached.took));
  if (!reached.certificate) {
    visit.report.Ok(kArea, visit.provider.name, where);
    return;
  }
  cli::Finding finding = cli::JudgeCertificate(*reached.certificate, core::WallNow());
  finding.area = kArea;
  finding.check = visit.provider.name;
  finding.found = finding.state == CheckState::kOk
                      ? fmt::format("{}, certificate good until {}", where,
                                    cli::DayOf(reached.certificate->until))
                      : fmt::format("{}; its certificate {}", where, finding.found);
  if (finding.state != CheckState::kOk) {
    finding.next = "tell who runs it; calls fail from that day on";
  }
  visit.report.Add(std::move(finding));
}

async::Task<void> VisitProvider(async::Loop* loop, Visit* visit) {
  const async::Deadline deadline{loop->now() + kTime, nullptr};
  net::Resolver resolver(*loop, visit->dns);
  const config::Url& url = visit->provider.base_url;
  const auto reached = co_await cli::Reach(loop, &resolver, visit->tls.get(),
                                           {url.scheme == "https", url.host, url.port}, deadline);
  if (!reached) {
    const std::string ca = config::Join("providers", visit->provider.name) + ".ca:";
    visit->report.Bad(kArea, visit->provider.name, reached.error().message,
                      cli::AdviceAfter(reached.error(), UrlPath(*visit), ca));
    co_return;
  }
  JudgeReached(*reached, *visit);
  if (url.path.find("{model}") != std::string::npos || RowOf(visit->provider.type).models.empty()) {
    visit->report.Skip(
        kArea, visit->provider.name,
        fmt::format("has no list of models that could be asked for; whether it takes "
                    "the key, a call will show: signalbox chat -m {}/MODEL hello",
                    visit->provider.name));
    co_return;
  }
  for (std::uint32_t key = 0; key < visit->provider.keys.size(); ++key) {
    co_await JudgeKey(loop, &resolver, visit, key, deadline);
  }
}

async::Task<void> VisitAll(async::Loop* loop, std::vector<Visit>* visits) {
  async::Gate gate(*loop);
  for (Visit& visit : *visits) {
    gate.Spawn(VisitProvider(loop, &visit));
  }
  co_await gate.Drained({});
  loop->Stop();
}

void JudgeClock(const std::vector<Visit>& visits, DoctorReport& report) {
  std::optional<std::chrono::nanoseconds> least;
  for (const Visit& visit : visits) {
    if (visit.skew && (!least || std::chrono::abs(*visit.skew) < std::chrono::abs(*least))) {
      least = visit.skew;
    }
  }
  if (!least) {
    return;
  }
  const auto seconds = std::chrono::round<std::chrono::seconds>(*least);
  if (std::chrono::abs(seconds) > kClockSkew) {
    report.Warn("machine", "clock",
                fmt::format("{} s {} that of the providers", std::chrono::abs(seconds).count(),
                            seconds.count() > 0 ? "behind" : "ahead of"),
                "switch time synchronisation on: timedatectl set-ntp true");
  } else {
    report.Ok("machine", "clock", "agrees with the providers'");
  }
}

std::vector<Visit> VisitsOf(const Snapshot& snapshot) {
  std::vector<Visit> visits;
  const auto& all = snapshot.targets->providers();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].type != providers::ProviderType::kSim) {
      visits.push_back(
          {.provider = all[i], .tls = snapshot.client_tls[i], .dns = snapshot.options.dns});
    }
  }
  return visits;
}

}  // namespace

ProviderAnswers AskProviders(const Patient& patient) {
  ProviderAnswers out;
  std::vector<Visit> visits = VisitsOf(*patient.snapshot);
  const auto loop = async::Loop::Create();
  if (visits.empty() || !loop) {
    return out;
  }
  {
    async::Gate gate(**loop);
    gate.Spawn(VisitAll(loop->get(), &visits));
    (*loop)->Run();
  }
  JudgeClock(visits, out.report);
  for (Visit& visit : visits) {
    out.report.Add(std::move(visit.report));
    if (!visit.models.empty()) {
      out.models.emplace(visit.provider.name, std::move(visit.models));
    }
  }
  return out;
}

}  // namespace signalbox::app
