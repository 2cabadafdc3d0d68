// Reads trees of YAML into the object that a table describes.
//
// Owner: LoadInto, for one call. Threads: one. Cancel: nothing waits but for secrets' commands.
// Errors: appended as problems; what is wrong is skipped, so that all of them are found.
//
// The profile in effect is read first, then the files: what the profile has set is judged there but
// not taken, so a variable that only it needs may be missing. Other profiles are judged the same
// way, into nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config/include.h"
#include "base/config/load.h"

namespace signalbox::config {

inline constexpr std::string_view kProfilesKey = "profiles";

class Loader {
 public:
  // The references are kept as long as the Loader.
  Loader(const Environment& environment, Outside& outside, Outcome& outcome)
      : environment_(environment),
        outside_(outside),
        outcome_(outcome),
        sources_(outcome.sources),
        problems_(outcome.problems) {}

  // outcome.profile names the one in effect.
  void Read(const TableData& table, void* object, const std::vector<ConfigDocument>& documents);

 private:
  // loader.cc
  void Section(const TableData& table, void* object, const YamlNode& node, const std::string& path);
  void Member(const TableData& table, void* object, const YamlMember& member,
              const std::string& path);
  // One option, `value` of which is written at `place`, into `object` unless another place counts.
  void OneOption(const TableData& table, const Row& row, void* object, const YamlNode& value,
                 YamlPlace place, const std::string& path);
  void Entries(const Row& row, void* map, const YamlNode& node, const std::string& path);
  void Option(const Row& row, void* object, const YamlNode& node, const std::string& path);
  void List(const Row& row, void* object, const YamlNode& node, const std::string& path);
  void Unknown(const TableData& table, const YamlMember& member, const std::string& path);

  // loader_files.cc: which file and profile is being read, and who was first.
  void Root(const TableData& table, void* object, const YamlNode& root);
  void ChosenProfile(void* object, const YamlNode& root);
  void OtherProfiles(const YamlNode& root);
  bool IsSpecial(const YamlMember& member, const std::string& path);
  // Whether this is the place that the option's value is taken from.
  bool Takes(const std::string& path, YamlPlace place);
  void SetSource(const std::string& path, YamlPlace place);
  std::string Written(const std::string& path) const;  // with the profile before it
  Source At(YamlPlace place) const;
  void Complain(YamlPlace place, const std::string& path, std::string_view message,
                std::string suggestion = {});

  // loader_secret.cc: { file: PATH } and { command: … }.
  std::optional<std::string> Referenced(const YamlNode& node, const std::string& path);
  std::optional<std::string> FromFile(const YamlNode& node, const std::string& path);
  std::optional<std::string> FromCommand(const YamlNode& node, const std::string& path);

  // The candidate that `word` may have been meant for; nothing after very many problems.
  std::string Suggest(std::string_view word, const std::vector<std::string>& candidates) const;
  // The scalar's text with its variables put in; nullopt after a problem, or when the text is only
  // judged and has variables.
  std::optional<std::string> Scalar(const YamlNode& node, const std::string& path);
  bool IsSection(const YamlNode& node, const std::string& path, const std::string& expected);

  const Environment& environment_;
  Outside& outside_;
  Outcome& outcome_;
  Sources& sources_;
  std::vector<Problem>& problems_;
  const TableData* root_ = nullptr;
  std::string name_;      // of the file that is read
  std::string profile_;   // that is read; empty: what stands outside of profiles
  bool judging_ = false;  // nothing is taken: no variable, file or command is asked for
  std::map<std::string, Source, std::less<>> first_;           // by Written path: who set it
  std::map<std::vector<std::string>, Outside::Text> printed_;  // by command: each runs once
};

// Letters, digits and . _ - @ / : +, at most 128 of them: the names of entries.
bool IsEntryName(std::string_view name);

// The word of an option's own that `text` may have been meant for.
std::string SuggestWord(const Row& row, std::string_view text);

// The secret in a file, its line breaks at the end taken off; a sentence when it cannot be read.
// The file is added to what was read, a warning is given when everybody may read it.
Outside::Text ReadSecretFile(const std::string& path, const std::string& option,
                             const Source& source, Outside& outside, Outcome& outcome);

}  // namespace signalbox::config
