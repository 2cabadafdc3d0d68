// Uploads in parts to the bucket of the tests' S3. Test support.
#pragma once

#include "io/store/s3/s3_bucket_testing.h"

namespace signalbox::s3 {

inline S3Reply S3Bucket::BeginUpload(const Asked& asked) {
  const std::string id = fmt::format("upload+{}/==", next_upload_++);  // wants to be encoded
  uploads_[id] = {.key = asked.key,
                  .checksums = asked.Field("x-amz-checksum-algorithm") == "SHA256",
                  .parts = {}};
  return {.body = fmt::format(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<InitiateMultipartUploadResult "
              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Bucket>{}</Bucket>"
              "<Key>{}</Key><UploadId>{}</UploadId></InitiateMultipartUploadResult>",
              options_.bucket, asked.key, id)};
}

inline S3Reply S3Bucket::PutPart(const Asked& asked) {
  const auto upload = uploads_.find(asked.parameters.at("uploadId"));
  const int number = std::stoi(asked.parameters.at("partNumber"));
  if (upload == uploads_.end() || upload->second.key != asked.key) {
    return Error(404, "NoSuchUpload");
  }
  const std::string digest = Sha256(asked.body);
  const std::string checksum = asked.Field("x-amz-checksum-sha256");
  if (number < 1 || number > 10'000 || checksum.empty() == upload->second.checksums) {
    return Error(400, "InvalidRequest");
  }
  if (!checksum.empty() && checksum != core::ToBase64(digest)) {
    return Error(400, "BadDigest");
  }
  const std::string etag = Hex(digest).substr(0, 32);
  upload->second.parts[number] = {asked.body, etag, checksum, {}, {}};
  return {.fields = {{"etag", "\"" + etag + "\""}}};
}

inline S3Reply S3Bucket::Complete(const Asked& asked) {
  const auto upload = uploads_.find(asked.parameters.at("uploadId"));
  if (upload == uploads_.end()) {
    return Error(404, "NoSuchUpload");
  }
  if (asked.Field("if-none-match") == "*" && objects_.contains(asked.key)) {
    return Error(412, "PreconditionFailed");
  }
  std::string expected =
      "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  std::string bytes;
  for (const auto& [number, part] : upload->second.parts) {
    const bool last = number == upload->second.parts.rbegin()->first;
    if (!last && part.bytes.size() < options_.smallest_part) {
      return Error(400, "EntityTooSmall");
    }
    expected +=
        fmt::format("<Part><PartNumber>{}</PartNumber><ETag>\"{}\"</ETag>", number, part.etag);
    if (upload->second.checksums) {
      expected += fmt::format("<ChecksumSHA256>{}</ChecksumSHA256>", part.checksum);
    }
    expected += "</Part>";
    bytes += part.bytes;
  }
  if (asked.body != expected + "</CompleteMultipartUpload>") {
    return Error(400, "InvalidPart");
  }
  const std::string etag =
      fmt::format("{}-{}", Hex(Sha256(bytes)).substr(0, 32), upload->second.parts.size());
  Store(asked.key, bytes, etag,
        upload->second.checksums ? core::ToBase64(Sha256("parts")) + "-2" : "");
  uploads_.erase(upload);
  return {.body = fmt::format("<CompleteMultipartUploadResult "
                              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Key>{}</Key>"
                              "<ETag>&quot;{}&quot;</ETag></CompleteMultipartUploadResult>",
                              asked.key, etag)};
}

}  // namespace signalbox::s3
