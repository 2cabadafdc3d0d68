// How fast the ledger goes into SQLite and PostgreSQL, and how fast it is asked there. The
// questions are put to a database of SB_LEDGER_ROWS calls (a million unless said otherwise) over
// thirty days. That of SQLite is made at SB_LEDGER_DATABASE when it is not there yet, else in a
// directory of its own; PostgreSQL is a server of this program's, whose own CPU time does not show:
// read its real time.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "io/store/migration.h"
#include "io/store/postgres/postgres.h"
#include "io/store/postgres/postgres_testing.h"
#include "io/store/sqlite/sqlite.h"
#include "pipeline/ledger/archive.h"
#include "pipeline/ledger/codec.h"
#include "pipeline/ledger/follower.h"
#include "pipeline/ledger/migrations.h"
#include "pipeline/ledger/record_samples.h"
#include "pipeline/ledger/request_query.h"
#include "pipeline/ledger/shipper.h"
#include "pipeline/ledger/usage_query.h"

namespace signalbox::ledger {
namespace {

constexpr std::int64_t kStart = 1'795'219'200;  // 2026-11-21T00:00:00Z
constexpr std::int64_t kDays = 30;
constexpr Period kLastDay{kStart + (kDays - 1) * 86'400, kStart + kDays * 86'400};
constexpr Period kAllDays{kStart, kStart + kDays * 86'400};

template <typename Id>
Id IdOf(std::uint64_t number) {
  core::Random random(number);
  return Id::New(core::WallTime(std::chrono::seconds(kStart)), random);
}

// Names that records refer to.
struct Names {
  std::vector<request::KeyId> keys;
  std::vector<std::string> models;
  std::vector<std::string> end_users;
  std::vector<std::string> agents;

  Names() {
    for (std::uint64_t i = 0; i < 200; ++i) {
      keys.push_back(IdOf<request::KeyId>(i));
    }
    for (int i = 0; i < 30; ++i) {
      models.push_back("model-" + std::to_string(i));
    }
    for (int i = 0; i < 2000; ++i) {
      end_users.push_back("end-user-" + std::to_string(i));
    }
    for (int i = 0; i < 20; ++i) {
      agents.push_back("agent-" + std::to_string(i));
    }
  }
};

Record Call(const Names& names, std::int64_t nanos, core::Random& random) {
  Record record = SampleSettlement(random.Next() % 4000);
  const core::WallTime arrived{std::chrono::seconds(kStart) + std::chrono::nanoseconds(nanos)};
  record.request = core::RequestId::New(arrived, random);
  record.time = arrived + std::chrono::seconds(1);
  record.total_us = random.Next() % 20'000'000;
  // A few keys make most of the calls.
  const auto skewed = [&random](std::size_t size) {
    return static_cast<std::size_t>(random.Draw() * random.Draw() * static_cast<double>(size));
  };
  record.parties.tenant = IdOf<request::TenantId>(skewed(5));
  record.parties.key = names.keys[skewed(names.keys.size())];
  record.parties.user = IdOf<request::UserId>(skewed(50));
  record.parties.team = IdOf<request::TeamId>(skewed(10));
  record.provider = random.Next() % 2 == 0 ? "openai" : "anthropic";
  record.model = names.models[skewed(names.models.size())];
  record.labels.agent = names.agents[skewed(names.agents.size())];
  record.labels.feature = "search";
  record.labels.tags = "nightly,team=blue";
  record.outcome = random.Next() % 50 == 0 ? Outcome::kFailed : Outcome::kOk;
  return record;
}

std::string NewDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "ledger-bench-XXXXXX").string();
  return mkdtemp(name.data());
}

std::unique_ptr<store::Sql> Migrated(std::unique_ptr<store::Sql> sql) {
  static_cast<void>(store::Migrate(*sql, Migrations(), core::WallNow(), {}));
  return sql;
}

std::unique_ptr<store::Sql> OpenFile(const std::string& path) {
  return Migrated(*store::OpenSqlite({.path = path}));
}

// Tables of its own; null where PostgreSQL is not installed.
std::unique_ptr<store::Sql> OpenServer() {
  static const auto kServer = store::PostgresServer::Start(
      {"fsync=on", "shared_buffers=256MB", "max_wal_size=2GB", "maintenance_work_mem=128MB"});
  if (kServer == nullptr) {
    return nullptr;
  }
  return Migrated(*store::OpenPostgres(
      {.address = kServer->address(), .schema = store::PostgresServer::NewSchema()}));
}

using store::Engine;

// An archive of `count` calls, `apart` from each other.
void WriteArchive(const std::string& directory, ArchiveProgress& progress, const Names& names,
                  std::uint64_t count, std::int64_t first, std::int64_t apart, bool end_users) {
  ArchiveOptions options;
  options.progress = &progress;
  auto archive = *Archive::Open(directory, options);
  core::Random random(static_cast<std::uint64_t>(first) + 7);
  for (std::uint64_t i = 0; i < count; ++i) {
    Record record = Call(names, first + static_cast<std::int64_t>(i) * apart, random);
    if (end_users) {
      record.labels.end_user = names.end_users[random.Next() % names.end_users.size()];
    }
    static_cast<void>(archive->AppendOwn(record));
  }
  static_cast<void>(archive->Commit());
}

// As they come at 50,000 a second, and, with a core of one's own, have to go.
void Ships(benchmark::State& state, Engine engine, bool end_users) {
  constexpr std::uint64_t kCalls = 200'000;
  const Names names;
  const std::string directory = NewDirectory();
  ArchiveProgress progress;
  WriteArchive(directory + "/ledger", progress, names, kCalls, 0, 20'000, end_users);
  int round = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto sql = engine == Engine::kSqlite
                   ? OpenFile(directory + "/" + std::to_string(round++) + ".db")
                   : OpenServer();
    state.ResumeTiming();
    if (sql == nullptr || Shipper(*sql, directory + "/ledger", progress, {}).ShipAll() != kCalls) {
      state.SkipWithError("not everything was shipped");
      break;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kCalls) * state.iterations());
  std::filesystem::remove_all(directory);
}
BENCHMARK_CAPTURE(Ships, sqlite, Engine::kSqlite, false)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);
BENCHMARK_CAPTURE(Ships, sqlite_end_users, Engine::kSqlite, true)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3);
BENCHMARK_CAPTURE(Ships, postgres, Engine::kPostgres, false)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3)
    ->UseRealTime();
