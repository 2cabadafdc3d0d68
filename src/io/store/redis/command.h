// Commands as Redis reads them, and where in a cluster their keys are.
//
// Owner: values. Threads: plain data. Errors: none. Cancel: nothing waits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::store {

enum class ScriptName : std::uint8_t {
  kNone,
  kDraw,
  kPeek,
  kTell,
  kCompareAndSet,
  kAcquire,
  kRelease
};

// A command on one key, or on none. A script's name and number of keys are put before its
// arguments when it is sent.
class Command {
 public:
  explicit Command(std::string_view name) { Arg(name); }
  Command(ScriptName script, std::string_view key) : script_(script) { Key(key); }

  Command& Arg(std::string_view text);
  Command& Arg(std::int64_t number);
  Command& Key(std::string_view key);

  ScriptName script() const { return script_; }
  int slot() const { return slot_; }  // -1: any node

  // Appends it as it is sent. `how` is "EVAL" or "EVALSHA" and `what` the script's text or digest.
  void AppendTo(std::string& out) const;
  void AppendTo(std::string& out, std::string_view how, std::string_view what) const;

 private:
  ScriptName script_ = ScriptName::kNone;
  int slot_ = -1;
  int args_ = 0;
  std::string tail_;  // the arguments, encoded
};

// The slot of `key` in a cluster: of what stands in its first braces, if there is anything.
// Source: Redis Cluster specification, "Key distribution model" and "Hash tags".
int KeySlot(std::string_view key);

}  // namespace signalbox::store
