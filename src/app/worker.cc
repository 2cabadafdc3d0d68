#include "app/worker.h"

#include <malloc.h>

#include <new>

#include "base/async/frame_pool.h"
#include "base/config/diff.h"
#include "base/telemetry/log.h"
#include "io/net/buffer.h"
#include "vendors/providers/http_upstream.h"
#include "vendors/providers/sim/sim_upstream.h"

namespace signalbox::app {
namespace {

constexpr std::chrono::seconds kHealthTime{1};

// Where the provider at `index` of `next` stood in `before`, if nothing about it has changed: its
// connections can go on.
std::optional<std::uint32_t> SameIn(const Snapshot& before, const Snapshot& next,
                                    std::size_t index) {
  const auto& rows = before.targets->providers();
  const providers::Provider& wanted = next.targets->providers()[index];
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (rows[i].name == wanted.name) {
      const bool same =
          before.client_tls[i] == next.client_tls[index] &&
          config::Diff(providers::ProviderTable(), rows[i].options, wanted.options).empty();
      return same ? std::optional(i) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

core::Result<std::unique_ptr<Worker>> Worker::Create(Shared& shared,
                                                     std::shared_ptr<const Snapshot> snapshot,
                                                     std::uint32_t index,
                                                     ledger::Journal& journal) {
  SB_TRY(auto loop, async::Loop::Create());
  return std::unique_ptr<Worker>(
      new Worker(shared, std::move(snapshot), index, journal, std::move(loop)));
}

Worker::Worker(Shared& shared, std::shared_ptr<const Snapshot> snapshot, std::uint32_t index,
               ledger::Journal& journal, std::unique_ptr<async::Loop> loop)
    : shared_(shared),
      snapshot_(std::move(snapshot)),
      index_(index),
      loop_(std::move(loop)),
      resolver_(*loop_, snapshot_->options.dns),
      meters_(shared.families, index),
      admission_(shared.registry, shared.slices, loop_.get()),
      gateway_(*loop_,
               {.lineup = MakeLineup(*snapshot_, nullptr),
                .journal = journal,
                .meters = meters_,
                .counter = shared.counter,
                .fetcher = {*loop_, resolver_, snapshot_->media_tls, snapshot_->options.media},
                .instance = shared.instance,
                .admission = &admission_,
                .cache = &shared.cache}),
      keys_(shared.directory, *loop_),
      verifier_(keys_),
      api_({.gateway = gateway_,
            .access = snapshot_->access,
            .meters = meters_,
            .ready = shared.ready,
            .metrics_text = shared.metrics_text,
            .health =
                [this](async::Cancellation* cancellation) {
                  return shared_.health.Collect(*loop_, {loop_->now() + kHealthTime, cancellation});
                },
            .pool = shared.pool,
            .services = shared.services,
            .body_limit = snapshot_->options.server.limits.body_bytes.bytes,
            .held_limit = snapshot_->options.server.limits.held_bytes.bytes,
            .verifier = &verifier_}),
      server_(*loop_, snapshot_->options.server, snapshot_->server_tls, api_),
      gate_(*loop_) {
  loop_->OnQuiet([this] { GiveMemoryBack(); });
  shared.health.Add(*loop_, [this] {
    return execution::HealthReport::Of(gateway_.lineup().health(), loop_->now());
  });
}

Worker::~Worker() = default;

std::shared_ptr<gateway::Lineup> Worker::MakeLineup(const Snapshot& next, const Snapshot* before) {
  gateway::Lineup::Parts parts{.targets = next.targets,
                               .catalog = next.catalog,
                               .upstreams = {},
                               .retry = next.options.retry,
                               .breaker = next.options.breaker,
                               .cache = next.options.cache.exact,
                               .epoch = next.policy_epoch};
  for (std::size_t i = 0; i < next.targets->providers().size(); ++i) {
    const auto kept = before != nullptr ? SameIn(*before, next, i) : std::nullopt;
    parts.upstreams.push_back(kept ? gateway_.lineup().upstream(*kept) : MakeUpstream(next, i));
  }
  return std::make_shared<gateway::Lineup>(std::move(parts),
                                           before != nullptr ? &gateway_.lineup() : nullptr);
}

std::shared_ptr<providers::Upstream> Worker::MakeUpstream(const Snapshot& next, std::size_t index) {
  const providers::Provider& provider = next.targets->providers()[index];
  if (provider.type == providers::ProviderType::kSim) {
    return std::make_shared<sim::SimUpstream>(*loop_, shared_.sim_script);
  }
  return std::make_shared<providers::HttpUpstream>(*loop_, resolver_, next.client_tls[index],
                                                   provider);
}

void Worker::AddListener(net::Socket listener) {
  listeners_.push_back(std::move(listener));
}

void Worker::AddMetricsPort(net::Socket listener) {
  metrics_handler_ = std::make_unique<api::MetricsHandler>(snapshot_->access, shared_.metrics_text);
  metrics_server_ = std::make_unique<net::Server>(*loop_, snapshot_->options.server,
                                                  snapshot_->server_tls, *metrics_handler_);
  metrics_listener_ = std::move(listener);
}

void Worker::Start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), ("worker-" + std::to_string(index_)).c_str());
    for (net::Socket& listener : listeners_) {
      server_.Start(std::move(listener));
    }
    if (metrics_server_ != nullptr) {
      metrics_server_->Start(std::move(metrics_listener_));
    }
    loop_->Run();
  });
}

std::future<void> Worker::Adopt(std::shared_ptr<const Snapshot> snapshot) {
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> future = done->get_future();
  loop_->Post([this, snapshot = std::move(snapshot), done]() mutable {
    try {
      AdoptNow(std::move(snapshot));
    } catch (const std::bad_alloc&) {
      telemetry::Log(telemetry::Level::kError,
                     "no memory to take the configuration over; this worker stays with the old one",
                     {{"worker", index_}});
    }
    done->set_value();
  });
  return future;
}

void Worker::AdoptNow(std::shared_ptr<const Snapshot> snapshot) {
  gateway_.Adopt(MakeLineup(*snapshot, snapshot_.get()), snapshot->options.media);
  api_.Adopt(snapshot->access, snapshot->options.server.limits);
  server_.Adopt(snapshot->options.server, snapshot->server_tls);
  if (metrics_server_ != nullptr) {
    metrics_handler_->Adopt(snapshot->access);
    metrics_server_->Adopt(snapshot->options.server, snapshot->server_tls);
  }
  snapshot_ = std::move(snapshot);
}

void Worker::Drain(std::chrono::nanoseconds time, std::chrono::nanoseconds linger) {
  loop_->Post([this, time, linger] { gate_.Spawn(DrainThenStop(this, time, linger)); });
}

async::Task<void> Worker::DrainThenStop(Worker* worker, std::chrono::nanoseconds time,
                                        std::chrono::nanoseconds linger) {
  const core::MonoTime now = worker->loop_->now();
  const bool ended = co_await worker->server_.Drain(now + time, now + linger);
  if (!ended) {
    worker->gateway_.Stop();
    co_await worker->server_.CancelAll();
  }
  if (worker->metrics_server_ != nullptr) {
    co_await worker->metrics_server_->Drain(worker->loop_->now());
    co_await worker->metrics_server_->CancelAll();
  }
  worker->loop_->Stop();
}

void Worker::Join() {
  thread_.join();
}

void Worker::GiveMemoryBack() {
  gateway_.GiveMemoryBack();
  server_.GiveMemoryBack();
  net::Buffer::TrimThread();
  async::FramePool::Trim();
  malloc_trim(0);
}

}  // namespace signalbox::app
