// AWS Signature Version 4: what a request to AWS must say to prove who sends it.
//
// Owner:   the caller; all plain data and pure functions of it and of the time given.
// Threads: any.
// Errors:  none.
// Cancel:  nothing to undo.
// Source:  AWS, "Create a signed AWS API request" (IAM user guide).
//
//   if (!key || !key->GoodFor(now)) key = SigningKey::Derive(credentials, now);   // once a day
//   AppendSigned(credentials, *key, {…}, now, head);
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/core/time.h"

namespace signalbox::net {

struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: none
  std::string region;         // "us-east-1"
  std::string service;        // "bedrock": the name to sign for, not the host's
};

using Sha256Digest = std::array<unsigned char, 32>;

// In lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);
// The same of a body that lies in pieces.
std::string Sha256Hex(std::span<const std::string_view> pieces);

// The key that signs the requests of one day (UTC), region and service.
class SigningKey {
 public:
  static SigningKey Derive(const AwsCredentials& credentials, core::WallTime now);

  bool GoodFor(core::WallTime now) const;
  const Sha256Digest& digest() const { return digest_; }

 private:
  Sha256Digest digest_{};
  std::int64_t day_ = 0;  // since 1970
};

struct SignedField {
  std::string_view name;  // in lower case
  std::string_view value;
};

struct SigningRequest {
  std::string_view method;
  std::string_view host;   // as the Host field has it, with a port that is not the scheme's own
  std::string_view path;   // as in the request line, percent-encoded
  std::string_view query;  // as in the request line, without the question mark
  std::string_view payload_sha256;           // Sha256Hex of the body
  std::span<const SignedField> fields = {};  // beside host and the ones that signing adds
};

// The canonical form of a request, which is what is signed, and the names of its fields; for tests
// and for people who are told that their signature does not match.
struct CanonicalRequest {
  std::string text;
  std::string signed_fields;  // "content-type;host;x-amz-date"
};
CanonicalRequest Canonical(const AwsCredentials& credentials, const SigningRequest& request,
                           core::WallTime now);

// Appends the fields "x-amz-date", "x-amz-security-token" where there is a token, and
// "authorization", each with its line end. `key` is good for `now`.
void AppendSigned(const AwsCredentials& credentials, const SigningKey& key,
                  const SigningRequest& request, core::WallTime now, std::string& out);

}  // namespace signalbox::net
