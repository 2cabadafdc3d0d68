#include "io/store/s3/upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/store/s3/answers.h"
#include "io/store/s3/checksum.h"

namespace signalbox::s3 {
namespace {

constexpr std::size_t kMostParts = 10'000;

// It goes into XML.
bool IsEtag(std::string_view etag) {
  return !etag.empty() && etag.size() <= 256 && std::ranges::all_of(etag, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

core::Result<Upload> Upload::Begin(Client& client, std::string whole_key, bool checksums) {
  Request request{.method = "POST", .key = whole_key, .query = {{"uploads", ""}}};
  if (checksums) {
    request.fields.push_back({"x-amz-checksum-algorithm", "SHA256"});
  }
  SB_TRY(const Answer answer, client.Send(request));
  SB_TRY(std::string id, ParseUploadId(answer.body));
  return Upload(client, std::move(whole_key), checksums, std::move(id));
}

Upload::Upload(Upload&& other) noexcept
    : client_(other.client_),
      key_(std::move(other.key_)),
      checksums_(other.checksums_),
      id_(std::exchange(other.id_, {})),
      parts_(std::move(other.parts_)) {}

Upload::~Upload() {
  if (!id_.empty()) {
    static_cast<void>(
        client_.Send({.method = "DELETE", .key = key_, .query = {{"uploadId", id_}}}));
  }
}

core::Status Upload::Add(std::string_view part) {
  if (parts_.size() == kMostParts) {
    return core::Fail(core::ErrorCode::kPayloadTooLarge,
                      "more than 10,000 parts; raise s3.part_size");
  }
  Request request{
      .method = "PUT",
      .key = key_,
      .query = {{"partNumber", fmt::format("{}", parts_.size() + 1)}, {"uploadId", id_}},
      .body = part,
      .body_sha256 = net::Sha256Hex(part)};
  std::string checksum = checksums_ ? ChecksumOf(request.body_sha256) : "";
  if (checksums_) {
    request.fields.push_back({"x-amz-checksum-sha256", checksum});
  }
  SB_TRY(const Answer answer, client_.Send(request));
  std::string etag = WithoutQuotes(answer.Get("etag"));
  if (!IsEtag(etag)) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "S3 answers without a right etag");
  }
  parts_.push_back({std::move(etag), std::move(checksum)});
  return {};
}

core::Result<Answer> Upload::Complete(bool if_absent, bool& uncertain) {
  const std::string list = PartList();
  Request request{.method = "POST", .key = key_, .query = {{"uploadId", id_}}, .body = list};
  if (if_absent) {
    request.fields.push_back({"if-none-match", "*"});
  }
  auto answer = client_.Send(request, &uncertain);
  if (answer) {
    id_.clear();
  }
  return answer;
}

std::string Upload::PartList() const {
  std::string xml = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    xml +=
        fmt::format("<Part><PartNumber>{}</PartNumber><ETag>\"{}\"</ETag>", i + 1, parts_[i].etag);
    if (checksums_) {
      xml += fmt::format("<ChecksumSHA256>{}</ChecksumSHA256>", parts_[i].checksum);
    }
    xml += "</Part>";
  }
  return xml + "</CompleteMultipartUpload>";
}

}  // namespace signalbox::s3
