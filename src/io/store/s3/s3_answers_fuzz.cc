// Any bytes as what S3 answers: read without a crash, and what is read keeps its promises.
#include <cstdint>
#include <cstdlib>

#include "io/store/s3/answers.h"
#include "io/store/s3/errors.h"
#include "io/store/s3/info.h"

namespace {

using namespace signalbox;  // NOLINT: a fuzz target is one file

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto list = s3::ParseList(text)) {
    for (const s3::ListedObject& object : list->objects) {
      Require(!object.key.empty());
    }
  }
  static_cast<void>(s3::ParseCompletedEtag(text));
  if (const auto id = s3::ParseUploadId(text)) {
    Require(!id->empty());
  }
  Require(s3::ParseErrorCode(text).find_first_of("<>& \r\n") == std::string::npos);
  if (const auto time = s3::ParseIsoTime(text)) {
    Require(time->time_since_epoch().count() >= 0);
  }
  const s3::Answer answer{.status = size % 2 == 0 ? 206 : 403,
                          .fields = {{"content-range", std::string(text)},
                                     {"retry-after", std::string(text)},
                                     {"etag", std::string(text)},
                                     {"x-amz-request-id", std::string(text)},
                                     {"last-modified", "Sat, 21 Nov 2026 09:30:00 GMT"}},
                          .body = std::string(text)};
  const core::Error error = s3::ErrorOf(answer);
  Require(error.retry_after.count() >= 0 && error.message.find('\n') == std::string::npos);
  static_cast<void>(s3::InfoOf({}, answer));
  static_cast<void>(s3::BeginOf(answer));
  return 0;
}
