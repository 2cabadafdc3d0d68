// The environment as configuration sees it: a value that is handed in.
//
// Owner: the caller. Threads: plain data. Errors: none. Cancel: nothing waits.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::config {

class Environment {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  Environment() = default;
  explicit Environment(Variables variables) : variables_(std::move(variables)) {}

  // The one place that reads the process's environment.
  static Environment FromProcess();

  // The view is valid as long as this Environment.
  std::optional<std::string_view> Find(std::string_view name) const;
  const Variables& variables() const { return variables_; }

 private:
  Variables variables_;
};

}  // namespace signalbox::config
