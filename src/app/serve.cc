#include "app/serve.h"

#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "app/discover.h"
#include "app/worker.h"
#include "base/telemetry/metrics.h"
#include "io/net/listener.h"
#include "pipeline/ledger/ledger.h"

namespace signalbox::app {
namespace {

using telemetry::Level;
using telemetry::Log;

sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Until a signal or the end of `time`.
void WaitForSignal(const sigset_t& signals, std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
  if (time.count() > 0) {
    sigtimedwait(&signals, nullptr, &limit);
  }
}

// As many descriptors as the system allows: each client takes one, each upstream call another.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

std::string NewInstanceId() {
  core::Random random;
  char text[33] = {};
  core::Uuid::V7(core::WallNow(), random).ToHex(text);
  return text;
}

// Everything that lives as long as the program serves.
class Program {
 public:
  explicit Program(const Options& options, const config::Environment& environment,
                   const DiscoverySettings& discovery)
      : options_(options),
        workers_(options.server.workers != 0 ? options.server.workers
                                             : std::max(1U, std::thread::hardware_concurrency())),
        targets_(DiscoverProviders(options.providers, environment, discovery), options.models,
                 options.routing),
        access_(options.access),
        registry_(workers_),
        families_(registry_),
        journal_fill_(Gauge("signalbox_journal_fill_ratio",
                            "Part of the fullest journal that waits to be archived.")),
        archive_failing_(Gauge("signalbox_ledger_archive_failing",
                               "1 while records cannot be written to the archive.")),
        log_dropped_(Gauge("signalbox_log_lines_dropped",
                           "Log lines that were not written since the start.")) {}

  core::Status Open();
  void Announce() const;
  void Run(const sigset_t& signals);

 private:
  core::Status OpenTls();
  core::Status OpenLedger();
  core::Status OpenWorkers();
  std::string MetricsText();
  telemetry::Cell& Gauge(std::string name, std::string help);

  const Options& options_;
  std::uint32_t workers_;
  request::Targets targets_;
  api::AccessRules access_;
  telemetry::Registry registry_;
  gateway::MeterFamilies families_;
  telemetry::Cell& journal_fill_;  // these three are set when somebody looks
  telemetry::Cell& archive_failing_;
  telemetry::Cell& log_dropped_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::optional<net::TlsContext> server_tls_;
  std::vector<std::unique_ptr<net::TlsContext>> client_tls_;
  std::vector<const net::TlsContext*> client_tls_by_provider_;
  sim::ScriptRun sim_script_{sim::Script{}};
  std::atomic<bool> ready_{false};
  std::vector<std::unique_ptr<Worker>> running_;
  config::HostPort address_;
};

core::Status Program::Open() {
  if (!targets_.problems().empty()) {
    const core::Error& first = targets_.problems().front();
    return core::Fail(first.code, first.param + ": " + first.message);
  }
  SB_CHECK_OK(OpenTls());
  SB_CHECK_OK(OpenLedger());
  return OpenWorkers();
}

core::Status Program::OpenTls() {
  const net::ServerTls& tls = options_.server.tls;
  if (!tls.cert.empty()) {
    SB_TRY(server_tls_, net::TlsContext::ForServer(tls.cert, tls.key));
  }
  for (const providers::Provider& provider : targets_.providers()) {
    const net::TlsContext* context = nullptr;
    if (provider.base_url.scheme == "https") {
      SB_TRY(auto made, net::TlsContext::ForClient(provider.ca));
      client_tls_.push_back(std::make_unique<net::TlsContext>(std::move(made)));
      context = client_tls_.back().get();
    }
    client_tls_by_provider_.push_back(context);
  }
  return {};
}

core::Status Program::OpenLedger() {
  std::error_code error;
  std::filesystem::create_directories(options_.data, error);
  if (error) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      "data directory " + options_.data + ": " + error.message());
  }
  ledger::LedgerOptions options;
  options.workers = workers_;
  options.journal.ring_bytes = options_.ledger.ring.bytes;
  options.archive.keep_bytes = options_.ledger.keep.bytes;
  SB_TRY(ledger_, ledger::Ledger::Open(options_.data, options));
  return {};
}

