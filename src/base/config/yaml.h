// YAML text as a tree of nodes with places. The one place that includes yaml-cpp.
//
// Owner:   the caller; the tree owns its nodes.
// Threads: none of its own.
// Errors:  one problem per fault: bad YAML (the first only: nothing after it can be trusted), a key
//          twice, tags, merge keys, aliases that refer to themselves, more than one document, not
//          UTF-8, and the limits below.
// Cancel:  nothing waits.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config/problem.h"

namespace signalbox::config {

inline constexpr std::size_t kMaxYamlDepth = 32;
// Nodes after every alias has been replaced by what it stands for ("billion laughs").
inline constexpr std::size_t kMaxYamlNodes = 100'000;

struct YamlNode;
using YamlPointer = std::shared_ptr<const YamlNode>;

struct YamlPlace {
  int line = 0;
  int column = 0;
};

struct YamlMember {
  std::string key;
  YamlPlace place;  // of the key
  YamlPointer value;
};

struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  Kind kind = Kind::kNull;
  bool quoted = false;
  YamlPlace place;
  std::string text;                 // kScalar
  std::vector<YamlPointer> items;   // kSequence
  std::vector<YamlMember> members;  // kMap
  std::size_t expanded_size = 1;
};

// The document's root (kNull for an empty one), or null with problems placed in `name`.
YamlPointer ParseYaml(const std::string& name, const std::string& text,
                      std::vector<Problem>& problems);

// A key as messages show it: at most 64 bytes, nothing that a terminal would act upon.
std::string KeyText(std::string_view key);

}  // namespace signalbox::config
