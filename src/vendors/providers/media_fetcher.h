// Fetches what a request names by its URL, for vendors that take nothing but the bytes.
//
// Owner:   the gateway, one per worker.
// Threads: the worker's.
// Errors:  kInvalidRequest that says what is wrong with the URL or what it leads to: it is the
//          caller's. kDeadlineExceeded when it takes longer than `MediaOptions::time`.
// Cancel:  the connection closes.
//
// The caller chose the host, so nothing is believed: only http and https, no credentials in the
// URL, and only addresses of the public internet or of hosts that the operator allows. The address
// is checked as it is connected to, again after each redirect (a name may lead elsewhere the second
// time). Nothing of ours is sent along.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/async/loop.h"
#include "base/async/task.h"
#include "base/config/table.h"
#include "io/net/resolver.h"
#include "io/net/tls.h"

namespace signalbox::providers {

// The `media` section of the configuration.
struct MediaOptions {
  bool fetch = true;
  config::ByteSize bytes = config::MiB(20);  // of one thing that is fetched
  std::chrono::nanoseconds time{std::chrono::seconds(15)};
  std::vector<std::string> allow;  // hosts that may be fetched from although they are not public
};
const config::Table<MediaOptions>& MediaTable();

struct FetchedMedia {
  std::string bytes;
  std::string media_type;  // as the server says, without parameters; may be empty
};

class MediaFetcher {
 public:
  // `tls` believes the system's authorities; null: https cannot be fetched.
  MediaFetcher(async::Loop& loop, net::Resolver& resolver,
               std::shared_ptr<const net::TlsContext> tls, MediaOptions options);

  void Adopt(MediaOptions options) { options_ = std::move(options); }

  async::Task<core::Result<FetchedMedia>> Fetch(std::string url, async::Deadline deadline);

 private:
  struct Hop;
  async::Task<core::Result<Hop>> FetchOnce(config::Url url, async::Deadline deadline);
  core::Result<config::Url> CheckUrl(const std::string& text) const;

  async::Loop& loop_;
  net::Resolver& resolver_;
  std::shared_ptr<const net::TlsContext> tls_;
  MediaOptions options_;
};

}  // namespace signalbox::providers
