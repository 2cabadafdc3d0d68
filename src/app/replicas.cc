#include "app/replicas.h"

#include <pthread.h>

#include "base/core/random.h"
#include "base/telemetry/log.h"
#include "io/store/postgres/postgres.h"
#include "io/store/redis/shared_on_redis.h"
#include "io/store/shared/shared_on_sql.h"

namespace signalbox::app {
namespace {

using telemetry::Level;
using telemetry::Log;

constexpr std::uint32_t kPoolThreads = 3;
constexpr std::chrono::seconds kCloseTime{2};
constexpr std::chrono::seconds kLongestPause{1};  // calls wait for the Redis to come back
// So that the end of the process never waits long for a database that stands still.
constexpr std::chrono::seconds kStatementTime{2};

std::string NewLife() {
  core::Random random;
  char text[33] = {};
  core::Uuid::V7(core::WallNow(), random).ToHex(text);
  return text;
}

}  // namespace

Replicas::Replicas(const Parts& parts, std::unique_ptr<async::Loop> loop)
    : settings_(parts.settings),
      directory_(parts.directory),
      life_(NewLife()),
      loop_(std::move(loop)),
      resolver_(*loop_, parts.dns),
      pool_(kPoolThreads),
      leases_(parts.registry, life_),
      tallies_(parts.registry, life_),
      ending_(*loop_) {}

core::Result<std::unique_ptr<Replicas>> Replicas::Open(const Parts& parts) {
  SB_TRY(auto loop, async::Loop::Create());
  std::unique_ptr<Replicas> made(new Replicas(parts, std::move(loop)));
  SB_CHECK_OK(made->OpenStore(parts.store));
  Replicas& self = *made;
  self.driver_ = std::make_unique<LeaseDriver>(*self.loop_, *self.shared_, self.leases_);
  self.rates_ =
      std::make_unique<RateDriver>(*self.loop_, *self.shared_, self.tallies_, *self.driver_);
  self.news_ = std::make_unique<News>(
      *self.loop_, *self.shared_, self.life_, [&self] { self.directory_.Nudge(); },
      [&self] { self.ReadLimits(); });
  self.leases_.OnFetch([&self] { self.loop_->Post([&self] { self.driver_->Wake(); }); });
  return made;
}

Replicas::~Replicas() {
  Stop();
}

// Beside a PostgreSQL's records there are connections of its own: nothing that takes long there
// holds up a slice.
core::Status Replicas::OpenStore(const StoreSection& store) {
  if (!store.shared.empty()) {
    SB_TRY(auto options, store::ParseRedisUrl(store.shared.Reveal()));
    options.longest_pause = kLongestPause;
    SB_TRY(shared_, store::SharedOnRedis::Open(*loop_, resolver_, std::move(options)));
    return {};
  }
  SB_TRY(sql_, store::OpenPostgres({.address = store.records.Reveal(),
                                    .schema = store.schema,
                                    .connections = kPoolThreads,
                                    .wait = kStatementTime,
                                    .statement = kStatementTime}));
  shared_ = std::make_unique<store::SharedOnSql>(*loop_, pool_, *sql_);
  return {};
}

void Replicas::Start() {
  directory_.OnChange([this] { news_->Tell(Topic::kKeys); });
  settings_.OnChange([this] { news_->Tell(Topic::kLimits); });
  loop_->Post([this] { Begin(); });
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "replicas");
    loop_->Run();
  });
  Log(Level::kInfo, "budgets and rate limits are shared with other gateways",
      {{"store", shared_->Name()}});
}

void Replicas::Begin() {
  driver_->Start();
  rates_->Start();
  news_->Start();
}

// On the pool: it reads the database.
void Replicas::ReadLimits() {
  pool_.Post([&settings = settings_] {
    // What cannot be read now is read by who looks now and then.
    (void)settings.Refresh({core::WallNow(), core::MonoNow()});
  });
}

void Replicas::Stop() {
  if (!thread_.joinable()) {
    return;
  }
  directory_.OnChange({});
  settings_.OnChange({});
  loop_->Post([this] { ending_.Spawn(End()); });
  thread_.join();
}

async::Task<void> Replicas::End() {
  const async::Deadline deadline{loop_->now() + kCloseTime};
  co_await news_->Close(deadline);
  co_await rates_->Close(deadline);
  co_await driver_->Close(deadline);
  co_await shared_->Close(deadline);
  loop_->Stop();
}

}  // namespace signalbox::app
