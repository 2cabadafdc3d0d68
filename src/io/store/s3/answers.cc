#include "io/store/s3/answers.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <pugixml.hpp>

namespace signalbox::s3 {
namespace {

constexpr std::time_t kLatest = 9'000'000'000;  // in 2255; a WallTime ends in 2262

std::unexpected<core::Error> Bad(std::string_view what) {
  return core::Fail(core::ErrorCode::kUpstreamProtocol,
                    "the answer is no " + std::string(what) + " of S3");
}

// No entities of a document type are put in, and nothing is fetched: pugixml has neither.
bool Load(std::string_view xml, pugi::xml_document& document) {
  return document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8)
             .status == pugi::status_ok;
}

core::Result<core::WallTime> ParseTime(std::string_view text, const char* format) {
  std::tm parts{};
  const std::string copy(text);
  const char* const end = strptime(copy.c_str(), format, &parts);
  if (end == nullptr) {
    return Bad("time");
  }
  const std::time_t seconds = timegm(&parts);
  if (seconds < 0 || seconds > kLatest) {
    return Bad("time");
  }
  core::WallTime time{std::chrono::seconds(seconds)};
  if (*end == '.') {  // milliseconds, by all that are known
    int millis = 0;
    const char* const digits = end + 1;
    const auto [rest, error] = std::from_chars(digits, copy.c_str() + copy.size(), millis);
    if (error != std::errc() || rest - digits != 3 || millis < 0) {
      return Bad("time");
    }
    time += std::chrono::milliseconds(millis);
    return std::string_view(rest) == "Z" ? core::Result<core::WallTime>(time) : Bad("time");
  }
  return *end == '\0' || std::string_view(end) == "Z" ? core::Result<core::WallTime>(time)
                                                      : Bad("time");
}

core::Result<ListedObject> ParseListed(const pugi::xml_node& node) {
  ListedObject object;
  object.key = node.child_value("Key");
  object.etag = WithoutQuotes(node.child_value("ETag"));
  const std::string_view size = node.child_value("Size");
  const auto [end, error] = std::from_chars(size.begin(), size.end(), object.size);
  if (object.key.empty() || error != std::errc() || end != size.end()) {
    return Bad("listing");
  }
  SB_TRY(object.modified, ParseIsoTime(node.child_value("LastModified")));
  return object;
}

}  // namespace

core::Result<ListAnswer> ParseList(std::string_view xml) {
  pugi::xml_document document;
  const bool loaded = Load(xml, document);
  const pugi::xml_node root = document.child("ListBucketResult");
  if (!loaded || !root) {
    return Bad("listing");
  }
  ListAnswer answer;
  answer.truncated = std::string_view(root.child_value("IsTruncated")) == "true";
  for (const pugi::xml_node& node : root.children("Contents")) {
    SB_TRY(ListedObject object, ParseListed(node));
    answer.objects.push_back(std::move(object));
  }
  return answer;
}

core::Result<std::string> ParseUploadId(std::string_view xml) {
  pugi::xml_document document;
  const bool loaded = Load(xml, document);
  std::string id = document.child("InitiateMultipartUploadResult").child_value("UploadId");
  if (!loaded || id.empty() || id.size() > 2048) {
    return Bad("upload");
  }
  return id;
}

core::Result<std::string> ParseCompletedEtag(std::string_view xml) {
  pugi::xml_document document;
  const bool loaded = Load(xml, document);
  std::string etag =
      WithoutQuotes(document.child("CompleteMultipartUploadResult").child_value("ETag"));
  if (!loaded || etag.empty()) {
    return Bad("completed upload");
  }
  return etag;
}

std::string ParseErrorCode(std::string_view xml) {
  pugi::xml_document document;
  std::string code =
      Load(xml, document) ? document.child("Error").child_value("Code") : std::string();
  const bool word =
      code.size() <= 64 && std::ranges::all_of(code, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      });
  return word ? code : "";
}

core::Result<core::WallTime> ParseIsoTime(std::string_view text) {
  return ParseTime(text, "%Y-%m-%dT%H:%M:%S");
}

core::Result<core::WallTime> ParseHttpTime(std::string_view text) {
  return ParseTime(text, "%a, %d %b %Y %H:%M:%S GMT");
}

std::string WithoutQuotes(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return std::string(etag);
}

}  // namespace signalbox::s3
