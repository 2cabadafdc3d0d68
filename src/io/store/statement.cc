#include "io/store/statement.h"

#include <fmt/format.h>

#include <iterator>

namespace signalbox::store {

void Statement::AppendTo(std::string& out) const {
  constexpr std::string_view kNumber = "{number}";
  constexpr std::string_view kSize = "{size}";
  std::string_view rest = text_;
  for (std::size_t at = 0; numbered_ && (at = rest.find('{')) != std::string_view::npos;) {
    out += rest.substr(0, at);
    rest.remove_prefix(at);
    if (rest.starts_with(kNumber)) {
      fmt::format_to(std::back_inserter(out), "{}", number_);
      rest.remove_prefix(kNumber.size());
    } else if (rest.starts_with(kSize)) {
      fmt::format_to(std::back_inserter(out), "{}", size_);
      rest.remove_prefix(kSize.size());
    } else {
      out += rest.front();
      rest.remove_prefix(1);
    }
  }
  out += rest;
}

}  // namespace signalbox::store
