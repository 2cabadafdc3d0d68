#include "app/program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <thread>

#include "app/upgrade_note.h"
#include "app/version.h"
#include "base/telemetry/log.h"
#include "io/net/listener.h"
#include "io/net/systemd.h"

namespace signalbox::app {
namespace {

using telemetry::Level;
using telemetry::Log;

constexpr std::uint32_t kPoolThreads = 2;
// How often a ledger that is not wholly ours yet is looked at.
constexpr std::chrono::milliseconds kTendEvery{200};
// While a successor serves, a client that keeps its connection may still send a request on it for
// so long; it is answered, with the wish to connect again.
constexpr std::chrono::seconds kLinger{5};
// A successor that has not begun to serve by then is given up.
constexpr std::chrono::seconds kSuccessorTime{60};

std::string NewInstanceId() {
  core::Random random;
  char text[33] = {};
  core::Uuid::V7(core::WallNow(), random).ToHex(text);
  return text;
}

// An error with the option before it that it is about.
template <typename T>
core::Result<T> At(std::string_view option, core::Result<T> result) {
  if (!result) {
    result = std::unexpected(std::move(result).error().At(option));
  }
  return result;
}

std::uint32_t WorkerCount(const Options& options) {
  return options.server.workers != 0 ? options.server.workers
                                     : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

Program::Program(Prepared prepared, config::Request request, DiscoverySettings discovery)
    : request_(std::move(request)),
      discovery_(discovery),
      loaded_(std::move(prepared.loaded)),
      snapshot_(std::move(prepared.snapshot)),
      workers_(WorkerCount(loaded_.value)),
      history_(loaded_.value.data),
      registry_(workers_),
      families_(registry_),
      journal_fill_(Gauge("signalbox_journal_fill_ratio",
                          "Part of the fullest journal that waits to be archived.")),
      archive_failing_(Gauge("signalbox_ledger_archive_failing",
                             "1 while records cannot be written to the archive.")),
      waiting_bytes_(Gauge("signalbox_ledger_backlog_bytes",
                           "Of the archive, not yet brought into the database.")),
      waiting_records_(Gauge("signalbox_ledger_backlog_records",
                             "About so many calls are not yet brought into the database.")),
      store_failing_(Gauge("signalbox_ledger_store_failing",
                           "1 while calls cannot be brought into the database.")),
      log_dropped_(
          Gauge("signalbox_log_lines_dropped", "Log lines that were not written since the start.")),
      cache_entries_(Gauge("cache_entries", "Answers that the exact cache holds.")),
      cache_bytes_(Gauge("cache_bytes", "Memory of the exact cache that answers take.")),
      cache_evictions_(
          Gauge("cache_evictions", "Answers that had to make room for others since the start.")),
      shared_up_(Gauge("signalbox_shared_store_up",
                       "0 while the store that gateways share budgets through does not answer; 1 "
                       "where nothing is shared.")),
      reload_good_(Gauge("signalbox_config_last_reload_successful",
                         "0 while the configuration as it is written is not in effect, because it "
                         "is wrong.")),
      reload_time_(Gauge("signalbox_config_last_reload_success_timestamp_seconds",
                         "When the configuration in effect was read.")),
      counter_(
          tokens::VocabularyPath(request_.environment.Find("SIGNALBOX_VOCABULARY").value_or(""))),
      cache_(loaded_.value.cache.exact) {
  const std::string_view version = kVersion;
  registry_
      .Add({.name = "signalbox_build_info",
            .help = "1, for the version that runs.",
            .kind = telemetry::MetricKind::kGauge,
            .labels = {"version"}})
      .Child(0, {&version, 1})
      .Set(1);
}

core::Status Program::Open(Inheritance inheritance) {
  predecessor_ = std::move(inheritance.predecessor);
  given_ = inheritance.given;
  core::Status opened = OpenLedger(predecessor_.has_value());
  if (opened) {
    opened = OpenRecords();
  }
  if (opened) {
    opened = OpenWorkers(std::move(inheritance));
  }
  if (!opened && predecessor_) {
    (void)predecessor_->Send(opened.error().message);
  }
  return opened;
}

core::Status Program::OpenLedger(bool beside) {
  const Options& options = loaded_.value;
  std::error_code error;
  std::filesystem::create_directories(options.data, error);
  if (error) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      fmt::format("data directory {}: {}; choose another with --data, or make "
                                  "it a directory that can be written",
                                  options.data, error.message()));
  }
  ledger::LedgerOptions ledger;
  ledger.workers = workers_;
  ledger.journal.ring_bytes = options.ledger.ring.bytes;
  ledger.archive.keep_bytes = options.ledger.keep.bytes;
  ledger.archive.keep_time = options.retention.archive;
  ledger.shipped = true;
  SB_TRY(ledger_, beside ? ledger::Ledger::OpenBeside(options.data, ledger)
                         : ledger::Ledger::Open(options.data, ledger));
  return {};
}

core::Status Program::OpenRecords() {
  const bool ours = ledger_->has_archive();
  SB_TRY(records_,
         Records::Open(loaded_.value, request_.environment, ours ? ledger_.get() : nullptr));
  SB_CHECK_OK(OpenReplicas());
  return ours ? records_->TakeArchive(*ledger_) : core::Status();
}

core::Status Program::OpenReplicas() {
  const Options& options = loaded_.value;
  if (IsShared(options.store)) {
    SB_TRY(replicas_, At("store", Replicas::Open({.store = options.store,
                                                  .registry = records_->spending().registry(),
                                                  .settings = records_->spending().settings(),
                                                  .directory = records_->directory(),
                                                  .dns = options.dns})));
  }
  return {};
}

// At least one for each worker. What systemd has opened counts, wherever it is.
core::Result<std::vector<net::Socket>> Program::TakeListeners(std::vector<net::Socket>& inherited) {
  if (!given_ || inherited.empty()) {
    return net::Listen(loaded_.value.server.listen, workers_, inherited);
  }
  std::vector<net::Socket> sockets = std::move(inherited);
  for (const net::Socket& socket : sockets) {
    const config::HostPort address = net::LocalAddress(socket);
    if (!AsksForCredentials(loaded_.value) && !net::IsLoopback(address.host)) {
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        "the service manager has opened " + address.Text() +
                            ", beyond this machine, without a credential; set access.key or "
                            "identity.keys: required");
    }
  }
  for (std::size_t i = 0; sockets.size() < workers_; ++i) {
    SB_TRY(auto copy, net::Duplicate(sockets[i]));
    sockets.push_back(std::move(copy));
  }
  return sockets;
}

