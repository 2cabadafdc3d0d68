#include "io/store/s3/options.h"

#include <algorithm>

#include "io/store/object_key.h"

namespace signalbox::s3 {
namespace {

using namespace std::chrono_literals;

core::Status Bad(std::string_view key, std::string_view rule) {
  return core::Fail(core::ErrorCode::kInvalidRequest, std::string(rule), "s3." + std::string(key));
}

// The rules of bucket names: they stand in host names.
bool IsBucket(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && name.front() != '.' && name.front() != '-' &&
         name.back() != '.' && name.back() != '-' && name.find("..") == name.npos &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

bool IsRegion(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

const config::Table<S3Options>& S3Table() {
  static const auto table =
      config::Table<S3Options>("s3", "A bucket of Amazon S3, Cloudflare R2, MinIO and their like.")
          .Add("bucket", &S3Options::bucket, {.doc = "The bucket's name.", .restart = true})
          .Add("prefix", &S3Options::prefix,
               {.doc = "What the keys of all objects begin with, such as signalbox/.",
                .restart = true})
          .Add("region", &S3Options::region,
               {.doc = "The bucket's region; auto for R2.", .restart = true})
          .Add("endpoint", &S3Options::endpoint,
               {.doc = "Where the service is; without it Amazon's of the region.", .restart = true})
          .Add("path_style", &S3Options::path_style,
               {.doc = "Puts the bucket into the path instead of the host name, as MinIO wants it.",
                .restart = true})
          .Add("access_key_id", &S3Options::access_key_id,
               {.doc = "The name of the access key.", .restart = true})
          .Add("secret_access_key", &S3Options::secret_access_key,
               {.doc = "The access key.", .restart = true})
          .Add("session_token", &S3Options::session_token,
               {.doc = "The token of a session, for keys that last a while.", .restart = true})
          .Add("checksums", &S3Options::checksums,
               {.doc = "Has the service keep and check SHA-256 sums; off for one that cannot.",
                .restart = true})
          .Add("part_size", &S3Options::part_size,
               {.doc = "Larger objects go up in parts of this size, 10,000 at most; a Put holds "
                       "one in memory.",
                .min = config::MiB(5),
                .max = config::GiB(1),
                .restart = true})
          .Add("connect_timeout", &S3Options::connect_timeout,
               {.doc = "To connect.", .min = 100ms, .max = 5min, .restart = true})
          .Add(
              "stall_timeout", &S3Options::stall_timeout,
              {.doc = "Without a byte in either direction.", .min = 1s, .max = 1h, .restart = true})
          .Add("tries", &S3Options::tries,
               {.doc = "Of a request that fails in a way that may pass.",
                .min = 1,
                .max = 20,
                .restart = true})
          .Add("ca_file", &S3Options::ca_file,
               {.doc = "PEM file of certificates to trust instead of the system's.",
                .restart = true});
  return table;
}

core::Status CheckOptions(const S3Options& options) {
  if (!IsBucket(options.bucket)) {
    return Bad("bucket", "a bucket's name is 3 to 63 of a-z 0-9 . -");
  }
  if (!IsRegion(options.region)) {
    return Bad("region", "expected a region, such as eu-central-1");
  }
  if (!options.prefix.empty() &&
      (!options.prefix.ends_with('/') || !store::CheckPrefix(options.prefix))) {
    return Bad("prefix", "expected folders with a slash at the end, such as signalbox/");
  }
  if (options.access_key_id.empty() != options.secret_access_key.empty()) {
    return Bad("access_key_id", "access_key_id and secret_access_key go together");
  }
  if (options.access_key_id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                              "0123456789-_=+/.") != std::string::npos) {
    return Bad("access_key_id", "it has characters that no access key's name has");
  }
  if (std::ranges::any_of(options.session_token.Reveal(),
                          [](char c) { return c < '!' || c > '~'; })) {
    return Bad("session_token", "it has characters that no token has");
  }
  if (options.endpoint && options.endpoint->path.size() > 1) {
    return Bad("endpoint", "expected no path: the bucket and the prefix have keys of their own");
  }
  return {};
}

}  // namespace signalbox::s3
