// Reads a YAML text into the object that a table describes.
//
// Owner: LoadInto, for one call. Threads: one. Cancel: nothing waits.
// Errors: appended as problems; what is wrong is skipped, so that all of them are found.
#pragma once

#include <string>
#include <vector>

#include "base/config/environment.h"
#include "base/config/problem.h"
#include "base/config/table.h"
#include "base/config/yaml.h"

namespace signalbox::config {

class Loader {
 public:
  // The references are kept as long as the Loader.
  Loader(const std::string& name, const Environment& environment, Sources& sources,
         std::vector<Problem>& problems)
      : name_(name), environment_(environment), sources_(sources), problems_(problems) {}

  void Read(const TableData& table, void* object, const std::string& text);

 private:
  void Section(const TableData& table, void* object, const YamlNode& node, const std::string& path);
  void Entries(const Row& row, void* map, const YamlNode& node, const std::string& path);
  void Option(const Row& row, void* object, const YamlNode& node, const std::string& path);
  void List(const Row& row, void* object, const YamlNode& node, const std::string& path);
  void Unknown(const TableData& table, const YamlMember& member, const std::string& path);

  // The candidate that `word` may have been meant for; nothing after very many problems.
  std::string Suggest(std::string_view word, const std::vector<std::string>& candidates) const;
  // The scalar's text with its variables put in; nullopt after a problem.
  std::optional<std::string> Scalar(const YamlNode& node, const std::string& path);
  bool IsSection(const YamlNode& node, const std::string& path, const std::string& expected);
  Source At(YamlPlace place) const;
  void Complain(YamlPlace place, const std::string& path, std::string_view message,
                std::string suggestion = {});

  const std::string& name_;
  const Environment& environment_;
  Sources& sources_;
  std::vector<Problem>& problems_;
  const TableData* root_ = nullptr;
};

// Letters, digits and . _ - @ / : +, at most 128 of them: the names of entries.
bool IsEntryName(std::string_view name);

// The word of an option's own that `text` may have been meant for.
std::string SuggestWord(const Row& row, std::string_view text);

}  // namespace signalbox::config
