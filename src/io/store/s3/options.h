// The section `s3`: a bucket of Amazon S3, Cloudflare R2, MinIO or anything else that speaks S3.
//
// Owner:   the configuration. Threads: read only once made. Errors: the table's; CheckOptions says
//          what does not fit together. Cancel: nothing waits.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/config/table.h"
#include "base/core/error.h"

namespace signalbox::s3 {

struct S3Options {
  std::string bucket;
  std::string prefix;                   // of all keys: "signalbox/"
  std::string region = "us-east-1";     // "auto" for R2
  std::optional<config::Url> endpoint;  // unset: Amazon's of the region
  bool path_style = false;              // the bucket in the path, not in the host name
  std::string access_key_id;
  config::Secret secret_access_key;
  config::Secret session_token;
  bool checksums = true;
  config::ByteSize part_size = config::MiB(8);  // also what a Put holds in memory
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds(5);
  std::chrono::nanoseconds stall_timeout = std::chrono::seconds(30);
  int tries = 5;
  std::string ca_file;  // empty: the system's
};
const config::Table<S3Options>& S3Table();

core::Status CheckOptions(const S3Options& options);

}  // namespace signalbox::s3
