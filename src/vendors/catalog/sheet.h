// Rows of models as text, with an index of their names; a row is read when it is first asked for.
//
// Owner:   a Catalog, shared between snapshots.
// Threads: any; what is read is published once, without a lock.
// Errors:  Open refuses a text with the line and the word that it cannot read. Rows that are read
//          late must be right: BuiltIn's are checked by a test, a wrong one ends the process.
// Cancel:  nothing to undo.
//
// Budget: the index of the shipped rows takes well under a millisecond to make and about 200 KiB.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "vendors/catalog/model.h"

namespace signalbox::catalog {

class Sheet {
 public:
  // Takes and keeps `text`, and reads every row of it.
  static core::Result<std::shared_ptr<const Sheet>> Open(std::string text);
  // The rows that ship with the program: its own text, no row read yet.
  static std::shared_ptr<const Sheet> BuiltIn();
  // The index of `text`, which outlives it; no row read yet. For text that is known to be right.
  static core::Result<std::shared_ptr<const Sheet>> Index(std::string_view text);

  Sheet(const Sheet&) = delete;
  Sheet& operator=(const Sheet&) = delete;
  ~Sheet();

  // By id or alias, exactly as written; null when there is none. Valid as long as the sheet.
  const Model* Find(std::string_view provider, std::string_view name) const;

  std::size_t rows() const { return rows_.size(); }
  const Model& RowAt(std::size_t row) const;
  // The other names of that row.
  std::vector<std::string_view> AliasesOf(std::size_t row) const;
  // In the order of the text.
  const std::vector<std::string_view>& providers() const { return provider_names_; }
  // Bytes that the index takes, without the rows that were read.
  std::size_t IndexBytes() const;

 private:
  struct Name {
    std::uint32_t offset = 0;  // in text_
    std::uint32_t row = 0;
    std::uint16_t size = 0;
    std::uint16_t provider = 0;
  };
  struct RowPlace {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint16_t provider = 0;
  };
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t name = kNone;
  };
  static constexpr std::uint32_t kNone = 0xffffffff;

  Sheet() = default;
  core::Status MakeIndex(std::string_view text);
  core::Status AddLine(std::string_view line);
  core::Status AddProvider(std::string_view rest);
  core::Status AddAliases();
  void AddName(std::string_view name, std::uint16_t provider, std::uint32_t row);
  std::uint32_t FindName(std::uint16_t provider, std::string_view name) const;
  void Put(std::uint32_t name);
  std::string_view TextOf(const Name& name) const { return text_.substr(name.offset, name.size); }
  core::Result<std::unique_ptr<Model>> ReadRowAt(std::size_t row) const;

  struct Alias {
    std::string_view name;
    std::string_view target;
    std::uint16_t provider = 0;
  };

  std::string owned_;
  std::string_view text_;
  std::vector<std::string_view> provider_names_;
  std::vector<Model> provider_defaults_;
  std::uint16_t current_provider_ = 0;
  std::vector<RowPlace> rows_;
  std::vector<Name> names_;
  std::vector<Slot> slots_;
  std::vector<Alias> aliases_;
  mutable std::vector<std::atomic<const Model*>> models_;
};

}  // namespace signalbox::catalog
