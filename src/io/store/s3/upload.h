// A large object going up in parts.
//
// Owner:   a Put. Threads: one; blocks.
// Errors:  as Client's; kPayloadTooLarge: more than 10,000 parts.
// Cancel:  dropped before Complete has succeeded, its parts are removed, if S3 can be reached.
// Source:  Amazon S3 API reference: CreateMultipartUpload, UploadPart, CompleteMultipartUpload.
#pragma once

#include <string>
#include <vector>

#include "io/store/s3/client.h"

namespace signalbox::s3 {

class Upload {
 public:
  static core::Result<Upload> Begin(Client& client, std::string whole_key, bool checksums);
  Upload(Upload&& other) noexcept;
  Upload& operator=(Upload&&) = delete;
  ~Upload();

  // All but the last one of the same size.
  core::Status Add(std::string_view part);
  // `uncertain`: as Client::Send.
  core::Result<Answer> Complete(bool if_absent, bool& uncertain);

 private:
  struct Part {
    std::string etag;
    std::string checksum;  // empty without checksums
  };

  Upload(Client& client, std::string whole_key, bool checksums, std::string id)
      : client_(client), key_(std::move(whole_key)), checksums_(checksums), id_(std::move(id)) {}
  std::string PartList() const;

  Client& client_;
  std::string key_;
  bool checksums_;
  std::string id_;  // empty: over
  std::vector<Part> parts_;
};

}  // namespace signalbox::s3
