// multipart/form-data (RFC 7578, RFC 2046 section 5.1), read strictly out of bytes as they come.
//
// Owner:   one reader per body; the caller holds the bytes.
// Threads: none of its own.
// Errors:  kBad with a sentence, once and for ever.
// Cancel:  nothing to undo.
//
// Every byte of the body is in just one step, so that it can be passed on as it was written. The
// delimiter is matched to the letter, lines end with CRLF, nothing stands before the first
// delimiter, each part has one Content-Disposition with one name.
// Budget: a memchr for the bytes of a file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::net {

// The boundary that a Content-Type of multipart/form-data names; nullopt: it is none, or names none
// that RFC 2046 allows.
std::optional<std::string> FormBoundary(std::string_view content_type);

class MultipartReader {
 public:
  enum class Kind : std::uint8_t {
    kNeedMore,  // the rest of the input must be shown again, with more behind it
    kHead,      // a part begins: name() and is_file()
    kData,      // bytes of the part
    kPartEnd,   // the delimiter behind a part
    kEnd,       // the last delimiter
    kRest,      // bytes behind the last delimiter, which mean nothing
    kBad,
  };
  struct Step {
    Kind kind = Kind::kNeedMore;
    std::size_t consumed = 0;  // bytes of the input that this step is
  };
  static constexpr std::size_t kMostHeadBytes = 8 * 1024;

  explicit MultipartReader(std::string_view boundary);

  Step Next(std::string_view input);

  const std::string& name() const { return name_; }  // of the part that began last
  bool is_file() const { return is_file_; }          // it has a file's name
  const std::string& file_name() const { return file_name_; }
  const std::string& part_type() const { return part_type_; }  // its Content-Type; empty: none
  std::string_view problem() const { return problem_; }
  bool ended() const { return phase_ == Phase::kEpilogue; }

 private:
  enum class Phase : std::uint8_t { kStart, kHead, kBody, kEpilogue, kBroken };
  Step AtStart(std::string_view input);
  Step InHead(std::string_view input, std::size_t start);
  Step InBody(std::string_view input);
  Step Bad(std::string_view problem);
  bool ReadHead(std::string_view lines);
  bool ReadDisposition(std::string_view value);

  Phase phase_ = Phase::kStart;
  std::string delimiter_;  // CRLF, two dashes, the boundary
  std::string name_;
  std::string file_name_;
  std::string part_type_;
  bool is_file_ = false;
  std::string_view problem_;
};

}  // namespace signalbox::net
