#include "app/store_options.h"

#include "io/store/postgres/address.h"
#include "io/store/redis/options.h"

namespace signalbox::app {
namespace {

using From = StoreSection::From;

bool IsPostgres(std::string_view address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

void TakeFrom(const config::Environment& environment, std::string_view variable,
              config::Secret& address) {
  if (address.empty()) {
    address = config::Secret(std::string(environment.Find(variable).value_or("")));
  }
}

template <typename T>
void Complain(std::string key, const core::Result<T>& checked, Complaints& wrong) {
  if (!checked) {
    wrong.emplace_back(std::move(key), checked.error().message);
  }
}

}  // namespace

const config::Table<StoreSection>& StoreTable() {
  static const auto table =
      config::Table<StoreSection>("store",
                                  "Where records are kept, and what several gateways share. "
                                  "`store: env` takes DATABASE_URL and REDIS_URL.")
          .Add("from", &StoreSection::from,
               {.doc = "env: addresses that are not written here come from DATABASE_URL and "
                       "REDIS_URL.",
                .names = {{"here", From::kHere}, {"env", From::kEnvironment}},
                .restart = true})
          .Add("records", &StoreSection::records,
               {.doc = "Address of a PostgreSQL (15 or newer) for records, such as "
                       "postgresql://user:password@host/database; without it they are in "
                       "signalbox.db in the data directory.",
                .restart = true})
          .Add("schema", &StoreSection::schema,
               {.doc = "Signalbox's own schema in that database, made when it is not there; no "
                       "other one is looked at.",
                .min = 1,
                .max = 63,
                .restart = true})
          .Add("connections", &StoreSection::connections,
               {.doc = "To that database, at the same time.",
                .unit = "connections",
                .min = 2,
                .max = 1000,
                .restart = true})
          .Add("shared", &StoreSection::shared,
               {.doc = "Address of a Redis (7 or newer) through which several gateways share "
                       "budgets, rate limits and news, such as rediss://user:password@host:6379/0; "
                       "without it "
                       "that is the PostgreSQL of records, and without both there is one gateway.",
                .restart = true})
          .Short("from");
  return table;
}

Complaints SettleStore(const config::Environment& environment, StoreSection& store) {
  if (store.from == From::kEnvironment) {
    TakeFrom(environment, "DATABASE_URL", store.records);
    TakeFrom(environment, "REDIS_URL", store.shared);
    if (store.records.empty() && store.shared.empty()) {
      return {{"from", "is env, and neither DATABASE_URL nor REDIS_URL is set"}};
    }
  }
  Complaints wrong;
  const std::string& records = store.records.Reveal();
  if (!records.empty() && !IsPostgres(records)) {
    wrong.emplace_back("records", "is no address of a PostgreSQL; it begins with postgresql://");
  } else if (!records.empty()) {
    Complain("records", store::postgres::NameOf(records), wrong);
  }
  Complain("schema", store::postgres::CheckSchema(store.schema), wrong);
  if (!store.shared.empty()) {
    Complain("shared", store::ParseRedisUrl(store.shared.Reveal()), wrong);
  }
  return wrong;
}

}  // namespace signalbox::app
