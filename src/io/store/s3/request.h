// One request to S3 as it goes over the wire, signed: pure.
//
// Owner:   the caller; plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/time.h"
#include "io/net/sigv4.h"
#include "io/store/s3/options.h"

namespace signalbox::s3 {

struct Parameter {
  std::string name;
  std::string value;
};
struct RequestField {
  std::string name;  // in lower case
  std::string value;
};

struct Request {
  std::string_view method;
  std::string key = {};               // whole; empty: the bucket itself
  std::vector<Parameter> query = {};  // not encoded
  std::vector<RequestField> fields = {};
  std::string_view body = {};    // valid until the request is over
  std::string body_sha256 = {};  // net::Sha256Hex of it where that is known; empty: Sign's business
};

// Where the bucket is: "https://bucket.s3.eu-west-1.amazonaws.com", "http://127.0.0.1:9000/bucket".
struct Place {
  std::string origin;  // scheme, host and port
  std::string host;    // as the Host field has it
  std::string path;    // of the bucket: "" or "/bucket"

  static Place Of(const S3Options& options);
};

struct WireRequest {
  std::string url;
  std::vector<std::string> lines;  // field lines without their ends
};

// Percent-encodes all but unreserved characters, and slashes where `slashes` says so.
std::string Encoded(std::string_view text, bool slashes);

WireRequest Sign(const Request& request, const Place& place, const net::AwsCredentials& credentials,
                 core::WallTime now);

}  // namespace signalbox::s3
