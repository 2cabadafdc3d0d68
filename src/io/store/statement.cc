#include "io/store/statement.h"

#include <fmt/format.h>

#include <iterator>

namespace signalbox::store {

void Statement::AppendTo(std::string& out) const {
  constexpr std::string_view kPlace = "{number}";
  std::string_view rest = text_;
  for (std::size_t at = 0; numbered_ && (at = rest.find(kPlace)) != std::string_view::npos;) {
    fmt::format_to(std::back_inserter(out), "{}{}", rest.substr(0, at), number_);
    rest.remove_prefix(at + kPlace.size());
  }
  out += rest;
}

}  // namespace signalbox::store
