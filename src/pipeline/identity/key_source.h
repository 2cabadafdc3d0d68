// One issuer's public keys, fetched when they are needed and kept.
//
// Owner:   Logins, one per worker and issuer (shared with a fetch that goes on). Threads: the
// worker's. Errors:  kUnavailable when there are no keys yet and none can be fetched; keys that are
// there stay
//          good while the issuer is away.
// Cancel:  whoever waits stops waiting; a fetch that has begun goes on for the others.
//
// Fetched when older than kKeepKeys, and for a key that is not among them, but never twice within
// kFetchEach: whoever sends made-up key ids makes nobody ask.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/async/event.h"
#include "base/async/gate.h"
#include "base/async/loop.h"
#include "base/async/task.h"
#include "pipeline/identity/jwk.h"
#include "vendors/providers/media_fetcher.h"

namespace signalbox::identity {

inline constexpr std::chrono::minutes kFetchEach{1};
inline constexpr std::chrono::hours kKeepKeys{1};
inline constexpr std::chrono::seconds kFetchTime{10};

class KeySource : public std::enable_shared_from_this<KeySource> {
 public:
  KeySource(async::Loop& loop, async::Gate& gate, net::Resolver& resolver,
            std::shared_ptr<const net::TlsContext> tls, const config::Url& url);

  // The keys, among them the wanted one if the issuer has it.
  async::Task<core::Result<std::shared_ptr<const KeySet>>> Get(std::string key_id,
                                                               Algorithm algorithm,
                                                               async::Deadline deadline);

 private:
  bool MayFetch() const;
  // Holds the source: a reload may drop it meanwhile.
  static async::Task<void> Fetch(std::shared_ptr<KeySource> self);
  async::Task<void> FetchOnce();

  async::Loop& loop_;
  async::Gate& gate_;
  providers::MediaFetcher fetcher_;
  const std::string url_;
  std::shared_ptr<const KeySet> keys_;
  core::MonoTime fetched_{};  // began; zero: never
  core::MonoTime got_{};
  std::vector<async::Event*> waiting_;  // for the fetch that goes on
  bool fetching_ = false;
};

}  // namespace signalbox::identity
