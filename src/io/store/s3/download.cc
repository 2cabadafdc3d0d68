#include "io/store/s3/download.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "io/store/s3/errors.h"
#include "io/store/s3/info.h"

namespace signalbox::s3 {
namespace {

using core::ErrorCode;
using store::ObjectInfo;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

}  // namespace

core::Result<ObjectInfo> FindObject(Client& client, const store::ObjectKey& key,
                                    std::string whole_key) {
  SB_TRY(const Answer answer, client.Send({.method = "HEAD", .key = std::move(whole_key)}));
  return InfoOf(key, answer);
}

Download::Download(Client& client, const store::ObjectKey& key, std::string whole_key,
                   const store::ByteRange& range, const store::ObjectSink& sink)
    : client_(client),
      key_(key),
      whole_key_(std::move(whole_key)),
      sink_(sink),
      next_(range.offset),
      last_(range.offset + (range.length - 1)),
      open_end_(range.length >= kMost - range.offset) {}

core::Result<ObjectInfo> Download::Run() {
  std::uint64_t before = next_;
  for (int tries = 1;; ++tries) {
    auto answer = Try();
    if (answer && (answer->status == 200 || answer->status == 206)) {
      return Finish(*answer);
    }
    if (answer && answer->status == 416 && next_ == 0) {
      return FindObject(client_, key_, whole_key_);  // it is empty: no byte can be asked for
    }
    core::Error error = answer ? ErrorOf(*answer) : answer.error();
    if (answer && answer->status == 412) {
      error = {.code = ErrorCode::kUnavailable, .message = "replaced while it was read; try again"};
    }
    if (refused_ || !MayPass(answer)) {
      return std::unexpected(std::move(error));
    }
    if (std::exchange(before, next_) != next_) {
      tries = 1;  // it goes on
    }
    if (!client_.WaitForTry(tries, error.retry_after)) {
      error.code = client_.stopped() ? ErrorCode::kCancelled : ErrorCode::kUnavailable;
      return std::unexpected(std::move(error));
    }
  }
}

core::Result<Answer> Download::Try() {
  Request request{.method = "GET", .key = whole_key_};
  if (Ranged()) {
    request.fields.push_back({"range", open_end_ ? fmt::format("bytes={}-", next_)
                                                 : fmt::format("bytes={}-{}", next_, last_)});
  } else {
    request.fields.push_back({"x-amz-checksum-mode", "ENABLED"});
  }
  if (!etag_.empty()) {
    request.fields.push_back({"if-match", "\"" + etag_ + "\""});
  }
  begun_ = false;
  return client_.Try(
      request, [this](const Answer& head, std::string_view bytes) { return Take(head, bytes); });
}

core::Status Download::Take(const Answer& head, std::string_view bytes) {
  if (!std::exchange(begun_, true)) {
    if (core::Status begun = Begin(head); !begun) {
      refused_ = true;
      return begun;
    }
  }
  core::Status taken = sink_(bytes);
  refused_ = !taken;
  next_ += bytes.size();
  if (!checksum_.empty()) {
    hash_.Add(bytes);
  }
  return taken;
}

core::Status Download::Begin(const Answer& head) {
  SB_TRY(const std::uint64_t begin, BeginOf(head));
  SB_TRY(const ObjectInfo info, InfoOf(key_, head));
  if (begin != next_ || (!etag_.empty() && info.etag != etag_)) {
    return core::Fail(ErrorCode::kUpstreamProtocol, "S3 answers with another range than asked for");
  }
  if (etag_.empty()) {
    etag_ = info.etag;
    size_ = info.size;
    modified_ = info.modified;
    const std::string_view checksum = head.Get("x-amz-checksum-sha256");
    if (head.status == 200 && checksum.find('-') == checksum.npos) {  // not one of parts
      checksum_ = checksum;
    }
  }
  return {};
}

core::Result<ObjectInfo> Download::Finish(const Answer& answer) {
  if (!begun_) {  // an empty object has no piece
    SB_CHECK_OK(Begin(answer));
  }
  if (!checksum_.empty() && hash_.Base64() != checksum_) {
    return core::Fail(ErrorCode::kUpstreamProtocol,
                      "what came does not match the checksum that S3 has of it");
  }
  return ObjectInfo{.key = key_, .size = size_, .modified = modified_, .etag = etag_};
}

}  // namespace signalbox::s3