BENCHMARK_CAPTURE(Ships, postgres_end_users, Engine::kPostgres, true)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(3)
    ->UseRealTime();

void ReadsTheArchive(benchmark::State& state) {
  constexpr std::uint64_t kCalls = 500'000;
  const Names names;
  const std::string directory = NewDirectory();
  ArchiveProgress progress;
  WriteArchive(directory, progress, names, kCalls, 0, 20'000, true);
  for (auto _ : state) {
    Follower follower(directory, {});
    Frame frame;
    Record record;
    std::uint64_t read = 0;
    while (*follower.Next(progress.committed(), frame)) {
      read += DecodeBody(frame, record) ? 1 : 0;
    }
    benchmark::DoNotOptimize(read);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kCalls) * state.iterations());
  std::filesystem::remove_all(directory);
}
BENCHMARK(ReadsTheArchive)->Unit(benchmark::kMillisecond);

// Thirty days of calls.
void Fill(store::Sql& sql) {
  const char* rows = std::getenv("SB_LEDGER_ROWS");
  const std::uint64_t count = rows == nullptr ? 1'000'000 : std::strtoull(rows, nullptr, 10);
  const std::string directory = NewDirectory();
  const Names names;
  const std::int64_t apart = kDays * 86'400'000'000'000 / static_cast<std::int64_t>(count);
  constexpr std::uint64_t kAtOnce = 500'000;
  for (std::uint64_t done = 0; done < count; done += kAtOnce) {
    const std::string part = directory + "/" + std::to_string(done);
    ArchiveProgress progress;
    WriteArchive(part, progress, names, std::min(kAtOnce, count - done),
                 static_cast<std::int64_t>(done) * apart, apart, done % 10 == 0);
    ShipperOptions options;
    options.batch = 2000;  // that are minutes apart, and so have a sum or more each
    if (const auto shipped = Shipper(sql, part, progress, options).ShipAll(); !shipped) {
      std::fprintf(stderr, "not everything is there: %s\n", shipped.error().message.c_str());
    }
    std::filesystem::remove_all(part);
  }
  std::filesystem::remove_all(directory);
}

std::unique_ptr<store::Sql> FilledFile() {
  const char* path = std::getenv("SB_LEDGER_DATABASE");
  const std::string database = path == nullptr ? NewDirectory() + "/ledger.db" : path;
  const bool there = std::filesystem::exists(database);
  auto sql = OpenFile(database);
  if (!there) {
    Fill(*sql);
  }
  return sql;
}

std::unique_ptr<store::Sql> FilledServer() {
  auto sql = OpenServer();
  if (sql != nullptr) {
    Fill(*sql);
  }
  return sql;
}

// The database that the questions are put to; null where there is none.
store::Sql* Asked(Engine engine) {
  if (engine == Engine::kSqlite) {
    static const std::unique_ptr<store::Sql> kFile = FilledFile();
    return kFile.get();
  }
  static const std::unique_ptr<store::Sql> kServer = FilledServer();
  return kServer.get();
}

