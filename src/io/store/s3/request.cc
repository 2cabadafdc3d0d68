#include "io/store/s3/request.h"

#include <fmt/format.h>

namespace signalbox::s3 {
namespace {

std::string Host(const config::Url& url) {
  const bool usual = url.port == 0 || url.port == (url.scheme == "https" ? 443 : 80);
  const bool v6 = url.host.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + url.host + "]" : url.host;
  return usual ? host : fmt::format("{}:{}", host, url.port);
}

std::string QueryText(const std::vector<Parameter>& query) {
  std::string text;
  for (const Parameter& parameter : query) {
    text += text.empty() ? "" : "&";
    text += Encoded(parameter.name, /*slashes=*/false) + "=" +
            Encoded(parameter.value, /*slashes=*/false);
  }
  return text;
}

// Where field lines of `text`, each with its end, are split.
void AppendLines(std::string_view text, std::vector<std::string>& lines) {
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 2);
  }
}

}  // namespace

Place Place::Of(const S3Options& options) {
  const std::string amazon = fmt::format("s3.{}.amazonaws.com", options.region);
  const std::string scheme = options.endpoint ? options.endpoint->scheme : "https";
  const std::string host = options.endpoint ? Host(*options.endpoint) : amazon;
  Place place;
  place.host = options.path_style ? host : options.bucket + "." + host;
  place.origin = scheme + "://" + place.host;
  place.path = options.path_style ? "/" + options.bucket : "";
  return place;
}

std::string Encoded(std::string_view text, bool slashes) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != kPlain.npos || (slashes && c == '/')) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

WireRequest Sign(const Request& request, const Place& place, const net::AwsCredentials& credentials,
                 core::WallTime now) {
  const std::string path = place.path + "/" + Encoded(request.key, /*slashes=*/true);
  const std::string query = QueryText(request.query);
  const std::string hash =
      request.body_sha256.empty() ? net::Sha256Hex(request.body) : request.body_sha256;
  WireRequest wire{.url = place.origin + path + (query.empty() ? "" : "?" + query), .lines = {}};
  std::vector<net::SignedField> fields = {{"x-amz-content-sha256", hash}};
  wire.lines.push_back("x-amz-content-sha256: " + hash);
  for (const RequestField& field : request.fields) {
    fields.push_back({field.name, field.value});
    wire.lines.push_back(field.name + ": " + field.value);
  }
  if (credentials.access_key_id.empty()) {  // a service that asks for no credentials
    return wire;
  }
  std::string added;
  net::AppendSigned(credentials, net::SigningKey::Derive(credentials, now),
                    {.method = request.method,
                     .host = place.host,
                     .path = path,
                     .query = query,
                     .payload_sha256 = hash,
                     .fields = fields},
                    now, added);
  AppendLines(added, wire.lines);
  return wire;
}

}  // namespace signalbox::s3
