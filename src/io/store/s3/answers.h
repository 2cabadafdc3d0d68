// What S3 answers in XML, read.
//
// Pure; foreign bytes. Errors: kUpstreamProtocol; never repeats the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/core/time.h"

namespace signalbox::s3 {

struct ListedObject {
  std::string key;  // whole, with the store's prefix
  std::uint64_t size = 0;
  core::WallTime modified;
  std::string etag;  // without quotes
};

struct ListAnswer {
  std::vector<ListedObject> objects;
  bool truncated = false;
};

core::Result<ListAnswer> ParseList(std::string_view xml);
core::Result<std::string> ParseUploadId(std::string_view xml);
core::Result<std::string> ParseCompletedEtag(std::string_view xml);

// The code of an error, "NoSuchKey"; empty when the text is no error, or its code is no word.
std::string ParseErrorCode(std::string_view xml);

// "2026-11-21T09:30:00.123Z"; and the form of HTTP's fields, "Sat, 21 Nov 2026 09:30:00 GMT".
core::Result<core::WallTime> ParseIsoTime(std::string_view text);
core::Result<core::WallTime> ParseHttpTime(std::string_view text);

std::string WithoutQuotes(std::string_view etag);

}  // namespace signalbox::s3
