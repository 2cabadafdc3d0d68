// What `signalbox doctor` found, and how it is told.
//
// Owner:   the command. Threads: plain data. Errors: none. Cancel: nothing waits.
//
// A finding says what was looked at, what was found and, where something is to be done, the next
// step. Nothing secret stands in it: keys are named by where they come from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "surface/cli/terminal.h"

namespace signalbox::cli {

enum class CheckState { kOk, kSkipped, kWarning, kBad };  // the worse ones last

struct Finding {
  std::string area;   // "machine", "providers"; findings of one area stand together
  std::string check;  // what was looked at: "data directory", a provider's name
  CheckState state = CheckState::kOk;
  std::string found;
  std::string next;  // empty: nothing is to be done
};

std::string_view Name(CheckState state);

class DoctorReport {
 public:
  void Add(Finding finding) { findings_.push_back(std::move(finding)); }
  void Ok(std::string area, std::string check, std::string found);
  void Skip(std::string area, std::string check, std::string why);
  void Warn(std::string area, std::string check, std::string found, std::string next);
  void Bad(std::string area, std::string check, std::string found, std::string next);
  void Add(DoctorReport other);

  const std::vector<Finding>& findings() const { return findings_; }
  std::size_t Count(CheckState state) const;
  // The worst state of all; a check that was left out makes nothing worse.
  CheckState state() const;

  // A block per area in order of its first finding, and a last line that counts.
  std::string Text(const Terminal& terminal) const;
  // {"state":"bad","checks":[{"area":…,"check":…,"state":…,"found":…,"next":…}]}
  std::string Json() const;

 private:
  std::vector<Finding> findings_;
};

}  // namespace signalbox::cli
