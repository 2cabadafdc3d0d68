#include "io/store/s3/s3.h"

#include <fmt/format.h>

#include <algorithm>

#include "io/store/s3/answers.h"
#include "io/store/s3/checksum.h"
#include "io/store/s3/download.h"
#include "io/store/s3/errors.h"
#include "io/store/s3/upload.h"

namespace signalbox::s3 {
namespace {

using core::ErrorCode;
using store::ObjectInfo;
using store::ObjectKey;

constexpr std::size_t kPiece = 64U << 10;

// Appends to `part` until it has `size` bytes or the source ends.
core::Status Fill(std::string& part, std::size_t size, const store::ObjectSource& source) {
  while (part.size() < size) {
    const std::size_t begin = part.size();
    part.resize(std::min(begin + kPiece, size));
    const auto got = source(std::span(part).subspan(begin));
    part.resize(begin + got.value_or(0));
    SB_TRY(const std::size_t more, got);
    if (more == 0) {
      return {};
    }
  }
  return {};
}

ObjectInfo PutInfo(const ObjectKey& key, std::uint64_t size, std::string etag,
                   const Answer& answer) {
  return {.key = key,
          .size = size,
          .modified = ParseHttpTime(answer.Get("date")).value_or(core::WallTime()),
          .etag = std::move(etag)};
}

}  // namespace

core::Result<std::unique_ptr<S3>> S3::Open(const S3Options& options, Client::Clock clock) {
  SB_CHECK_OK(CheckOptions(options));
  return std::make_unique<S3>(options, RetryPolicy{.tries = options.tries}, clock);
}

S3::S3(const S3Options& options, const RetryPolicy& policy, Client::Clock clock)
    : name_(fmt::format("s3://{}/{}", options.bucket, options.prefix)),
      prefix_(options.prefix),
      part_size_(options.part_size.bytes),
      checksums_(options.checksums),
      client_(options, policy, clock) {}

core::Result<ObjectInfo> S3::Put(const ObjectKey& key, const store::ObjectSource& source,
                                 const store::PutOptions& options) {
  std::string part;
  core::Status filled = Fill(part, part_size_, source);
  if (!filled) {
    return std::unexpected(At(key, std::move(filled).error()));
  }
  auto put = part.size() < part_size_ ? PutWhole(key, part, options)
                                      : PutParts(key, part, source, options);
  return put ? std::move(put) : std::unexpected(At(key, std::move(put).error()));
}

core::Result<ObjectInfo> S3::PutWhole(const ObjectKey& key, std::string_view bytes,
                                      const store::PutOptions& options) {
  Request request{
      .method = "PUT", .key = Whole(key), .body = bytes, .body_sha256 = net::Sha256Hex(bytes)};
  const std::string checksum = ChecksumOf(request.body_sha256);
  if (checksums_) {
    request.fields.push_back({"x-amz-checksum-sha256", checksum});
  }
  if (options.if_absent) {
    request.fields.push_back({"if-none-match", "*"});
  }
  bool uncertain = false;
  auto answer = client_.Send(request, &uncertain);
  if (!answer && answer.error().code == ErrorCode::kConflict && uncertain &&
      IsThere(key, checksum)) {
    return FindObject(client_, key, Whole(key));  // a try whose answer was lost has put it there
  }
  SB_TRY(const Answer good, std::move(answer));
  return PutInfo(key, bytes.size(), WithoutQuotes(good.Get("etag")), good);
}

core::Result<ObjectInfo> S3::PutParts(const ObjectKey& key, std::string& part,
                                      const store::ObjectSource& source,
                                      const store::PutOptions& options) {
  SB_TRY(Upload upload, Upload::Begin(client_, Whole(key), checksums_));
  std::uint64_t size = 0;
  while (!part.empty()) {
    SB_CHECK_OK(upload.Add(part));
    size += part.size();
    const bool more = part.size() == part_size_;
    part.clear();
    if (more) {
      SB_CHECK_OK(Fill(part, part_size_, source));
    }
  }
  bool uncertain = false;
  auto answer = upload.Complete(options.if_absent, uncertain);
  if (!answer && uncertain) {
    // A try whose answer was lost may have completed it.
    auto found = FindObject(client_, key, Whole(key));
    if (found && found->size == size && answer.error().code == ErrorCode::kNotFound) {
      return found;
    }
  }
  SB_TRY(const Answer good, std::move(answer));
  SB_TRY(std::string etag, ParseCompletedEtag(good.body));
  return PutInfo(key, size, std::move(etag), good);
}

bool S3::IsThere(const ObjectKey& key, std::string_view checksum) {
  const auto answer = client_.Send(
      {.method = "HEAD", .key = Whole(key), .fields = {{"x-amz-checksum-mode", "ENABLED"}}});
  return answer && answer->Get("x-amz-checksum-sha256") == checksum;
}

core::Result<ObjectInfo> S3::Get(const ObjectKey& key, const store::ByteRange& range,
                                 const store::ObjectSink& sink) {
  auto got = range.length == 0 ? FindObject(client_, key, Whole(key))
                               : Download(client_, key, Whole(key), range, sink).Run();
  if (got && range.offset > 0 && range.offset >= got->size) {
    return std::unexpected(
        At(key, {.code = ErrorCode::kInvalidRequest, .message = "the range begins after the end"}));
  }
  return got ? std::move(got) : std::unexpected(At(key, std::move(got).error()));
}

core::Result<ObjectInfo> S3::Find(const ObjectKey& key) {
  auto found = FindObject(client_, key, Whole(key));
  return found ? std::move(found) : std::unexpected(At(key, std::move(found).error()));
}

core::Status S3::Delete(const ObjectKey& key) {
  auto answer = client_.Send({.method = "DELETE", .key = Whole(key)});
  if (!answer && answer.error().code != ErrorCode::kNotFound) {
    return std::unexpected(At(key, std::move(answer).error()));
  }
  return {};
}

core::Result<store::ObjectPage> S3::List(const store::ListRequest& request) {
  SB_CHECK_OK(store::CheckPrefix(request.prefix));
  const std::size_t limit = std::clamp<std::size_t>(request.limit, 1, store::kMostListed);
  store::ObjectPage page;
  std::string after = prefix_ + request.after;
  while (true) {
    auto listed = ListKeys(prefix_ + request.prefix, after, limit - page.objects.size());
    if (!listed) {
      return std::unexpected(std::move(listed).error().At(name_));
    }
    for (ListedObject& object : listed->objects) {
      std::string_view own = object.key;
      own.remove_prefix(own.starts_with(prefix_) ? prefix_.size() : own.size());
      if (const auto key = ObjectKey::Parse(own)) {  // others' objects are not ours to name
        page.objects.push_back({*key, object.size, object.modified, std::move(object.etag)});
      }
    }
    if (!listed->truncated || listed->objects.empty()) {
      return page;
    }
    if (page.objects.size() >= limit) {
      page.next_after = page.objects.back().key.text();
      return page;
    }
    after = listed->objects.back().key;
  }
}

core::Result<ListAnswer> S3::ListKeys(const std::string& prefix, const std::string& after,
                                      std::size_t most) {
  Request request{
      .method = "GET",
      .query = {{"list-type", "2"}, {"max-keys", fmt::format("{}", most)}, {"prefix", prefix}}};
  if (after != prefix_) {
    request.query.push_back({"start-after", after});
  }
  SB_TRY(const Answer answer, client_.Send(request));
  return ParseList(answer.body);
}

core::Error S3::At(const ObjectKey& key, core::Error error) const {
  return std::move(error).At(name_ + ": " + key.text());
}

}  // namespace signalbox::s3
