#include "surface/cli/server_link.h"

#include "base/async/gate.h"

namespace signalbox::cli {

core::Result<std::unique_ptr<ServerLink>> ServerLink::Create(const ServerArguments& arguments) {
  auto link = std::unique_ptr<ServerLink>(new ServerLink());
  const auto url = config::ParseUrl(arguments.url);
  if (!url || (url->scheme != "http" && url->scheme != "https")) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "--url: expected for example http://127.0.0.1:8080");
  }
  SB_TRY(link->loop_, async::Loop::Create());
  link->resolver_ = std::make_unique<net::Resolver>(*link->loop_);
  if (url->scheme == "https") {
    SB_TRY(auto tls, net::TlsContext::ForClient(arguments.ca));
    link->tls_ = std::make_shared<const net::TlsContext>(std::move(tls));
  }
  providers::ProviderOptions options;
  options.base_url = *url;
  options.key = config::Secret(arguments.key);
  link->upstream_ = std::make_unique<providers::HttpUpstream>(
      *link->loop_, *link->resolver_, link->tls_, providers::MakeProvider("server", options));
  options.key = config::Secret();
  link->keyless_ = std::make_unique<providers::HttpUpstream>(
      *link->loop_, *link->resolver_, link->tls_, providers::MakeProvider("server", options));
  return link;
}

void ServerLink::Run(async::Task<void> task) {
  async::Gate gate(*loop_);
  gate.Spawn(RunThenStop(this, std::move(task)));
  loop_->Run();
}

async::Task<void> ServerLink::RunThenStop(ServerLink* link, async::Task<void> task) {
  co_await std::move(task);
  link->loop_->Stop();
}

}  // namespace signalbox::cli
