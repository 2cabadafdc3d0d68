#include "surface/api/access.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

#include "io/net/listener.h"
#include "pipeline/identity/token.h"

namespace signalbox::api {
namespace {

using core::ErrorCode;
using core::Fail;

std::string Digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

// The host of "host[:port]", without brackets. The head's parser has checked its form.
std::string_view HostName(std::string_view host) {
  if (host.starts_with('[')) {
    return host.substr(1, host.find(']') - 1);
  }
  return host.substr(0, host.find(':'));
}

bool ChangesState(net::Method method) {
  return method != net::Method::kGet && method != net::Method::kHead;
}

// Whether a page from elsewhere sent this. Browsers say so in Sec-Fetch-Site or Origin; other
// clients send neither.
bool FromAnotherSite(const net::RequestHead& head) {
  const std::string_view site = head.fields.Get("sec-fetch-site");
  if (site == "cross-site" || site == "same-site") {
    return true;
  }
  const net::Field* origin = head.fields.Find("origin");
  if (origin == nullptr) {
    return false;
  }
  std::string_view text = origin->value;
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) {
    return true;  // "null": a sandboxed or local page
  }
  text.remove_prefix(scheme + 3);
  return !net::EqualsIgnoreCase(text, head.host);
}

std::string_view Credential(const net::RequestHead& head) {
  constexpr std::string_view kBearer = "bearer ";
  const std::string_view authorization = head.fields.Get("authorization");
  if (authorization.size() > kBearer.size() &&
      net::EqualsIgnoreCase(authorization.substr(0, kBearer.size()), kBearer)) {
    return authorization.substr(kBearer.size());
  }
  for (const char* field : {"x-api-key", "x-goog-api-key", "api-key"}) {
    if (const std::string_view key = head.fields.Get(field); !key.empty()) {
      return key;
    }
  }
  // Google's older clients send it in the URL; no other path takes it from there.
  constexpr std::string_view kParameter = "key=";
  const bool google = head.path.starts_with("/v1beta/") || head.path.starts_with("/v1/models/");
  for (std::string_view rest = google ? head.query : std::string_view(); !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    if (rest.substr(0, end).starts_with(kParameter)) {
      return rest.substr(kParameter.size(), end - kParameter.size());
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

}  // namespace

const config::Table<AccessOptions>& AccessTable() {
  static const auto table =
      config::Table<AccessOptions>("access", "Who may use Signalbox.")
          .Add("key", &AccessOptions::key,
               {.doc = "The key that clients send as a bearer token, or in x-api-key, "
                       "x-goog-api-key or api-key; at least 16 characters; without one Signalbox "
                       "listens on loopback only.",
                .min = 16});
  return table;
}

AccessRules::AccessRules(const AccessOptions& options)
    : key_digest_(options.key.empty() ? std::string() : Digest(options.key.Reveal())) {}

core::Status AccessRules::CheckGuards(const net::RequestHead& head,
                                      const Verifier* verifier) const {
  const bool open = !has_key() && (verifier == nullptr || verifier->open());
  if (open && !head.host.empty() && !net::IsLoopback(HostName(head.host))) {
    return Fail(ErrorCode::kMisdirected,
                "without an access key only the names localhost, 127.0.0.1 and [::1] are answered; "
                "set access.key to serve others");
  }
  if (ChangesState(head.method) && FromAnotherSite(head)) {
    return Fail(ErrorCode::kForbidden, "a page of another site may not send this request");
  }
  return {};
}

Known AccessRules::Recognize(const net::RequestHead& head, const Rule& rule, Verifier* verifier,
                             core::WallTime now) const {
  if (rule.open()) {
    return request::Principal::Anonymous();
  }
  Known known = Identify(Credential(head), verifier, now);
  if (known && *known) {
    if (auto allowed = rule.Check(**known); !allowed) {
      return std::unexpected(std::move(allowed).error());
    }
  }
  return known;
}

async::Task<core::Result<request::Principal>> AccessRules::Ask(const net::RequestHead& head,
                                                               Rule rule, Verifier& verifier,
                                                               core::WallTime now,
                                                               async::Deadline deadline) {
  auto principal = co_await verifier.Ask(std::string(Credential(head)), now, deadline);
  if (principal) {
    SB_CO_CHECK_OK(rule.Check(*principal));
  }
  co_return principal;
}

Known AccessRules::Identify(std::string_view credential, Verifier* verifier,
                            core::WallTime now) const {
  if (has_key()) {
    const std::string digest = Digest(credential);
    if (CRYPTO_memcmp(digest.data(), key_digest_.data(), key_digest_.size()) == 0) {
      return request::Principal{.id = "access-key", .grant = nullptr};
    }
  }
  if (verifier != nullptr && (!has_key() || !credential.empty())) {
    Known known = verifier->Recognize(credential, now);
    // What is nobody's and has no key's form was meant to be the access key, where there is one.
    if (!known || *known || !has_key() || credential.starts_with(identity::kTokenStart) ||
        known->error().code != ErrorCode::kUnauthenticated) {
      return known;
    }
  }
  if (!has_key()) {
    return request::Principal::Anonymous();
  }
  return Fail(ErrorCode::kUnauthenticated,
              credential.empty()
                  ? "the access key is missing: send it as 'Authorization: Bearer KEY'"
                  : "the access key is wrong: send the one that access.key of Signalbox's "
                    "configuration has, not a provider's");
}

}  // namespace signalbox::api
