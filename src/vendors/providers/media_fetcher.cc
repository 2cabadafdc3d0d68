#include "vendors/providers/media_fetcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/providers/http_upstream.h"

namespace signalbox::providers {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr int kMostRedirects = 3;

// What went wrong without the advice behind it, which is for those who configure providers.
std::unexpected<core::Error> Refuse(std::string_view host, std::string_view why) {
  why = why.substr(0, why.find("; check"));
  return Fail(ErrorCode::kInvalidRequest, fmt::format("fetching from {}: {}", host, why));
}

std::string_view WithoutParameters(std::string_view media_type) {
  media_type = media_type.substr(0, media_type.find(';'));
  while (media_type.ends_with(' ')) {
    media_type.remove_suffix(1);
  }
  return media_type;
}

// Where a redirect leads, read against where it was.
std::string Against(const config::Url& base, std::string_view location) {
  if (location.find("://") != location.npos) {
    return std::string(location);
  }
  const bool v6 = base.host.find(':') != base.host.npos;
  const std::string origin = fmt::format("{}://{}{}{}:{}", base.scheme, v6 ? "[" : "", base.host,
                                         v6 ? "]" : "", base.port);
  if (location.starts_with("//")) {
    return base.scheme + ":" + std::string(location);
  }
  if (location.starts_with('/')) {
    return origin + std::string(location);
  }
  const std::string path = base.path.substr(0, base.path.find('?'));
  return origin + path.substr(0, path.rfind('/') + 1) + std::string(location);
}

}  // namespace

// What one request came to: the thing itself, or where it is.
struct MediaFetcher::Hop {
  FetchedMedia media;
  std::string location;
};

const config::Table<MediaOptions>& MediaTable() {
  using namespace std::chrono_literals;
  static const auto table =
      config::Table<MediaOptions>("media",
                                  "Pictures and documents that requests name by URL, for vendors "
                                  "that take nothing but their bytes.")
          .Add("fetch", &MediaOptions::fetch,
               {.doc = "Whether they are fetched; otherwise such a request is refused."})
          .Add("bytes", &MediaOptions::bytes,
               {.doc = "How large one of them may be.",
                .min = config::KiB(1),
                .max = config::MiB(200)})
          .Add("time", &MediaOptions::time,
               {.doc = "How long fetching one may take, redirects included.",
                .min = 10ms,
                .max = 5min})
          .Add("allow", &MediaOptions::allow,
               {.doc = "Hosts that may be fetched from although their addresses are private; "
                       "others are fetched from the public internet alone."});
  return table;
}

MediaFetcher::MediaFetcher(async::Loop& loop, net::Resolver& resolver,
                           std::shared_ptr<const net::TlsContext> tls, MediaOptions options)
    : loop_(loop), resolver_(resolver), tls_(std::move(tls)), options_(std::move(options)) {}

core::Result<config::Url> MediaFetcher::CheckUrl(const std::string& text) const {
  const auto url = config::ParseUrl(text);
  if (!url || (url->scheme != "https" && url->scheme != "http") || url->host.empty()) {
    return Fail(ErrorCode::kInvalidRequest, "an http or https URL was expected");
  }
  if (url->host.find('@') != url->host.npos) {
    return Fail(ErrorCode::kInvalidRequest, "a URL with credentials is not fetched");
  }
  if (url->scheme == "https" && tls_ == nullptr) {
    return Refuse(url->host, "there is no TLS here");
  }
  return *url;
}

async::Task<core::Result<FetchedMedia>> MediaFetcher::Fetch(std::string url,
                                                            async::Deadline deadline) {
  if (!options_.fetch) {
    co_return Fail(ErrorCode::kInvalidRequest,
                   "this model takes the content alone, and media.fetch is off: send it inline");
  }
  const async::Deadline until = deadline.Earlier(loop_.now() + options_.time);
  for (int hops = 0; hops <= kMostRedirects; ++hops) {
    SB_CO_TRY(const config::Url checked, CheckUrl(url));
    auto hop = co_await FetchOnce(checked, until);
    if (!hop) {
      co_return std::unexpected(std::move(hop).error());
    }
    if (hop->location.empty()) {
      co_return std::move(hop->media);
    }
    url = Against(checked, hop->location);
    if (checked.scheme == "https" && !url.starts_with("https:")) {
      co_return Refuse(checked.host, "it leads from https to what anybody could change on the way");
    }
  }
  co_return Fail(ErrorCode::kInvalidRequest, "the URL leads on and on by redirects");
}

async::Task<core::Result<MediaFetcher::Hop>> MediaFetcher::FetchOnce(config::Url url,
                                                                     async::Deadline deadline) {
  Provider place;
  place.name = url.host;
  place.base_url = url;
  const std::string path = url.path.empty() ? "/" : url.path;
  place.base_url.path.clear();
  place.keys.push_back({});
  place.public_only = std::ranges::find(options_.allow, url.host) == options_.allow.end();
  place.options.timeouts.first_byte = options_.time;
  place.options.timeouts.idle = options_.time;
  place.options.limits.answer_bytes = options_.bytes;
  HttpUpstream upstream(loop_, resolver_, tls_, std::move(place));
  const auto exchange = upstream.Open();
  auto head = co_await exchange->Send({.method = "GET", .path = path, .accept = "*/*"}, deadline);
  if (!head) {
    if (head.error().code == ErrorCode::kCancelled) {
      co_return std::unexpected(std::move(head).error());
    }
    co_return Refuse(url.host, head.error().message);
  }
  Hop hop;
  if (head->status >= 300 && head->status < 400) {
    for (const net::Field& field : head->fields) {
      if (net::EqualsIgnoreCase(field.name, "location")) {
        hop.location = field.value;
      }
    }
  }
  if (hop.location.empty() && head->status != 200) {
    co_return Refuse(url.host, fmt::format("it answered {}", head->status));
  }
  hop.media.media_type = WithoutParameters(head->content_type);
  if (hop.location.empty()) {
    auto bytes = co_await exchange->ReadAll(deadline);
    if (!bytes) {
      co_return Refuse(url.host, bytes.error().message);
    }
    hop.media.bytes = *bytes;
  }
  co_return hop;
}

}  // namespace signalbox::providers
