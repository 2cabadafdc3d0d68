// A request to the tests' S3 as its operations see it, and what they answer. Test support.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "io/net/http_head.h"

namespace signalbox::s3 {

struct S3ServerOptions {
  std::string bucket = "episodes-test";
  std::string region = "eu-test-1";
  std::string access_key_id = "AKIDTEST";
  std::string secret_access_key = "canary-secret-key";
  std::string session_token;  // empty: none is wanted
  std::size_t smallest_part = 5U << 20;
};

// The same words for the request and for the tests.
struct S3Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
};

inline S3Reply Error(int status, std::string_view code) {
  return {.status = status,
          .fields = {{"x-amz-request-id", "TEST1234"}, {"content-type", "application/xml"}},
          .body = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code>"
                              "<Message>About {}</Message></Error>",
                              code, code)};
}

// A request as the operations see it.
struct Asked {
  std::string method;
  std::string path;
  std::string query;
  std::string host;
  std::map<std::string, std::string> fields;
  std::map<std::string, std::string> parameters;  // decoded
  std::string key;                                // decoded; empty: the bucket
  std::string body;

  std::string Field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
  }
};

inline std::string Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

inline Asked ReadAsked(const net::RequestHead& head, std::string_view body,
                       const std::string& bucket) {
  Asked asked{.method = std::string(Name(head.method)),
              .path = std::string(head.path),
              .query = std::string(head.query),
              .host = std::string(head.host),
              .fields = {},
              .parameters = {},
              .key = {},
              .body = std::string(body)};
  for (const net::Field& field : head.fields.all()) {
    std::string name(field.name);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    asked.fields[name] = field.value;
  }
  std::string_view rest = asked.query;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const std::size_t equals = std::min(one.find('='), one.size());
    asked.parameters[Decoded(one.substr(0, equals))] =
        equals < one.size() ? Decoded(one.substr(equals + 1)) : "";
  }
  const std::string in_path = "/" + bucket;
  if (asked.host.starts_with(bucket + ".")) {
    asked.key = Decoded(std::string_view(asked.path).substr(1));
  } else if (asked.path == in_path || asked.path == in_path + "/") {
    asked.key = "";
  } else if (asked.path.starts_with(in_path + "/")) {
    asked.key = Decoded(std::string_view(asked.path).substr(in_path.size() + 1));
  } else {
    asked.key = "no such bucket";
  }
  return asked;
}

}  // namespace signalbox::s3
