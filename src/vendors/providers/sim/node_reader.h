// Reads YAML nodes strictly: a wrong kind, a value out of bounds or an unknown key is a problem
// with its place. Only for the script's own source files.
//
// Owner:   ParseScript, for one text.
// Threads: one.
// Errors:  collected in `problems`; a reader that complained returns nullopt.
// Cancel:  nothing waits.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/config/problem.h"
#include "base/config/yaml.h"

namespace signalbox::sim {

using Node = config::YamlNode;

class NodeReader {
 public:
  NodeReader(std::string_view name, std::vector<config::Problem>& problems)
      : name_(name), problems_(problems) {}

  void Complain(config::YamlPlace place, std::string message, std::string suggestion = {});

  // Each of these complains about what it cannot take. `key` is only for the sentence.
  std::optional<std::string> Text(const Node& node, std::string_view key);
  std::optional<std::int64_t> Int(const Node& node, std::string_view key, std::int64_t min,
                                  std::int64_t max);
  std::optional<double> Number(const Node& node, std::string_view key, double min, double max);
  std::optional<bool> Bool(const Node& node, std::string_view key);
  std::optional<std::chrono::nanoseconds> Duration(const Node& node, std::string_view key);
  // One of `words`; its index.
  std::optional<std::size_t> Word(const Node& node, std::string_view key,
                                  std::span<const std::string_view> words);
  // A mapping from free names to texts, in order.
  std::vector<std::pair<std::string, std::string>> Texts(const Node& node, std::string_view key);
  bool IsMap(const Node& node, std::string_view what);
  void Unknown(const config::YamlMember& member, std::string_view what,
               const std::vector<std::string>& known);

 private:
  std::string name_;
  std::vector<config::Problem>& problems_;
};

// Any YAML value as JSON text; plain scalars become null, booleans and numbers where they can.
void AppendJson(const Node& node, std::string& out);

// A key of a mapping and the function that reads it into its place in a T.
template <typename T>
struct Field {
  std::string_view key;
  void (*read)(NodeReader&, const Node&, std::string_view key, T&);
};

template <typename T>
bool ReadMember(NodeReader& reader, const config::YamlMember& member,
                std::span<const Field<T>> fields, T& out) {
  for (const auto& field : fields) {
    if (field.key == member.key) {
      field.read(reader, *member.value, field.key, out);
      return true;
    }
  }
  return false;
}

template <typename T>
void ReadMap(NodeReader& reader, const Node& node, std::string_view what,
             std::span<const Field<T>> fields, T& out) {
  if (!reader.IsMap(node, what)) {
    return;
  }
  for (const auto& member : node.members) {
    if (!ReadMember(reader, member, fields, out)) {
      std::vector<std::string> known;
      for (const auto& field : fields) {
        known.emplace_back(field.key);
      }
      reader.Unknown(member, what, known);
    }
  }
}

// Field functions for plain members: {"model", TextInto<&Match::model>}.
template <typename Member>
struct OwnerOf;
template <typename C, typename M>
struct OwnerOf<M C::*> {
  using type = C;
};
template <auto kMember>
using Owner = typename OwnerOf<decltype(kMember)>::type;

template <typename T, typename U>
void Put(std::optional<U> value, T& place) {
  if (value) {
    place = static_cast<T>(*std::move(value));
  }
}
template <auto kMember>
void TextInto(NodeReader& reader, const Node& node, std::string_view key, Owner<kMember>& out) {
  Put(reader.Text(node, key), out.*kMember);
}
template <auto kMember>
void BoolInto(NodeReader& reader, const Node& node, std::string_view key, Owner<kMember>& out) {
  Put(reader.Bool(node, key), out.*kMember);
}
template <auto kMember>
void DurationInto(NodeReader& reader, const Node& node, std::string_view key, Owner<kMember>& out) {
  Put(reader.Duration(node, key), out.*kMember);
}
template <auto kMember, std::int64_t kMin, std::int64_t kMax>
void IntInto(NodeReader& reader, const Node& node, std::string_view key, Owner<kMember>& out) {
  Put(reader.Int(node, key, kMin, kMax), out.*kMember);
}

}  // namespace signalbox::sim
