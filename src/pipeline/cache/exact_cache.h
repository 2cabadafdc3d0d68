// The exact cache of the process: stored answers, and calls in the air that others wait for.
//
// Owner:   app/, one per process; outlives the workers and their loops.
// Threads: any; nobody waits for anybody.
// Errors:  room() is null when the system gives no memory; the request then goes without a cache.
// Cancel:  nothing waits.
//
// It takes no memory before something is to be kept, and never more than its limits say.
#pragma once

#include <optional>

#include "pipeline/cache/flights.h"
#include "pipeline/cache/options.h"
#include "pipeline/cache/table.h"

namespace signalbox::cache {

// Which answers are to be forgotten; empty fields mean all, several must all hold.
struct Purge {
  std::optional<Digest> key;
  std::optional<request::TenantId> tenant;
  std::string model;  // as sent upstream, or provider/model
  std::string tag;    // one of those of its request
};

class ExactCache {
 public:
  explicit ExactCache(const ExactOptions& options);
  ~ExactCache();
  ExactCache(const ExactCache&) = delete;
  ExactCache& operator=(const ExactCache&) = delete;

  struct Room {
    Table table;
    Flights flights;
  };
  // Made when it is first asked for.
  Room* room();

  // Tells how many. Looks at every answer: for threads that may take milliseconds.
  std::size_t Forget(const Purge& which);

  struct Size {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;
    std::uint64_t evictions = 0;
  };
  Size size() const;

 private:
  const TableLimits limits_;
  const std::uint32_t max_followers_;
  std::atomic<Room*> room_{nullptr};
};

}  // namespace signalbox::cache