core::Status Program::OpenWorkers() {
  const Shared shared{.server = options_.server,
                      .server_tls = server_tls_ ? &*server_tls_ : nullptr,
                      .client_tls = client_tls_by_provider_,
                      .targets = targets_,
                      .access = access_,
                      .families = families_,
                      .metrics_text = [this] { return MetricsText(); },
                      .ready = ready_,
                      .instance = NewInstanceId(),
                      .sim_script = sim_script_};
  address_ = options_.server.listen;
  SB_TRY(auto listeners, net::Listen(address_, workers_));
  address_.port = net::LocalPort(listeners.front());
  for (std::uint32_t i = 0; i < workers_; ++i) {
    SB_TRY(auto worker, Worker::Create(shared, i, ledger_->journal(i), std::move(listeners[i])));
    running_.push_back(std::move(worker));
  }
  if (const auto& metrics = options_.server.metrics) {
    SB_TRY(auto own, net::Listen(*metrics, 1));
    running_.front()->AddMetricsPort(shared, std::move(own.front()));
    Log(Level::kInfo, "metrics port", {{"address", metrics->Text()}});
  }
  return {};
}

telemetry::Cell& Program::Gauge(std::string name, std::string help) {
  return registry_
      .Add(
          {.name = std::move(name), .help = std::move(help), .kind = telemetry::MetricKind::kGauge})
      .Child(0, {});
}

// Any worker's thread.
std::string Program::MetricsText() {
  journal_fill_.Set(ledger_->fill());
  archive_failing_.Set(ledger_->archiver().failing() ? 1 : 0);
  log_dropped_.Set(static_cast<double>(telemetry::DroppedLogLines()));
  return registry_.Text();
}

void Program::Announce() const {
  const std::string url = fmt::format("{}://{}", server_tls_ ? "https" : "http", address_.Text());
  fmt::print("listening on {}\n", url);
  if (isatty(STDOUT_FILENO) != 0) {
    fmt::print(
        "\nTry:\n"
        "  curl {0}/v1/chat/completions -d '{{\"model\":\"auto\",\"messages\":[{{\"role\":\"user\","
        "\"content\":\"Hello\"}}]}}'\n"
        "  signalbox chat --url {0} \"Hello\"\n\n",
        url);
  }
  std::fflush(stdout);
  for (const providers::Provider& provider : targets_.providers()) {
    Log(Level::kInfo, "provider",
        {{"name", provider.name},
         {"url", provider.base_url.text.empty() ? "built in" : provider.base_url.text}});
  }
}

void Program::Run(const sigset_t& signals) {
  for (const auto& worker : running_) {
    worker->Start();
  }
  ready_.store(true, std::memory_order_release);
  Announce();
  int signal = 0;
  sigwait(&signals, &signal);
  Log(Level::kInfo, "draining", {{"signal", strsignal(signal)}});
  ready_.store(false, std::memory_order_release);
  WaitForSignal(signals, options_.server.grace);
  for (const auto& worker : running_) {
    worker->Drain(options_.server.drain);
  }
  // A second signal ends at once, the way the system does it.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  for (const auto& worker : running_) {
    worker->Join();
  }
  running_.clear();
}

}  // namespace

int Serve(const ServeArguments& arguments) {
  // Large blocks come from the system one by one and go back at once; small ones are trimmed when
  // a worker is quiet.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  mallopt(M_ARENA_MAX, 4);
  const sigset_t signals = BlockSignals();
  signal(SIGPIPE, SIG_IGN);
  RaiseDescriptorLimit();
  const auto environment = config::Environment::FromProcess();
  const auto loaded = LoadOptions(arguments.config_file, environment, arguments.overrides);
  if (!loaded.ok()) {
    fmt::print(stderr, "{}", config::Text(loaded.problems));
    return 2;
  }
  const Options& options = loaded.value;
  telemetry::StartLog({.level = options.log.level, .format = options.log.format});
  int status = 0;
  {
    Program program(options, environment,
                    {.look_for_local_servers = !arguments.config_file.has_value()});
    if (const core::Status opened = program.Open(); opened) {
      program.Run(signals);
    } else {
      fmt::print(stderr, "signalbox: {}\n", opened.error().message);
      status = 1;
    }
  }
  telemetry::StopLog();
  return status;
}

}  // namespace signalbox::app
