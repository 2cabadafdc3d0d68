#include "app/config_command.h"

#include <fmt/format.h>

#include "app/options.h"
#include "base/config/show.h"

namespace signalbox::app {
namespace {

constexpr int kWrong = 2;

// Loads; prints what is wrong.
std::optional<config::Loaded<Options>> Load(const std::optional<std::string>& file) {
  auto loaded = LoadOptions(file, config::Environment::FromProcess(), {});
  if (!loaded.ok()) {
    fmt::print(stderr, "{}", config::Text(loaded.problems));
    return std::nullopt;
  }
  return loaded;
}

}  // namespace

int ConfigCheck(const std::optional<std::string>& file) {
  if (!Load(file)) {
    return kWrong;
  }
  fmt::print("{}: ok\n", file.value_or("defaults and environment"));
  return 0;
}

int ConfigShow(const std::optional<std::string>& file, bool json) {
  const auto loaded = Load(file);
  if (!loaded) {
    return kWrong;
  }
  fmt::print("{}", json ? config::ShowAsJson(RootTable(), *loaded) + "\n"
                        : config::Show(RootTable(), *loaded));
  return 0;
}

int ConfigReference() {
  fmt::print("{}", config::Reference(RootTable()));
  return 0;
}

int ConfigSchema() {
  fmt::print("{}\n", config::Schema(RootTable()));
  return 0;
}

}  // namespace signalbox::app
