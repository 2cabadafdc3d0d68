// Works out by itself whether a request is signed as Amazon wants it (Signature Version 4), from
// the request's bytes. Test support.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <ctime>
#include <set>
#include <string>

#include "base/core/time.h"
#include "io/store/s3/s3_asked_testing.h"

namespace signalbox::s3 {

inline std::string Sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  return digest;
}

inline std::string Hmac(const std::string& key, const std::string& text) {
  std::string digest(32, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &size);
  return digest;
}

inline std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

inline std::string CanonicalQuery(const std::string& query) {
  std::set<std::string> sorted;
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    sorted.insert(std::string(one) + (one.find('=') == one.npos ? "=" : ""));
  }
  std::string text;
  for (const std::string& one : sorted) {
    text += (text.empty() ? "" : "&") + one;
  }
  return text;
}

// Empty when the request is signed right, else the code of the error.
inline std::string Judge(const Asked& asked, const S3ServerOptions& options) {
  const std::string given = asked.Field("authorization");
  const std::string time = asked.Field("x-amz-date");
  if (given.empty() || time.size() != 16) {
    return "AccessDenied";
  }
  std::tm parts{};
  strptime(time.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  const core::WallTime signed_at{std::chrono::seconds(timegm(&parts))};
  if (std::chrono::abs(core::WallNow() - signed_at) > std::chrono::minutes(15)) {
    return "RequestTimeTooSkewed";
  }
  const std::string scope = fmt::format("{}/{}/s3/aws4_request", time.substr(0, 8), options.region);
  if (given.find("Credential=" + options.access_key_id + "/") == given.npos) {
    return "InvalidAccessKeyId";
  }
  if (given.find("/" + scope + ",") == given.npos) {
    return "AuthorizationHeaderMalformed";
  }
  if (asked.Field("x-amz-security-token") != options.session_token) {
    return "InvalidToken";
  }
  if (asked.Field("x-amz-content-sha256") != Hex(Sha256(asked.body))) {
    return "XAmzContentSHA256Mismatch";
  }
  const std::size_t begin = given.find("SignedHeaders=") + 14;
  const std::string names = given.substr(begin, given.find(',', begin) - begin);
  std::string canonical =
      asked.method + "\n" + asked.path + "\n" + CanonicalQuery(asked.query) + "\n";
  std::string rest = names + ";";
  std::set<std::string> signed_names;
  while (!rest.empty()) {
    const std::string name = rest.substr(0, rest.find(';'));
    rest.erase(0, name.size() + 1);
    signed_names.insert(name);
    canonical += name + ":" + asked.Field(name) + "\n";
  }
  for (const auto& [name, value] : asked.fields) {
    if ((name.starts_with("x-amz-") || name == "host") && !signed_names.contains(name)) {
      return "AccessDenied";  // "There were headers present in the request which were not signed"
    }
  }
  canonical += "\n" + names + "\n" + asked.Field("x-amz-content-sha256");
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope, Hex(Sha256(canonical)));
  std::string key = "AWS4" + options.secret_access_key;
  for (const std::string& step :
       {time.substr(0, 8), options.region, std::string("s3"), std::string("aws4_request")}) {
    key = Hmac(key, step);
  }
  return given.ends_with(", Signature=" + Hex(Hmac(key, to_sign))) ? "" : "SignatureDoesNotMatch";
}

}  // namespace signalbox::s3
