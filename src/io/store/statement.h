// The text of a statement. It is written in the program and nowhere else: what a caller says goes
// into parameters, never into the text, and the compiler sees to it.
//
// Statements are written once for all engines: parameters are $1, $2, … without a gap (a number may
// stand several times), conflicts are ON CONFLICT …, and what a filter leaves open is
// `($1 IS NULL OR …)`.
//
// Owner: views of literals. Threads: plain data. Errors, Cancel: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::store {

class Statement {
 public:
  template <std::size_t N>
  consteval Statement(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT: from a literal

  // The same statement with every `{number}` in it read as the digits of `number`: the name of a
  // partition is `usage_{number}`. A second one is `{size}`: `vector({size})`. There is no other
  // way to a text that is not a literal.
  constexpr Statement Of(std::uint64_t number, std::uint64_t size = 0) const {
    Statement one = *this;
    one.number_ = number;
    one.size_ = size;
    one.numbered_ = true;
    return one;
  }

  // The literal, as it is written.
  constexpr std::string_view text() const { return text_; }
  // For engines: adds what the database is to read.
  void AppendTo(std::string& out) const;
  // Whether it is to be forgotten after it was run: a line of a migration.
  constexpr bool once() const { return once_; }

 private:
  friend class MigrationText;
  Statement() = default;

  std::string_view text_;
  std::uint64_t number_ = 0;
  std::uint64_t size_ = 0;
  bool numbered_ = false;
  bool once_ = false;
};

}  // namespace signalbox::store
