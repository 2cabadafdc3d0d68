#include "app/worker.h"

#include <malloc.h>

#include "base/async/frame_pool.h"
#include "io/net/buffer.h"
#include "vendors/providers/http_upstream.h"
#include "vendors/providers/sim/sim_upstream.h"

namespace signalbox::app {

core::Result<std::unique_ptr<Worker>> Worker::Create(const Shared& shared, std::uint32_t index,
                                                     ledger::Journal& journal,
                                                     net::Socket listener) {
  SB_TRY(auto loop, async::Loop::Create());
  return std::unique_ptr<Worker>(
      new Worker(shared, index, journal, std::move(loop), std::move(listener)));
}

Worker::Worker(const Shared& shared, std::uint32_t index, ledger::Journal& journal,
               std::unique_ptr<async::Loop> loop, net::Socket listener)
    : index_(index),
      loop_(std::move(loop)),
      resolver_(*loop_),
      meters_(shared.families, index),
      gateway_(*loop_, shared.targets, MakeUpstreams(shared), journal, meters_, shared.instance),
      api_({.gateway = gateway_,
            .access = shared.access,
            .meters = meters_,
            .ready = shared.ready,
            .metrics_text = shared.metrics_text,
            .body_limit = shared.server.limits.body_bytes.bytes}),
      server_(*loop_, shared.server, shared.server_tls, api_),
      gate_(*loop_),
      listener_(std::move(listener)) {
  loop_->OnQuiet([this] { GiveMemoryBack(); });
}

Worker::~Worker() = default;

std::vector<std::unique_ptr<providers::Upstream>> Worker::MakeUpstreams(const Shared& shared) {
  std::vector<std::unique_ptr<providers::Upstream>> upstreams;
  const auto& rows = shared.targets.providers();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].type == providers::ProviderType::kSim) {
      upstreams.push_back(std::make_unique<sim::SimUpstream>(*loop_, shared.sim_script));
    } else {
      upstreams.push_back(std::make_unique<providers::HttpUpstream>(*loop_, resolver_,
                                                                    shared.client_tls[i], rows[i]));
    }
  }
  return upstreams;
}

void Worker::AddMetricsPort(const Shared& shared, net::Socket listener) {
  metrics_handler_ = std::make_unique<api::MetricsHandler>(shared.access, shared.metrics_text);
  metrics_server_ =
      std::make_unique<net::Server>(*loop_, shared.server, shared.server_tls, *metrics_handler_);
  metrics_listener_ = std::move(listener);
}

void Worker::Start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), ("worker-" + std::to_string(index_)).c_str());
    server_.Start(std::move(listener_));
    if (metrics_server_ != nullptr) {
      metrics_server_->Start(std::move(metrics_listener_));
    }
    loop_->Run();
  });
}

void Worker::Drain(std::chrono::nanoseconds time) {
  loop_->Post([this, time] { gate_.Spawn(DrainThenStop(this, time)); });
}

async::Task<void> Worker::DrainThenStop(Worker* worker, std::chrono::nanoseconds time) {
  const bool ended = co_await worker->server_.Drain(worker->loop_->now() + time);
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
