// What goes into a statement and comes out of a row, the same for every engine.
//
// Owner:   a Param is a view of the caller's memory; a Row is the engine's, valid while it is
//          visited. Threads: one. Errors: none; a column read as another type than it has is a
//          broken invariant and ends the process. Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace signalbox::store {

using Bytes = std::span<const std::byte>;

// Null, a whole number, a number, text, bytes.
using Param = std::variant<std::monostate, std::int64_t, double, std::string_view, Bytes>;
using Params = std::span<const Param>;

class Row {
 public:
  virtual bool IsNull(std::size_t column) const = 0;
  virtual std::int64_t Int(std::size_t column) const = 0;  // of null: 0
  virtual double Number(std::size_t column) const = 0;     // of null: 0
  virtual std::string_view Text(std::size_t column) const = 0;
  virtual store::Bytes Bytes(std::size_t column) const = 0;

 protected:
  ~Row() = default;
};

}  // namespace signalbox::store
