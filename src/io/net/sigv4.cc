#include "io/net/sigv4.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <vector>

namespace signalbox::net {
namespace {

using Days = std::chrono::sys_days;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kS3 = "s3";  // signs paths as they are: its keys may hold any steps

Days DayOf(core::WallTime time) {
  return std::chrono::floor<std::chrono::days>(time);
}

// "20150830"
std::string DayText(core::WallTime time) {
  const std::chrono::year_month_day day(DayOf(time));
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

// "20150830T123600Z"
std::string TimeText(core::WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time - DayOf(time)).count();
  return fmt::format("{}T{:02}{:02}{:02}Z", DayText(time), seconds / 3600, seconds / 60 % 60,
                     seconds % 60);
}

std::string Hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

Sha256Digest Hmac(std::span<const unsigned char> key, std::string_view text) {
  Sha256Digest digest;
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return digest;
}

std::span<const unsigned char> BytesOf(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

std::string Scope(const AwsCredentials& credentials, core::WallTime now) {
  return fmt::format("{}/{}/{}/aws4_request", DayText(now), credentials.region,
                     credentials.service);
}

// Percent-encodes all but unreserved characters and slashes. What is encoded already is encoded
// again: AWS signs the path of every service but S3 so.
void AppendEncoded(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<unsigned char>(c) >> 4U];
      out += kDigits[static_cast<unsigned char>(c) & 15U];
    }
  }
}

// The steps of a path without empty and dotted ones (RFC 3986 section 5.2.4).
void AppendPath(std::string_view path, std::string& out) {
  std::vector<std::string_view> steps;
  const bool folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view step = path.substr(begin, end - begin);
    if (step == ".." && !steps.empty()) {
      steps.pop_back();
    } else if (!step.empty() && step != "." && step != "..") {
      steps.push_back(step);
    }
    begin = end + 1;
  }
  for (const std::string_view step : steps) {
    out += '/';
    AppendEncoded(step, out);
  }
  if (steps.empty() || folder) {
    out += '/';
  }
}

// Sorted by name, then by value.
void AppendQuery(std::string_view query, std::string& out) {
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    const std::size_t equals = std::min(one.find('='), one.size());
    if (!one.empty()) {
      parameters.emplace_back(one.substr(0, equals),
                              equals < one.size() ? one.substr(equals + 1) : std::string_view());
    }
    query.remove_prefix(std::min(one.size() + 1, query.size()));
  }
  std::ranges::sort(parameters);
  std::string_view separator;
  for (const auto& [name, value] : parameters) {
    out += separator;
    out.append(name).append("=").append(value);
    separator = "&";
  }
}

// Without white space around it, and with one space where there were several.
void AppendValue(std::string_view value, std::string& out) {
  bool space = false;
  bool begun = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      space = begun;
      continue;
    }
    if (space) {
      out += ' ';
    }
    out += c;
    space = false;
    begun = true;
  }
}

// Sorted by name; those of one name stay in their order.
void Insert(const SignedField& field, std::vector<SignedField>& fields) {
  fields.insert(std::ranges::upper_bound(fields, field.name, {}, &SignedField::name), field);
}

std::vector<SignedField> FieldsOf(const AwsCredentials& credentials, const SigningRequest& request,
                                  std::string_view time) {
  std::vector<SignedField> fields;
  fields.reserve(request.fields.size() + 3);
  for (const SignedField& field : request.fields) {
    Insert(field, fields);
  }
  Insert({"host", request.host}, fields);
  Insert({"x-amz-date", time}, fields);
  if (!credentials.session_token.empty()) {
    Insert({"x-amz-security-token", credentials.session_token}, fields);
  }
  return fields;
}

// Fields of one name are one line.
void AppendFields(const std::vector<SignedField>& fields, CanonicalRequest& out) {
  std::string_view last;
  for (const SignedField& field : fields) {
    if (field.name == last) {
      out.text.back() = ',';
    } else {
      out.text.append(field.name).append(":");
      out.signed_fields.append(last.empty() ? "" : ";").append(field.name);
    }
    AppendValue(field.value, out.text);
    out.text += '\n';
    last = field.name;
  }
}

CanonicalRequest CanonicalAt(const AwsCredentials& credentials, const SigningRequest& request,
                             std::string_view time) {
  CanonicalRequest out;
  out.text.append(request.method).append("\n");
  if (credentials.service == kS3) {
    out.text += request.path;
  } else {
    AppendPath(request.path, out.text);
  }
  out.text += '\n';
  AppendQuery(request.query, out.text);
  out.text += '\n';
  AppendFields(FieldsOf(credentials, request, time), out);
  out.text.append("\n").append(out.signed_fields).append("\n").append(request.payload_sha256);
  return out;
}

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  return Sha256Hex(std::span(&bytes, 1));
}

std::string Sha256Hex(std::span<const std::string_view> pieces) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   EVP_MD_CTX_free);
  Sha256Digest digest{};
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  for (const std::string_view piece : pieces) {
    EVP_DigestUpdate(context.get(), piece.data(), piece.size());
  }
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  return Hex(digest);
}

SigningKey SigningKey::Derive(const AwsCredentials& credentials, core::WallTime now) {
  const std::string secret = "AWS4" + credentials.secret_access_key;
  SigningKey key;
  key.day_ = DayOf(now).time_since_epoch().count();
  key.digest_ = Hmac(BytesOf(secret), DayText(now));
  key.digest_ = Hmac(key.digest_, credentials.region);
  key.digest_ = Hmac(key.digest_, credentials.service);
  key.digest_ = Hmac(key.digest_, "aws4_request");
  return key;
}

bool SigningKey::GoodFor(core::WallTime now) const {
  return DayOf(now).time_since_epoch().count() == day_;
}

CanonicalRequest Canonical(const AwsCredentials& credentials, const SigningRequest& request,
                           core::WallTime now) {
  return CanonicalAt(credentials, request, TimeText(now));
}

void AppendSigned(const AwsCredentials& credentials, const SigningKey& key,
                  const SigningRequest& request, core::WallTime now, std::string& out) {
  const std::string time = TimeText(now);
  const std::string scope = Scope(credentials, now);
  const CanonicalRequest canonical = CanonicalAt(credentials, request, time);
  const std::string to_sign =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, scope, Sha256Hex(canonical.text));
  out.append("x-amz-date: ").append(time).append("\r\n");
  if (!credentials.session_token.empty()) {
    out.append("x-amz-security-token: ").append(credentials.session_token).append("\r\n");
  }
  out.append("authorization: ").append(kAlgorithm);
  out.append(" Credential=").append(credentials.access_key_id).append("/").append(scope);
  out.append(", SignedHeaders=").append(canonical.signed_fields);
  out.append(", Signature=").append(Hex(Hmac(key.digest(), to_sign))).append("\r\n");
}

}  // namespace signalbox::net
