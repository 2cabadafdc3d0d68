#include "io/store/postgres/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "io/store/postgres/libpq.h"

namespace signalbox::store::postgres {
namespace {

using core::ErrorCode;

struct Free {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, Free>;

// What is said, else what libpq takes without it.
std::string Find(const Options& said, const Options& defaults, std::string_view keyword) {
  for (const Options* options : {&said, &defaults}) {
    for (const PQconninfoOption* one = options->get(); one != nullptr && one->keyword != nullptr;
         ++one) {
      if (one->keyword == keyword && one->val != nullptr && *one->val != '\0') {
        return one->val;
      }
    }
  }
  return {};
}

}  // namespace

core::Result<std::string> NameOf(const std::string& address) {
  SB_CHECK_OK(LoadLibpq());
  char* ignored = nullptr;  // would repeat parts of the address
  const Options said(PQconninfoParse(address.c_str(), &ignored));
  PQfreemem(ignored);
  const Options defaults(PQconndefaults());
  if (said == nullptr || address.empty()) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "the address of the PostgreSQL database cannot be read: write "
                      "postgresql://user:password@host:5432/database, with % and two hexadecimal "
                      "digits for characters of the password that mean something there");
  }
  const std::string host = Find(said, defaults, "host");
  const std::string database = Find(said, defaults, "dbname");
  return fmt::format("PostgreSQL {}:{}/{}", host.empty() ? "localhost" : host,
                     Find(said, defaults, "port"),
                     database.empty() ? Find(said, defaults, "user") : database);
}

core::Status CheckSchema(std::string_view schema) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  constexpr std::size_t kMostBytes = 63;  // PostgreSQL's NAMEDATALEN - 1
  if (schema.empty() || schema.size() > kMostBytes || !std::ranges::all_of(schema, allowed) ||
      schema.starts_with("pg_") || schema == "public" || schema == "information_schema") {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "a schema's name is 1 to 63 lower-case letters, digits and _, and not one of "
                      "PostgreSQL's own");
  }
  return {};
}

}  // namespace signalbox::store::postgres