void Check(benchmark::State& state, bool good) {
  if (!good) {
    state.SkipWithError("the question was not answered");
  }
}

void TopKeysOfThirtyDays(benchmark::State& state, store::Sql& sql) {
  for (auto _ : state) {
    const auto top =
        TopUsage(sql, {.by = Dimension::kKey, .period = kAllDays}, UsageOrder::kCost, 10);
    Check(state, top && top->size() == 10);
  }
}

void TopModelsOfThreeHoursAndAHalf(benchmark::State& state, store::Sql& sql) {
  const Period period{kLastDay.begin + 1800, kLastDay.begin + 1800 + 12'600};
  for (auto _ : state) {
    const auto top =
        TopUsage(sql, {.by = Dimension::kModel, .period = period}, UsageOrder::kCost, 10);
    Check(state, top && top->size() == 10);
  }
}

void TotalPerDayInBerlin(benchmark::State& state, store::Sql& sql) {
  for (auto _ : state) {
    const auto series = UsageSeries(sql, {.period = kAllDays}, "", Step::kDay, "Europe/Berlin");
    Check(state, series && series->size() >= 30);
  }
}

void OneKeyPerHourOfFourDays(benchmark::State& state, store::Sql& sql) {
  const std::string key = Names().keys[0].Text();
  const Period period{kLastDay.begin - 3 * 86'400, kLastDay.end};
  for (auto _ : state) {
    const auto series =
        UsageSeries(sql, {.by = Dimension::kKey, .period = period}, key, Step::kHour, "UTC");
    Check(state, series.has_value());
  }
}

void List(benchmark::State& state, store::Sql& sql, const RequestQuery& query, std::size_t least) {
  std::size_t listed = 0;
  for (auto _ : state) {
    listed = 0;
    const auto next = ListRequests(sql, query, [&](const Record&) {
      ++listed;
      return core::Status();
    });
    Check(state, next.has_value() && listed >= least);
  }
  state.counters["listed"] = static_cast<double>(listed);
}

void ListsTheNewest(benchmark::State& state, store::Sql& sql) {
  List(state, sql, {.period = kAllDays}, 50);
}

void ListsABusyKey(benchmark::State& state, store::Sql& sql) {
  RequestQuery query{.period = kAllDays};
  query.filter.parties.key = Names().keys[0];
  List(state, sql, query, 1);
}

void ListsARareKey(benchmark::State& state, store::Sql& sql) {
  RequestQuery query{.period = kAllDays};
  query.filter.parties.key = Names().keys[198];
  List(state, sql, query, 0);
}

void ListsARareKeyByHours(benchmark::State& state, store::Sql& sql) {
  RequestQuery query{.period = kAllDays};
  query.filter.parties.key = Names().keys[198];
  query.kept.minutes_from = kAllDays.end;
  List(state, sql, query, 0);
}

void ListsFailuresOfOneModel(benchmark::State& state, store::Sql& sql) {
  RequestQuery query{.period = kAllDays};
  query.filter.model = "model-3";
  query.filter.outcome = Outcome::kFailed;
  List(state, sql, query, 1);
}

using Question = void (*)(benchmark::State&, store::Sql&);

void Ask(benchmark::State& state, Engine engine, Question question) {
  if (store::Sql* sql = Asked(engine); sql != nullptr) {
    question(state, *sql);
  } else {
    state.SkipWithError("there is no such server");
  }
}

const bool kAsked = [] {
  for (const auto& [name, question] : std::initializer_list<std::pair<std::string, Question>>{
           {"TopKeysOfThirtyDays", TopKeysOfThirtyDays},
           {"TopModelsOfThreeHoursAndAHalf", TopModelsOfThreeHoursAndAHalf},
           {"TotalPerDayInBerlin", TotalPerDayInBerlin},
           {"OneKeyPerHourOfFourDays", OneKeyPerHourOfFourDays},
           {"ListsTheNewest", ListsTheNewest},
           {"ListsABusyKey", ListsABusyKey},
           {"ListsARareKey", ListsARareKey},
           {"ListsARareKeyByHours", ListsARareKeyByHours},
           {"ListsFailuresOfOneModel", ListsFailuresOfOneModel}}) {
    for (const Engine engine : {Engine::kSqlite, Engine::kPostgres}) {
      benchmark::RegisterBenchmark(
          (name + (engine == Engine::kSqlite ? "/sqlite" : "/postgres")).c_str(), Ask, engine,
          question)
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
    }
  }
  return true;
}();

}  // namespace
}  // namespace signalbox::ledger
