#include "base/config/environment.h"

#include <unistd.h>

namespace signalbox::config {

Environment Environment::FromProcess() {
  Variables variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string_view::npos && equals > 0) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return Environment(std::move(variables));
}

std::optional<std::string_view> Environment::Find(std::string_view name) const {
  const auto it = variables_.find(name);
  return it == variables_.end() ? std::nullopt : std::optional<std::string_view>(it->second);
}

}  // namespace signalbox::config