core::Status Program::OpenWorkers(Inheritance inheritance) {
  shared_.emplace(Shared{
      .families = families_,
      .counter = counter_,
      .metrics_text = [this] { return MetricsText(); },
      .health = health_,
      .directory = records_->directory(),
      .token_users = records_->token_users(),
      .registry = records_->spending().registry(),
      .slices = replicas_ == nullptr ? nullptr : &replicas_->slices(),
      .pool = pool_.emplace(kPoolThreads),
      .services = {
          .data = loaded_.value.data,
          .identity = &records_->identity(),
          .records = &records_->sql(),
          .kept = [this] { return records_->kept(); },
          .cache = &cache_,
          .settings = &records_->spending().settings(),
          .corrected =
              [this](const ledger::Record& attempt) { records_->spending().Correct(attempt); },
          .audit = [this] { return records_->audit(); },
          .note = [this](const api::Deed& deed) { return records_->Note(deed); }},
      .ready = ready_,
      .instance = NewInstanceId(),
      .sim_script = sim_script_,
      .cache = cache_});
  const auto& metrics = loaded_.value.server.metrics;
  std::vector<net::Socket> own;
  if (metrics) {  // first: what is then left of systemd's is for requests
    SB_TRY(own, At("server.metrics",
                   net::Listen(*metrics, 1,
                               predecessor_ ? inheritance.metrics : inheritance.listeners)));
  }
  SB_TRY(auto listeners, At("server.listen", TakeListeners(inheritance.listeners)));
  address_ = net::LocalAddress(listeners.front());
  for (std::uint32_t i = 0; i < workers_; ++i) {
    SB_TRY(auto worker, Worker::Create(*shared_, snapshot_, i, ledger_->journal(i)));
    running_.push_back(std::move(worker));
  }
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    listening_.push_back(listeners[i].fd());
    running_[i % workers_]->AddListener(std::move(listeners[i]));
  }
  serving_count_ = listening_.size();
  if (metrics) {
    listening_.push_back(own.front().fd());
    running_.front()->AddMetricsPort(std::move(own.front()));
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
  archive_failing_.Set(ledger_->failing() ? 1 : 0);
  const Records::Waiting waiting = records_->waiting();
  waiting_bytes_.Set(static_cast<double>(waiting.bytes));
  waiting_records_.Set(static_cast<double>(waiting.records));
  store_failing_.Set(waiting.failing ? 1 : 0);
  log_dropped_.Set(static_cast<double>(telemetry::DroppedLogLines()));
  const cache::ExactCache::Size size = cache_.size();
  cache_entries_.Set(static_cast<double>(size.entries));
  cache_bytes_.Set(static_cast<double>(size.bytes));
  cache_evictions_.Set(static_cast<double>(size.evictions));
  shared_up_.Set(replicas_ == nullptr || replicas_->up() ? 1 : 0);
  return registry_.Text();
}

