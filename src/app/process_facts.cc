#include "app/process_facts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "pipeline/ledger/data_lock.h"

namespace signalbox::app {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> Words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) {
    out.push_back(word);
  }
  return out;
}

std::string ProcFile(int pid, std::string_view name) {
  return fmt::format("/proc/{}/{}", pid, name);
}

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Field 22 of /proc/PID/stat is the start in ticks since boot; the name in field 2 may hold
// anything, so that counting begins behind its parenthesis.
std::chrono::seconds AgeOf(int pid) {
  constexpr std::size_t kStartBehindName = 19;
  const std::string stat = FirstLine(ProcFile(pid, "stat"));
  const std::size_t behind = stat.rfind(')');
  if (behind == std::string::npos) {
    return {};
  }
  const auto words = Words(stat.substr(behind + 1));
  const auto now = Words(FirstLine("/proc/uptime"));
  if (words.size() <= kStartBehindName || now.empty()) {
    return {};
  }
  const double start = std::strtod(words[kStartBehindName].c_str(), nullptr) /
                       static_cast<double>(sysconf(_SC_CLK_TCK));
  const double age = std::strtod(now.front().c_str(), nullptr) - start;
  return std::chrono::seconds(static_cast<std::int64_t>(std::max(0.0, age)));
}

// The inodes of sockets that listen on `port`, as "socket:[123]" in /proc/PID/fd.
std::set<std::string> ListeningSockets(std::uint16_t port) {
  constexpr std::string_view kListening = "0A";
  const std::string ending = fmt::format(":{:04X}", port);
  std::set<std::string> out;
  for (const char* path : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const auto words = Words(line);
      if (words.size() > 9 && words[1].ends_with(ending) && words[3] == kListening) {
        out.insert("socket:[" + words[9] + "]");
      }
    }
  }
  return out;
}

// Calls visit(target) for each descriptor of `pid` until it says true. nullopt: not to be seen.
template <typename Visit>
std::optional<bool> AnyDescriptor(int pid, Visit visit) {
  std::error_code error;
  fs::directory_iterator each(ProcFile(pid, "fd"), error);
  if (error) {
    return std::nullopt;
  }
  for (; each != fs::directory_iterator(); each.increment(error)) {
    if (error) {
      break;
    }
    if (const fs::path target = fs::read_symlink(each->path(), error);
        !error && visit(target.string())) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string ProcessFacts::Text() const {
  const auto seconds = age.count();
  const std::string since = seconds < 120      ? fmt::format("{} s", seconds)
                            : seconds < 7200   ? fmt::format("{} min", seconds / 60)
                            : seconds < 172800 ? fmt::format("{} h", seconds / 3600)
                                               : fmt::format("{} days", seconds / 86400);
  return fmt::format("{} (pid {}, for {})", name, pid, since);
}

std::optional<ProcessFacts> FactsOfProcess(int pid) {
  ProcessFacts facts{.pid = pid, .name = FirstLine(ProcFile(pid, "comm")), .age = AgeOf(pid)};
  if (facts.name.empty()) {
    return std::nullopt;
  }
  std::error_code error;
  facts.program = fs::read_symlink(ProcFile(pid, "exe"), error).string();
  constexpr std::string_view kDeleted = " (deleted)";
  if (facts.program.ends_with(kDeleted)) {
    facts.program.resize(facts.program.size() - kDeleted.size());
    facts.program_replaced = true;
  }
  return facts;
}

std::vector<int> ListenersOn(std::uint16_t port) {
  const std::set<std::string> sockets = ListeningSockets(port);
  const auto listens = [&](const std::string& target) { return sockets.contains(target); };
  std::vector<int> out;
  std::error_code error;
  fs::directory_iterator each("/proc", error);
  for (; !sockets.empty() && !error && each != fs::directory_iterator(); each.increment(error)) {
    const std::string name = each->path().filename();
    int pid = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (read.ec == std::errc() && read.ptr == name.data() + name.size() &&
        AnyDescriptor(pid, listens).value_or(false)) {
      out.push_back(pid);
    }
  }
  return out;
}

std::optional<bool> HasOpen(int pid, const std::string& path) {
  std::error_code error;
  const std::string file = fs::canonical(path, error).string();
  if (error) {
    return false;
  }
  return AnyDescriptor(pid, [&](const std::string& target) { return target == file; });
}

DataHolder HolderOf(const std::string& data_directory) {
  const auto pid = ledger::DataLock::Holder(data_directory);
  if (!pid) {
    return {};
  }
  const bool another = HasOpen(*pid, data_directory + "/lock") == false;
  return {true, another ? std::nullopt : FactsOfProcess(*pid)};
}

core::Result<int> ProcessToAsk(const std::string& data_directory, std::string_view command) {
  const DataHolder holder = HolderOf(data_directory);
  if (!holder.held) {
    return core::Fail(core::ErrorCode::kNotFound,
                      fmt::format("no Signalbox is running with the data directory {}; start it "
                                  "with signalbox serve, or name another directory with --data",
                                  data_directory));
  }
  if (!holder.process) {
    return core::Fail(core::ErrorCode::kForbidden,
                      fmt::format("the Signalbox that has the data directory {} is not a process "
                                  "of this machine or container; run signalbox {} where it runs",
                                  data_directory, command));
  }
  return holder.process->pid;
}

}  // namespace signalbox::app
