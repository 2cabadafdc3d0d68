#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pipeline/identity/base64url.h"
#include "pipeline/identity/jwk.h"
#include "pipeline/identity/jwt.h"

// Whatever is sent as a token or as a key set is refused or read, and what is read is as it was
// written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signalbox;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto bytes = identity::FromBase64Url(text);
      bytes && identity::ToBase64Url(*bytes) != text) {
    __builtin_trap();
  }
  identity::IssuerOptions options;
  options.audience = {"a"};
  if (const auto token = identity::Jwt::Parse(text)) {
    options.issuer = token->issuer;
    (void)identity::CheckClaims(*token, options,
                                core::WallTime(std::chrono::seconds(1'800'000'000)));
  }
  if (const auto set = identity::KeySet::Parse(text)) {
    (void)set->Find("a", identity::Algorithm::kRs256);
  }
  return 0;
}
