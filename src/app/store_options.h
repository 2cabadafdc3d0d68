// The section `store`: where records are kept and what several replicas share. Nothing set: one
// SQLite file in the data directory, and nothing is shared.
//
// Owner:   Options. Threads: plain data. Cancel: nothing waits.
// Errors:  SettleStore's, which never repeat an address: there may be a password in it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/config/environment.h"
#include "base/config/table.h"

namespace signalbox::app {

struct StoreSection {
  enum class From : std::uint8_t { kHere, kEnvironment };

  From from = From::kHere;
  config::Secret records;  // postgresql://…; empty: SQLite
  std::string schema = "signalbox";
  std::uint32_t connections = 8;  // to PostgreSQL
  // redis://…, rediss://…; empty: the PostgreSQL of records, where there is one, else nothing is
  // shared.
  config::Secret shared;

  friend bool operator==(const StoreSection&, const StoreSection&) = default;
};

// Whether there may be several gateways: they share a Redis, or the PostgreSQL of the records.
inline bool IsShared(const StoreSection& store) {
  return !store.shared.empty() || !store.records.empty();
}

const config::Table<StoreSection>& StoreTable();

// Takes DATABASE_URL and REDIS_URL where `store: env` says so, then says what is wrong, by key.
using Complaints = std::vector<std::pair<std::string, std::string>>;
Complaints SettleStore(const config::Environment& environment, StoreSection& store);

}  // namespace signalbox::app
