#include "pipeline/identity/key_source.h"

#include <algorithm>

#include "base/telemetry/log.h"
#include "pipeline/identity/discovery.h"

namespace signalbox::identity {
namespace {

using telemetry::Level;
using telemetry::Log;

// The operator named the host, so it may be a private one.
providers::MediaOptions FetchOptions(const IssuerOptions& issuer) {
  providers::MediaOptions options;
  options.bytes = {kMostKeySetBytes};
  options.time = kFetchTime;
  if (!issuer.jwks_url.text.empty()) {
    options.allow = {issuer.jwks_url.host};
  } else if (const auto url = config::ParseUrl(issuer.issuer)) {
    options.allow = {url->host};
  }
  return options;
}

}  // namespace

KeySource::KeySource(async::Loop& loop, async::Gate& gate, net::Resolver& resolver,
                     std::shared_ptr<const net::TlsContext> tls, const IssuerOptions& issuer)
    : loop_(loop),
      gate_(gate),
      fetcher_(loop, resolver, std::move(tls), FetchOptions(issuer)),
      issuer_(issuer.issuer),
      jwks_url_(issuer.jwks_url.text) {}

bool KeySource::Has(const Wanted& wanted) const {
  return keys_ != nullptr && keys_->Find(wanted.id, wanted.algorithm) != nullptr;
}

bool KeySource::MayFetch(const Wanted& wanted) const {
  const core::MonoTime now = loop_.now();
  if (fetching_ || now < next_try_) {
    return false;
  }
  const bool fresh = keys_ != nullptr && now < got_ + kKeepKeys;
  return !fresh || (!Has(wanted) && now >= next_search_);
}

async::Task<core::Result<KeySource::Keys>> KeySource::Get(std::string key_id, Algorithm algorithm,
                                                          async::Deadline deadline) {
  const Wanted wanted{std::move(key_id), algorithm};
  if (MayFetch(wanted)) {
    fetching_ = true;  // first: it may end before Spawn returns
    if (!gate_.Spawn(Fetch(shared_from_this(), wanted))) {
      fetching_ = false;
    }
  }
  // Keys that are merely old are good enough while newer ones come.
  if (fetching_ && !Has(wanted)) {
    async::Event done(loop_);
    waiting_.push_back(&done);
    co_await done.Wait(deadline);
    std::erase(waiting_, &done);
  }
  if (!Has(wanted) && (keys_ == nullptr || failed_ || fetching_)) {
    co_return std::unexpected(core::Error{core::ErrorCode::kUnavailable,
                                          "the issuer's keys cannot be fetched now; try again",
                                          {},
                                          kLeastPause});
  }
  co_return keys_;
}

async::Task<void> KeySource::Fetch(std::shared_ptr<KeySource> self, Wanted wanted) {
  auto fetched = co_await self->FetchKeys();
  self->Take(std::move(fetched), wanted);
}

async::Task<core::Result<KeySet>> KeySource::FetchKeys() {
  const async::Deadline deadline{.at = loop_.now() + kFetchTime,
                                 .cancellation = &gate_.cancellation()};
  std::string url = jwks_url_;
  if (url.empty()) {
    auto page = co_await fetcher_.Fetch(DiscoveryUrl(issuer_), deadline);
    if (!page) {
      co_return std::unexpected(std::move(page).error());
    }
    SB_CO_TRY(url, ReadJwksUrl(page->bytes, issuer_));
  }
  auto fetched = co_await fetcher_.Fetch(url, deadline);
  if (!fetched) {
    co_return std::unexpected(std::move(fetched).error());
  }
  co_return KeySet::Parse(fetched->bytes);
}

void KeySource::Take(core::Result<KeySet> fetched, const Wanted& wanted) {
  const core::MonoTime now = loop_.now();
  fetching_ = false;
  failed_ = !fetched;
  if (fetched) {
    keys_ = std::make_shared<const KeySet>(*std::move(fetched));
    got_ = now;
    pause_ = {};
    next_search_ = Has(wanted) ? core::MonoTime{} : now + kSearchEach;
  } else {
    pause_ = std::clamp(pause_ * 2, kLeastPause, kMostPause);
    next_try_ = now + pause_;
    Log(Level::kWarn, "an issuer's keys could not be fetched",
        {{"issuer", issuer_}, {"error", fetched.error().message}});
  }
  for (async::Event* waiter : waiting_) {
    waiter->Set();
  }
}

}  // namespace signalbox::identity
