// One issuer's public keys, fetched when they are needed and kept.
//
// Owner:   Logins, one per worker and issuer (shared with a fetch that goes on).
// Threads: the worker's.
// Errors:  kUnavailable while the wanted key is not there and the issuer cannot be asked for it;
//          keys that are there stay good meanwhile.
// Cancel:  whoever waits stops waiting; a fetch that has begun goes on for the others.
//
// Fetched when older than kKeepKeys, and at once for a key that is not among them: so a key that
// the issuer begins to sign with is found with its first token. Whoever sends made-up key ids makes
// nobody ask: after a search that found nothing the next is kSearchEach later. A fetch that failed
// is tried again after a second, then two, and so on up to kMostPause.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/async/event.h"
#include "base/async/gate.h"
#include "base/async/loop.h"
#include "base/async/task.h"
#include "pipeline/identity/jwk.h"
#include "pipeline/identity/options.h"
#include "vendors/providers/media_fetcher.h"

namespace signalbox::identity {

inline constexpr std::chrono::hours kKeepKeys{1};
inline constexpr std::chrono::seconds kSearchEach{30};
inline constexpr std::chrono::seconds kLeastPause{1};
inline constexpr std::chrono::seconds kMostPause{60};
inline constexpr std::chrono::seconds kFetchTime{10};

class KeySource : public std::enable_shared_from_this<KeySource> {
 public:
  using Keys = std::shared_ptr<const KeySet>;

  KeySource(async::Loop& loop, async::Gate& gate, net::Resolver& resolver,
            std::shared_ptr<const net::TlsContext> tls, const IssuerOptions& issuer);

  // The keys, among them the wanted one if the issuer has it.
  async::Task<core::Result<Keys>> Get(std::string key_id, Algorithm algorithm,
                                      async::Deadline deadline);

 private:
  // The key that a token names.
  struct Wanted {
    std::string id;
    Algorithm algorithm;
  };

  bool Has(const Wanted& wanted) const;
  bool MayFetch(const Wanted& wanted) const;
  // Holds the source: a reload may drop it meanwhile.
  static async::Task<void> Fetch(std::shared_ptr<KeySource> self, Wanted wanted);
  async::Task<core::Result<KeySet>> FetchKeys();
  void Take(core::Result<KeySet> fetched, const Wanted& wanted);

  async::Loop& loop_;
  async::Gate& gate_;
  providers::MediaFetcher fetcher_;
  const std::string issuer_;
  const std::string jwks_url_;  // empty: the issuer's description says it
  Keys keys_;
  core::MonoTime got_{};
  core::MonoTime next_try_{};     // after one that failed
  core::MonoTime next_search_{};  // after one that found nothing
  std::chrono::seconds pause_{0};
  bool failed_ = false;                 // the last fetch
  std::vector<async::Event*> waiting_;  // for the fetch that goes on
  bool fetching_ = false;
};

}  // namespace signalbox::identity
