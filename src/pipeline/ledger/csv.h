// A line of comma-separated values (RFC 4180) that no spreadsheet takes for a formula.
//
// Owner: the string it appends to. Threads: one. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::ledger {

class CsvLine {
 public:
  explicit CsvLine(std::string& out) : out_(out) {}

  // What begins with = + - @ or a tab, and is text, gets an apostrophe before it (OWASP, "CSV
  // injection"): names come from clients.
  CsvLine& Text(std::string_view text);
  CsvLine& Int(std::int64_t value);
  CsvLine& Plain(std::string_view text);  // of our own making: a time, an id, an amount
  CsvLine& Empty();
  void End();

 private:
  void Separate();

  std::string& out_;
  bool first_ = true;
};

}  // namespace signalbox::ledger
