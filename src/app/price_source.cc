#include "app/price_source.h"

#include "app/price_file.h"
#include "base/async/gate.h"
#include "base/async/loop.h"
#include "base/config/values.h"
#include "io/net/resolver.h"
#include "io/net/tls.h"
#include "vendors/providers/media_fetcher.h"

namespace signalbox::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds kPatience = 60s;
constexpr std::uint64_t kMostMebibytes = 64;  // the public list has two

core::Error Unreadable(const std::string& from, std::string_view why) {
  return {core::ErrorCode::kInvalidRequest, from + ": " + std::string(why), {}, {}};
}

async::Task<void> FetchThenStop(async::Loop* loop, providers::MediaFetcher* fetcher,
                                std::string url, core::Result<providers::FetchedMedia>* out) {
  *out = co_await fetcher->Fetch(std::move(url), {.at = loop->now() + kPatience});
  loop->Stop();
}

core::Result<std::string> Fetch(const std::string& url) {
  const auto parsed = config::ParseUrl(url);
  if (!parsed) {
    return std::unexpected(Unreadable(url, "expected a URL such as https://example.com/list.json"));
  }
  SB_TRY(const auto loop, async::Loop::Create());
  net::Resolver resolver(*loop);
  SB_TRY(auto tls, net::TlsContext::ForClient(""));
  // Whoever runs the command has chosen the host.
  providers::MediaFetcher fetcher(
      *loop, resolver, std::make_shared<const net::TlsContext>(std::move(tls)),
      {.bytes = config::MiB(kMostMebibytes), .time = kPatience, .allow = {parsed->host}});
  core::Result<providers::FetchedMedia> fetched;
  {
    async::Gate gate(*loop);
    gate.Spawn(FetchThenStop(loop.get(), &fetcher, url, &fetched));
    loop->Run();
  }
  if (!fetched) {
    return std::unexpected(Unreadable(url, fetched.error().message));
  }
  return std::move(fetched->bytes);
}

}  // namespace

core::Result<std::string> ReadPriceSource(const std::string& from) {
  if (from.starts_with("http://") || from.starts_with("https://")) {
    return Fetch(from);
  }
  auto text = ReadPriceFile(from == "-" ? "/dev/stdin" : from);
  if (!text || text->empty()) {
    return std::unexpected(
        Unreadable(from,
                   "cannot be read, or is empty; the list is LiteLLM's "
                   "model_prices_and_context_window.json, or rows as the catalogue has them"));
  }
  return *std::move(text);
}

}  // namespace signalbox::app
