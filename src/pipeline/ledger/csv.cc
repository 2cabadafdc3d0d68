#include "pipeline/ledger/csv.h"

#include <fmt/format.h>

#include <iterator>

namespace signalbox::ledger {

void CsvLine::Separate() {
  if (!first_) {
    out_ += ',';
  }
  first_ = false;
}

CsvLine& CsvLine::Text(std::string_view text) {
  Separate();
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  if (!formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out_ += text;
    return *this;
  }
  out_ += formula ? "\"'" : "\"";
  for (const char c : text) {
    out_.append(c == '"' ? 2 : 1, c);
  }
  out_ += '"';
  return *this;
}

CsvLine& CsvLine::Int(std::int64_t value) {
  Separate();
  fmt::format_to(std::back_inserter(out_), "{}", value);
  return *this;
}

CsvLine& CsvLine::Plain(std::string_view text) {
  Separate();
  out_ += text;
  return *this;
}

CsvLine& CsvLine::Empty() {
  Separate();
  return *this;
}

void CsvLine::End() {
  out_ += "\r\n";
  first_ = true;
}

}  // namespace signalbox::ledger
