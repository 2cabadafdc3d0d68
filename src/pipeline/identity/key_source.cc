#include "pipeline/identity/key_source.h"

#include <algorithm>

#include "base/telemetry/log.h"

namespace signalbox::identity {
namespace {

providers::MediaOptions FetchOptions(const config::Url& url) {
  providers::MediaOptions options;
  options.bytes = {kMostKeySetBytes};
  options.time = kFetchTime;
  options.allow = {url.host};  // the operator chose it, so it may be a private one
  return options;
}

}  // namespace

KeySource::KeySource(async::Loop& loop, async::Gate& gate, net::Resolver& resolver,
                     std::shared_ptr<const net::TlsContext> tls, const config::Url& url)
    : loop_(loop),
      gate_(gate),
      fetcher_(loop, resolver, std::move(tls), FetchOptions(url)),
      url_(url.text) {}

bool KeySource::MayFetch() const {
  return fetched_ == core::MonoTime{} || loop_.now() >= fetched_ + kFetchEach;
}

async::Task<core::Result<std::shared_ptr<const KeySet>>> KeySource::Get(std::string key_id,
                                                                        Algorithm algorithm,
                                                                        async::Deadline deadline) {
  const bool known = keys_ != nullptr && keys_->Find(key_id, algorithm) != nullptr;
  const bool fresh = keys_ != nullptr && loop_.now() < got_ + kKeepKeys;
  if (!fetching_ && !(known && fresh) && MayFetch()) {
    fetching_ = true;
    fetched_ = loop_.now();
    if (!gate_.Spawn(Fetch(shared_from_this()))) {
      fetching_ = false;
    }
  }
  // Keys that are merely old are good enough while newer ones come.
  if (fetching_ && !known) {
    async::Event done(loop_);
    waiting_.push_back(&done);
    co_await done.Wait(deadline);
    std::erase(waiting_, &done);
  }
  if (keys_ == nullptr) {
    co_return core::Fail(core::ErrorCode::kUnavailable,
                         "the issuer's keys cannot be fetched now; try again");
  }
  co_return keys_;
}

async::Task<void> KeySource::Fetch(std::shared_ptr<KeySource> self) {
  co_await self->FetchOnce();
}

async::Task<void> KeySource::FetchOnce() {
  const async::Deadline deadline{.at = loop_.now() + kFetchTime,
                                 .cancellation = &gate_.cancellation()};
  auto fetched = co_await fetcher_.Fetch(url_, deadline);
  auto parsed = fetched ? KeySet::Parse(fetched->bytes)
                        : core::Result<KeySet>(std::unexpected(std::move(fetched).error()));
  if (parsed) {
    keys_ = std::make_shared<const KeySet>(*std::move(parsed));
    got_ = loop_.now();
  } else {
    telemetry::Log(telemetry::Level::kWarn, "an issuer's keys could not be fetched",
                   {{"url", url_}, {"error", parsed.error().message}});
  }
  fetching_ = false;
  for (async::Event* waiter : waiting_) {
    waiter->Set();
  }
}

}  // namespace signalbox::identity