void Program::Announce() {
  const std::string url =
      fmt::format("{}://{}", snapshot_->server_tls ? "https" : "http", address_.Text());
  fmt::print("listening on {}\n", url);
  if (const auto key = records_->TakeFirstKey()) {
    fmt::print("admin key, shown this once: {}\n", *key);
  }
  if (isatty(STDOUT_FILENO) != 0) {
    fmt::print(
        "\nTry:\n"
        "  curl {0}/v1/chat/completions -d '{{\"model\":\"auto\",\"messages\":[{{\"role\":\"user\","
        "\"content\":\"Hello\"}}]}}'\n"
        "  signalbox chat --url {0} \"Hello\"\n\n",
        url);
  }
  std::fflush(stdout);
  for (const providers::Provider& provider : snapshot_->targets->providers()) {
    Log(Level::kInfo, "provider",
        {{"name", provider.name},
         {"url", provider.base_url.text.empty() ? "built in" : provider.base_url.text}});
  }
  if (snapshot_->targets->providers().size() == 1 && loaded_.value.providers.empty()) {
    Log(Level::kInfo,
        "only the built-in sim answers: no key of a provider is in the environment and no "
        "configuration names one",
        {{"next",
          "set OPENAI_API_KEY or another vendor's variable and start again, or write "
          "providers: into a file and start with --config FILE"}});
  }
}

void Program::Run(Wishes& wishes) {
  MarkInEffect();
  for (const auto& worker : running_) {
    worker->Start();
  }
  ready_.store(true, std::memory_order_release);
  records_->Start();
  if (replicas_ != nullptr) {
    replicas_->Start();
  }
  if (predecessor_) {
    // Should it be gone, then its listeners are ours anyway.
    (void)predecessor_->Send(std::string(kReadyWord) + kVersion);
    predecessor_.reset();
    Log(Level::kInfo, "took over", {{"pid", getpid()}});
  } else {
    Announce();
  }
  net::NotifySystemd(request_.environment, fmt::format("READY=1\nMAINPID={}", getpid()));
  Keep(loaded_, "start");
  watch_.emplace(loaded_.files, [&wishes] { wishes.FilesChanged(); });
  Serve(wishes);
  watch_.reset();
  Drain(wishes);
}

