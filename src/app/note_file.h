// A JSON object in a file, by which one process tells another how something ended. Internal to
// reload_note and upgrade_note.
//
// Owner: the caller. Threads: any; blocks for the disk.
// Errors: none; what cannot be read is not there. Cancel: a file is whole or the old one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::app {

class NoteFile {
 public:
  // nullopt: there is none, or none that has "number" and "ok".
  static std::optional<NoteFile> Read(const std::string& path);
  // `fill` writes the members behind "number", which is one more than that of the note before.
  static void Write(const std::string& path, const std::function<void(json::Writer&)>& fill);

  std::uint64_t number() const { return static_cast<std::uint64_t>(Number("number")); }
  bool ok() const;
  std::string Text(std::string_view key) const;     // empty when it is not there
  std::int64_t Number(std::string_view key) const;  // 0 when it is not there

 private:
  std::unique_ptr<const std::string> text_;  // stays where it is: the document refers to it
  json::Document document_;
};

}  // namespace signalbox::app
