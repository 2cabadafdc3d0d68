// What there is to know of a form with a file, without keeping the file.
//
// Owner: the caller. Threads: one at a time. Errors: problem() says what is wrong with the form.
// Cancel: nothing to undo.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "io/net/multipart.h"

namespace signalbox::sim {

class FormSummary {
 public:
  explicit FormSummary(std::string_view content_type);

  void Feed(std::string_view bytes);

  std::string_view problem() const;  // empty: none; valid after the last Feed
  // A field that is no file; empty when there is none.
  std::string_view Get(std::string_view name) const;
  bool has_file() const { return has_file_; }
  const std::string& file_name() const { return file_name_; }
  std::uint64_t file_bytes() const { return file_bytes_; }

 private:
  void Take(std::string_view bytes);

  net::MultipartReader reader_;
  std::string held_;
  std::string problem_;
  std::map<std::string, std::string, std::less<>> fields_;
  std::string file_name_;
  std::uint64_t file_bytes_ = 0;
  bool has_file_ = false;
};

}  // namespace signalbox::sim
