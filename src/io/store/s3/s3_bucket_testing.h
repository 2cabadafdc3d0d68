// The bucket of the tests' S3, in memory: what its operations do, once they are signed right. Test
// support.
#pragma once

#include <gtest/gtest.h>

#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "base/core/base64.h"
#include "io/store/s3/s3_signature_testing.h"

namespace signalbox::s3 {

class S3Bucket {
 public:
  explicit S3Bucket(S3ServerOptions options) : options_(std::move(options)) {}

  S3Reply Answer(const Asked& asked);

  const S3ServerOptions& options() const { return options_; }
  std::size_t open_uploads() const { return uploads_.size(); }
  bool Has(const std::string& key) const { return objects_.contains(key); }
  void PutDirectly(const std::string& key, const std::string& bytes) {
    Store(key, bytes, Hex(Sha256(bytes)).substr(0, 32), core::ToBase64(Sha256(bytes)));
  }

 private:
  struct Object {
    std::string bytes;
    std::string etag;
    std::string checksum;
    std::string modified_http;
    std::string modified_iso;
  };
  struct Upload {
    std::string key;
    bool checksums = false;
    std::map<int, Object> parts;
  };

  S3Reply Put(const Asked& asked);
  S3Reply Get(const Asked& asked);
  S3Reply List(const Asked& asked) const;
  S3Reply BeginUpload(const Asked& asked);
  S3Reply PutPart(const Asked& asked);
  S3Reply Complete(const Asked& asked);
  void Store(const std::string& key, const std::string& bytes, std::string etag,
             std::string checksum);

  const S3ServerOptions options_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Upload> uploads_;
  int next_upload_ = 0;
};

// Signalbox has no reason to make such a request.
inline S3Reply Unexpected(const Asked& asked) {
  ADD_FAILURE() << "an unexpected request: " << asked.method << " " << asked.key;
  return Error(400, "InvalidRequest");
}

inline S3Reply S3Bucket::Answer(const Asked& asked) {
  if (const std::string wrong = Judge(asked, options_); !wrong.empty()) {
    return Error(wrong.starts_with("X") || wrong.starts_with("Auth") ? 400 : 403, wrong);
  }
  if (asked.key == "no such bucket") {
    return Error(404, "NoSuchBucket");
  }
  const auto has = [&](const char* name) { return asked.parameters.contains(name); };
  if (asked.key.empty()) {
    return asked.method == "GET" && has("list-type") ? List(asked) : Unexpected(asked);
  }
  if (asked.method == "PUT" && asked.parameters.empty()) {
    return Put(asked);
  }
  if (asked.method == "PUT" && has("partNumber") && has("uploadId")) {
    return PutPart(asked);
  }
  if (asked.method == "POST" && has("uploads")) {
    return BeginUpload(asked);
  }
  if (asked.method == "POST" && has("uploadId")) {
    return Complete(asked);
  }
  if (asked.method == "DELETE" && has("uploadId")) {
    return uploads_.erase(asked.parameters.at("uploadId")) == 1 ? S3Reply{.status = 204}
                                                                : Error(404, "NoSuchUpload");
  }
  if (asked.method == "DELETE" && asked.parameters.empty()) {
    objects_.erase(asked.key);
    return {.status = 204};
  }
  if ((asked.method == "GET" || asked.method == "HEAD") && asked.parameters.empty()) {
    return Get(asked);
  }
  return Unexpected(asked);
}

inline void S3Bucket::Store(const std::string& key, const std::string& bytes, std::string etag,
                            std::string checksum) {
  const std::time_t now = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(core::WallNow()));
  std::tm parts{};
  gmtime_r(&now, &parts);
  char http[64];
  char iso[64];
  strftime(http, sizeof http, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%S.000Z", &parts);
  objects_[key] = {bytes, std::move(etag), std::move(checksum), http, iso};
}

inline S3Reply S3Bucket::Put(const Asked& asked) {
  if (asked.Field("if-none-match") == "*" && objects_.contains(asked.key)) {
    return Error(412, "PreconditionFailed");
  }
  const std::string digest = Sha256(asked.body);
  const std::string checksum = asked.Field("x-amz-checksum-sha256");
  if (!checksum.empty() && checksum != core::ToBase64(digest)) {
    return Error(400, "BadDigest");
  }
  const std::string etag = Hex(digest).substr(0, 32);
  Store(asked.key, asked.body, etag, checksum);
  return {.fields = {{"etag", "\"" + etag + "\""}}};
}

inline S3Reply S3Bucket::Get(const Asked& asked) {
  const auto found = objects_.find(asked.key);
  if (found == objects_.end()) {
    return Error(404, "NoSuchKey");
  }
  const Object& object = found->second;
  if (const std::string match = asked.Field("if-match");
      !match.empty() && match != "\"" + object.etag + "\"") {
    return Error(412, "PreconditionFailed");
  }
  S3Reply reply{
      .fields = {{"etag", "\"" + object.etag + "\""}, {"last-modified", object.modified_http}},
      .body = object.bytes};
  const std::string range = asked.Field("range");
  if (!range.empty()) {
    unsigned long begin = 0;
    unsigned long last = object.bytes.size() - 1;
    if (sscanf(range.c_str(), "bytes=%lu-%lu", &begin, &last) < 1 || begin >= object.bytes.size() ||
        last < begin) {
      return Error(416, "InvalidRange");
    }
    last = std::min(last, object.bytes.size() - 1);
    reply.status = 206;
    reply.fields.emplace_back("content-range",
                              fmt::format("bytes {}-{}/{}", begin, last, object.bytes.size()));
    reply.body = object.bytes.substr(begin, last - begin + 1);
  } else if (asked.Field("x-amz-checksum-mode") == "ENABLED" && !object.checksum.empty()) {
    reply.fields.emplace_back("x-amz-checksum-sha256", object.checksum);
  }
  return reply;
}

inline S3Reply S3Bucket::List(const Asked& asked) const {
  const auto parameter = [&](const char* name) {
    const auto found = asked.parameters.find(name);
    return found == asked.parameters.end() ? std::string() : found->second;
  };
  const std::string prefix = parameter("prefix");
  const std::string after = parameter("start-after");
  const std::size_t most = std::stoul(parameter("max-keys"));
  std::string contents;
  std::size_t count = 0;
  bool truncated = false;
  for (const auto& [key, object] : objects_) {
    if (!key.starts_with(prefix) || key <= after) {
      continue;
    }
    truncated = count == most;
    if (truncated) {
      break;
    }
    ++count;
    contents += fmt::format(
        "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>&quot;{}&quot;</ETag>"
        "<Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
        key, object.modified_iso, object.etag, object.bytes.size());
  }
  return {.body = fmt::format(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{}</Name>"
              "<IsTruncated>{}</IsTruncated>{}<KeyCount>{}</KeyCount></ListBucketResult>",
              options_.bucket, truncated, contents, count)};
}

}  // namespace signalbox::s3
