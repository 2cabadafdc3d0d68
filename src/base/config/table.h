// A section of the configuration: a plain struct and the table that binds keys to its members.
//
//   const config::Table<ServerOptions>& ServerTable() {
//     static const auto table =
//         config::Table<ServerOptions>("server", "How clients reach Signalbox.")
//             .Add("listen", &ServerOptions::listen, {.doc = "Address and port."})
//             .Add("drain", &ServerOptions::drain, {.doc = "…", .min = 1s, .max = 1h})
//             .Sub("limits", &ServerOptions::limits, LimitsTable());
//     return table;
//   }
//
// Owner:   a function-local static of the stage that owns the struct; the root's is app/'s.
// Threads: built once, then read only.
// Errors:  a key used twice or not snake_case is a broken invariant and ends the process.
// Cancel:  nothing waits.
//
// Defaults are those of a default-constructed struct. A member that is std::optional<…> may be
// left unset. Option types: spec.h, CodecOf.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/config/spec.h"

namespace signalbox::config {

struct OptionalOps {
  const void* (*get)(const void*);  // null when not set
  void* (*emplace)(void*);
};

struct EntriesOps {
  void* (*find_or_add)(void* map, const std::string& name);
  std::vector<std::pair<std::string, const void*>> (*list)(const void* map);
};

struct TableData;

struct Row {
  enum class Shape : std::uint8_t { kOption, kSection, kEntries };

  Shape shape = Shape::kOption;
  std::string key;
  Spec spec;
  std::size_t offset = 0;
  const Codec* codec = nullptr;                      // kOption
  const OptionalOps* optional = nullptr;             // kOption whose member is std::optional
  const EntriesOps* entries = nullptr;               // kEntries
  std::shared_ptr<const TableData> table = nullptr;  // kSection, kEntries: of one entry

  bool IsSecret() const;
  void* Slot(void* object) const;               // makes an optional's value
  const void* Value(const void* object) const;  // null when an optional is not set
  std::string Expected() const;
  // Reads `text` into the option of `object`.
  Complaint Read(std::string_view text, void* object) const;
};

// How a secret is shown. Read back, <not set> is the default and <set> a mistake.
inline constexpr std::string_view kSecretSet = "<set>";
inline constexpr std::string_view kSecretNotSet = "<not set>";
// Stands in versions of history for a secret that was written in the file.
inline constexpr std::string_view kSecretKept = "<kept secret>";

struct TableData {
  std::string name;
  std::string doc;
  std::vector<Row> rows;
  std::shared_ptr<const void> defaults;
  std::shared_ptr<void> (*make)();  // another object with the defaults
  // The option that is meant when the section is written as one word; empty: none is.
  std::string short_for{};
  // What to write in place of keys that are none.
  std::map<std::string, std::string, std::less<>> instead{};

  const Row* Find(std::string_view key) const;
  const Row* OneWord() const { return short_for.empty() ? nullptr : Find(short_for); }
  void Add(Row row);
};

namespace detail {
template <typename M>
struct Unwrap {
  using Type = M;
  static constexpr const OptionalOps* kOps = nullptr;
};
template <typename M>
struct Unwrap<std::optional<M>> {
  using Type = M;
  static constexpr OptionalOps kTable = {
      [](const void* o) -> const void* {
        const auto& value = *static_cast<const std::optional<M>*>(o);
        return value ? &*value : nullptr;
      },
      [](void* o) -> void* { return &static_cast<std::optional<M>*>(o)->emplace(); }};
  static constexpr const OptionalOps* kOps = &kTable;
};
template <typename Map>
inline constexpr EntriesOps kEntriesOps = {
    [](void* map, const std::string& name) -> void* { return &(*static_cast<Map*>(map))[name]; },
    [](const void* map) {
      std::vector<std::pair<std::string, const void*>> out;
      for (const auto& [name, entry] : *static_cast<const Map*>(map)) {
        out.emplace_back(name, &entry);
      }
      return out;
    }};
}  // namespace detail

template <typename T>
class Table {
 public:
  // `name` stands for one such thing in the reference page ("provider"), `doc` is one sentence.
  Table(std::string name, std::string doc)
      : data_(std::make_shared<TableData>(
            std::move(name), std::move(doc), std::vector<Row>{}, std::make_shared<T>(),
            [] { return std::shared_ptr<void>(std::make_shared<T>()); })) {}

  template <typename M>
  Table Add(std::string key, M T::* member, Spec spec) && {
    using Unwrapped = detail::Unwrap<M>;
    data_->Add({.key = std::move(key),
                .spec = std::move(spec),
                .offset = Offset(member),
                .codec = &CodecOf<typename Unwrapped::Type>(),
                .optional = Unwrapped::kOps});
    return std::move(*this);
  }

  // A section inside this one.
  template <typename S>
  Table Sub(std::string key, S T::* member, const Table<S>& table) && {
    data_->Add({.shape = Row::Shape::kSection,
                .key = std::move(key),
                .spec = {.doc = table.data()->doc},
                .offset = Offset(member),
                .table = table.data()});
    return std::move(*this);
  }

  // Named entries: `providers: { openai: {…}, edge: {…} }`, each read by `table`.
  template <typename E, typename Less>
  Table Map(std::string key, std::map<std::string, E, Less> T::* member, const Table<E>& table,
            Spec spec) && {
    data_->Add({.shape = Row::Shape::kEntries,
                .key = std::move(key),
                .spec = std::move(spec),
                .offset = Offset(member),
                .entries = &detail::kEntriesOps<std::map<std::string, E, Less>>,
                .table = table.data()});
    return std::move(*this);
  }

  // The section may be written as one word, `store: env`, which is then its option `key`.
  Table Short(std::string key) && {
    data_->short_for = std::move(key);
    return std::move(*this);
  }

  // `key` is none, or none any more, but people write it: `advice` is what to write instead.
  Table Instead(std::string key, std::string advice) && {
    data_->instead.emplace(std::move(key), std::move(advice));
    return std::move(*this);
  }

  const std::shared_ptr<const TableData> data() const { return data_; }

 private:
  template <typename M>
  std::size_t Offset(M T::* member) const {
    const T& probe = *static_cast<const T*>(data_->defaults.get());
    return static_cast<std::size_t>(reinterpret_cast<const char*>(&(probe.*member)) -
                                    reinterpret_cast<const char*>(&probe));
  }

  std::shared_ptr<TableData> data_;
};

}  // namespace signalbox::config
