// `signalbox doctor`: where records are, and what several gateways share.
#include <fmt/format.h>

#include <filesystem>

#include "app/database.h"
#include "app/doctor_checks.h"
#include "base/async/gate.h"
#include "io/net/resolver.h"
#include "io/store/postgres/postgres.h"
#include "io/store/redis/shared_on_redis.h"
#include "io/store/sqlite/sqlite.h"

namespace signalbox::app {
namespace {

using cli::DoctorReport;
constexpr const char* kArea = "store";
constexpr const char* kNotAsked = "not asked, because of --offline";
constexpr std::chrono::seconds kPatience{3};

void CheckServer(const StoreSection& store, DoctorReport& report) {
  const auto looked = store::LookAtPostgres({.address = store.records.Reveal(),
                                             .schema = store.schema,
                                             .connections = 1,
                                             .wait = kPatience});
  if (!looked) {
    report.Bad(kArea, "records", looked.error().message,
               "see that the server runs and that store.records names it and a user of it");
    return;
  }
  report.Ok(kArea, "records",
            fmt::format("{}, version {}, schema {} {}", looked->name, looked->version, store.schema,
                        looked->schema ? "is there" : "is made at the first start"));
}

// Reads all of it, unless a Signalbox has it open.
void CheckFile(const Patient& patient, DoctorReport& report) {
  const std::string path = DatabasePath(patient.options().data);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    report.Ok(kArea, "records", path + " is made at the first start");
    return;
  }
  if (patient.holder.held) {
    report.Ok(kArea, "records", path + ", in use");
    return;
  }
  const auto sql = store::OpenSqlite({.path = path, .readers = 1});
  const auto damage = sql ? (*sql)->Damage() : core::Result<std::vector<std::string>>();
  if (!sql || !damage) {
    report.Bad(kArea, "records", (sql ? damage.error() : sql.error()).message,
               "see who owns the file, and whether it is a database of Signalbox");
  } else if (!damage->empty()) {
    report.Bad(kArea, "records", fmt::format("{} is damaged: {}", path, damage->front()),
               "stop Signalbox, move the file away and put its last copy in its place");
  } else {
    report.Ok(kArea, "records", path + " is sound");
  }
}

async::Task<core::Status> AskRedis(async::Loop* loop, const StoreSection* store,
                                   std::string* name) {
  net::Resolver resolver(*loop);
  SB_CO_TRY(auto options, store::ParseRedisUrl(store->shared.Reveal()));
  *name = options.Name();
  SB_CO_TRY(const auto shared, store::SharedOnRedis::Open(*loop, resolver, std::move(options)));
  const async::Deadline deadline{loop->now() + kPatience, nullptr};
  const auto answer = co_await shared->Get("doctor", deadline);
  co_await shared->Close(deadline);
  co_return answer ? core::Status() : std::unexpected(answer.error());
}

async::Task<void> CheckRedis(async::Loop* loop, const StoreSection* store, DoctorReport* report) {
  std::string name;
  if (const core::Status answered = co_await AskRedis(loop, store, &name); answered) {
    report->Ok(kArea, "shared", name + " answers");
  } else {
    report->Bad(kArea, "shared", answered.error().message,
                "see that the Redis runs and that store.shared names it and a user of it");
  }
  loop->Stop();
}

void CheckShared(const StoreSection& store, DoctorReport& report) {
  if (store.shared.empty()) {
    report.Ok(kArea, "shared",
              store.records.empty() ? "nothing: this is the only gateway"
                                    : "through the PostgreSQL of records");
    return;
  }
  const auto loop = async::Loop::Create();
  if (loop) {
    async::Gate gate(**loop);
    gate.Spawn(CheckRedis(loop->get(), &store, &report));
    (*loop)->Run();
  }
}

}  // namespace

DoctorReport CheckStore(const Patient& patient, bool offline) {
  DoctorReport report;
  const StoreSection& store = patient.options().store;
  if (!patient.loaded.ok()) {
    report.Skip(kArea, "all", "not looked at before the configuration is right");
    return report;
  }
  if (store.records.empty()) {
    CheckFile(patient, report);
  } else if (offline) {
    report.Skip(kArea, "records", kNotAsked);
  } else {
    CheckServer(store, report);
  }
  if (offline && !store.shared.empty()) {
    report.Skip(kArea, "shared", kNotAsked);
  } else {
    CheckShared(store, report);
  }
  return report;
}

}  // namespace signalbox::app