// Until it is time to drain.
void Program::Serve(Wishes& wishes) {
  core::MonoTime tend = core::MonoNow();
  while (true) {
    if (ledger_->unfinished() && core::MonoNow() >= tend) {  // however many wishes there are
      Tend();
      tend = core::MonoNow() + kTendEvery;
    }
    switch (wishes.Wait(std::min(ledger_->unfinished() ? tend : core::kNever,
                                 successor_ ? successor_until_ : core::kNever))) {
      case Wish::kReload:
        ReloadAndSay("SIGHUP");
        break;
      case Wish::kFilesChanged:
        ReloadAndSay("a file changed");
        break;
      case Wish::kUpgrade:
        Upgrade(wishes);
        break;
      case Wish::kHeard:
        if (HearSuccessor(wishes)) {
          return;
        }
        break;
      case Wish::kNone:
        GiveUpLateSuccessor(wishes);
        break;
      case Wish::kStop:
        wishes.ListenTo(-1);
        successor_.reset();
        return;
    }
  }
}

void Program::Upgrade(Wishes& wishes) {
  if (successor_) {
    Log(Level::kWarn, "an upgrade is on its way already", {{"pid", successor_->pid()}});
    return;
  }
  auto started = Successor::Start(origin_, listening_, HandOverText(serving_count_, given_));
  if (!started) {
    UpgradeFailed(started.error().message);
    return;
  }
  successor_.emplace(*std::move(started));
  successor_until_ = core::MonoNow() + kSuccessorTime;
  wishes.ListenTo(successor_->descriptor());
  Log(Level::kInfo, "upgrading", {{"program", origin_.path}, {"pid", successor_->pid()}});
}

// True: it serves.
bool Program::HearSuccessor(Wishes& wishes) {
  wishes.ListenTo(-1);
  if (const core::Status heard = successor_->Hear(); !heard) {
    UpgradeFailed(heard.error().message);
    successor_.reset();
    return false;
  }
  WriteUpgradeNote(loaded_.value.data, {.ok = true,
                                        .from_version = kVersion,
                                        .to_version = successor_->version(),
                                        .pid = successor_->pid()});
  records_->LeaveArchive();
  ledger_->HandOver();
  succeeded_ = true;
  return true;
}

void Program::UpgradeFailed(const std::string& reason) {
  Log(Level::kError, "the upgrade failed; this process goes on", {{"error", reason}});
  WriteUpgradeNote(loaded_.value.data, {.ok = false, .reason = reason, .from_version = kVersion});
}

void Program::GiveUpLateSuccessor(Wishes& wishes) {
  if (!successor_ || core::MonoNow() < successor_until_) {
    return;
  }
  UpgradeFailed(fmt::format("the new process {} has not begun to serve for {} s; it is ended",
                            successor_->pid(), kSuccessorTime.count()));
  wishes.ListenTo(-1);
  successor_.reset();
}

// Takes over what the process before has left meanwhile.
void Program::Tend() {
  core::Status tended = ledger_->Tend();
  if (tended && ledger_->has_archive() && !records_->has_archive()) {
    tended = records_->TakeArchive(*ledger_);
  }
  if (!tended) {
    Log(Level::kError, "the ledger cannot be taken over; it is tried again",
        {{"error", tended.error().message}});
  }
}

void Program::Drain(Wishes& wishes) {
  const net::ServerOptions& server = snapshot_->options.server;
  Log(Level::kInfo, "draining", {{"successor", succeeded_}});
  ready_.store(false, std::memory_order_release);
  if (!succeeded_) {
    net::NotifySystemd(request_.environment, "STOPPING=1");
    const core::MonoTime until = core::MonoNow() + server.grace;
    for (Wish wish = wishes.Wait(until); wish != Wish::kNone && wish != Wish::kStop;) {
      wish = wishes.Wait(until);
    }
  }
  for (const auto& worker : running_) {
    worker->Drain(server.drain, succeeded_ ? kLinger : std::chrono::nanoseconds(0));
  }
  wishes.LetSignalsEnd();  // a second signal ends at once
  for (const auto& worker : running_) {
    worker->Join();
  }
  pool_.reset();
  replicas_.reset();  // nothing is reserved any more; it may still tell a worker's loop
  running_.clear();
}

}  // namespace signalbox::app
