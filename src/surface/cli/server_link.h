// A running Signalbox as the command line talks to it.
//
// Owner: one command, on the main thread with a loop of its own. Errors: a sentence that says which
// server was tried and what to do.
#pragma once

#include <memory>
#include <string>

#include "base/async/loop.h"
#include "base/core/error.h"
#include "io/net/resolver.h"
#include "io/net/tls.h"
#include "vendors/providers/http_upstream.h"

namespace signalbox::cli {

struct ServerArguments {
  std::string url = "http://127.0.0.1:8080";
  std::string key;  // access key; empty: none
  std::string ca;   // PEM file; empty: the system's authorities
};

class ServerLink {
 public:
  static core::Result<std::unique_ptr<ServerLink>> Create(const ServerArguments& arguments);

  async::Loop& loop() { return *loop_; }
  std::unique_ptr<providers::Exchange> Open() { return upstream_->Open(); }
  // As somebody who has no key.
  std::unique_ptr<providers::Exchange> OpenWithoutKey() { return keyless_->Open(); }
  const net::TlsContext* tls() const { return tls_.get(); }  // null: plain
  // Runs `task` on the link's loop to its end.
  void Run(async::Task<void> task);

 private:
  ServerLink() = default;
  static async::Task<void> RunThenStop(ServerLink* link, async::Task<void> task);

  std::unique_ptr<async::Loop> loop_;
  std::unique_ptr<net::Resolver> resolver_;
  std::shared_ptr<const net::TlsContext> tls_;
  std::unique_ptr<providers::HttpUpstream> upstream_;
  std::unique_ptr<providers::HttpUpstream> keyless_;
};

}  // namespace signalbox::cli
