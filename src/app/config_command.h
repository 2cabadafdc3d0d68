// `signalbox config …`: the configuration for people and editors. Each returns the exit status.
#pragma once

#include <optional>
#include <string>

namespace signalbox::app {

int ConfigCheck(const std::optional<std::string>& file);
int ConfigShow(const std::optional<std::string>& file, bool json);
int ConfigReference();
int ConfigSchema();

}  // namespace signalbox::app
