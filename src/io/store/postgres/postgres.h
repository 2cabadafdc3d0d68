// Records in a PostgreSQL database (15 or newer), shared by several replicas.
//
// Owner:   app/, one per process; outlives whoever uses it.
// Threads: as Sql; as many statements run at a time as there are connections.
// Errors:  as Sql. Serialization failures and deadlocks are tried again, and so is work whose
//          connection broke before its commit. When it broke in the commit, kUnavailable says so:
//          nobody knows then whether it was written. Lost connections are replaced at the next use.
// Cancel:  as Sql; a server that does not answer at all is given up two seconds after the limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "io/store/sql.h"

namespace signalbox::store {

struct PostgresOptions {
  // "postgresql://user:password@host:port/database?sslmode=verify-full", or key=value pairs, as
  // libpq takes them (TLS, several hosts, .pgpass and PG* variables included).
  std::string address;
  // All tables are in it, and it alone is looked at; made when it is not there. Lower-case letters,
  // digits and `_`.
  std::string schema = "signalbox";
  std::uint32_t connections = 8;                // at the same time
  std::chrono::milliseconds wait{5000};         // for a connection, or another's lock
  std::chrono::milliseconds statement{30'000};  // one statement's time; 0: no limit
};

// Connects once. kInvalidRequest: the address or the schema's name cannot be understood.
core::Result<std::unique_ptr<Sql>> OpenPostgres(const PostgresOptions& options);

struct PostgresLook {
  std::string name;     // "PostgreSQL db.example:5432/signalbox"
  std::string version;  // "15.8"
  bool schema = false;  // whether ours is there
};
// Connects and looks; changes nothing.
core::Result<PostgresLook> LookAtPostgres(const PostgresOptions& options);

}  // namespace signalbox::store
