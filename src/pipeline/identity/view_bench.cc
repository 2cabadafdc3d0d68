#include <benchmark/benchmark.h>

#include "base/core/random.h"
#include "io/store/sqlite/sqlite.h"
#include "pipeline/identity/identity.h"
#include "pipeline/identity/migrations.h"
#include "pipeline/identity/token.h"
#include "pipeline/identity/view.h"

namespace signalbox::identity {
namespace {

constexpr core::WallTime kNow{std::chrono::seconds(1'800'000'000)};

KeyHasher BenchHasher() {
  KeyHasher::Secret secret{};
  secret.fill(std::byte{7});
  return *KeyHasher::Create(secret);
}

// A database with `count` keys, and their tokens.
struct Full {
  explicit Full(std::int64_t count) {
    (void)store::Migrate(*sql, Migrations(), kNow, [] { return core::Status(); });
    core::Random random(1);
    (void)sql->Write([&](store::Transaction& transaction) -> core::Status {
      for (std::int64_t i = 0; i < count; ++i) {
        const KeyId id = KeyId::New(kNow, random);
        const std::string secret = NewSecret();
        const KeyHash hash = hasher.Hash(id, secret);
        SB_CHECK_OK(transaction.Run(
            "INSERT INTO identity_keys (id, tenant, name, hash, hint, role, models, providers, "
            "dialects, privacy, tags, metadata, created, changed, version) VALUES "
            "($1, '', 'a key', $2, 'abcd', 1, 'gpt-*', '', '', 0, '', '{}', 0, 0, 1)",
            {id.Text(), store::Bytes(hash)}));
        tokens.push_back(TokenText(id, secret));
      }
      return {};
    });
  }

  KeyHasher hasher = BenchHasher();
  std::unique_ptr<store::Sqlite> sql = *store::OpenSqlite({.sync = store::Sync::kNone});
  std::vector<std::string> tokens;
};

void BM_Find(benchmark::State& state) {
  const Full full(state.range(0));
  const auto directory = Directory::Open({.sql = *full.sql, .hasher = full.hasher}).value();
  const auto loop = *async::Loop::Create();
  DirectoryView view(*directory, *loop);
  for (const std::string& token : full.tokens) {
    (void)view.Find(token, kNow);  // a key's first use makes what is handed out
  }
  std::size_t at = 0;
  for (auto _ : state) {
    at = (at + 7919) % full.tokens.size();
    benchmark::DoNotOptimize(view.Find(full.tokens[at], kNow));
  }
}
BENCHMARK(BM_Find)->Arg(10)->Arg(100'000);

void BM_FindUnknown(benchmark::State& state) {
  const Full full(state.range(0));
  const auto directory = Directory::Open({.sql = *full.sql, .hasher = full.hasher}).value();
  const auto loop = *async::Loop::Create();
  DirectoryView view(*directory, *loop);
  core::Random random(2);
  const std::string token = TokenText(KeyId::New(kNow, random), NewSecret());
  for (auto _ : state) {
    benchmark::DoNotOptimize(view.Find(token, kNow));
  }
}
BENCHMARK(BM_FindUnknown)->Arg(10)->Arg(100'000);

void BM_Lookup(benchmark::State& state) {
  const Full full(state.range(0));
  const auto entries = ReadEntries(*full.sql, {}).value();
  ViewTable table;
  table.Apply({.whole = true, .put = entries});
  std::vector<KeyId> ids;
  for (const std::string& token : full.tokens) {
    ids.push_back(KeyToken::Parse(token)->id);
  }
  std::size_t at = 0;
  for (auto _ : state) {
    at = (at + 7919) % ids.size();
    benchmark::DoNotOptimize(table.Find(ids[at]));
  }
}
BENCHMARK(BM_Lookup)->Arg(10)->Arg(100'000);

void BM_Hash(benchmark::State& state) {
  const KeyHasher hasher = BenchHasher();
  const std::string secret = NewSecret();
  for (auto _ : state) {
    benchmark::DoNotOptimize(hasher.Hash(KeyId(), secret));
  }
}
BENCHMARK(BM_Hash);

void BM_Load(benchmark::State& state) {
  const Full full(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(Directory::Open({.sql = *full.sql, .hasher = full.hasher}).value());
  }
}
BENCHMARK(BM_Load)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_FillView(benchmark::State& state) {
  const Full full(state.range(0));
  const auto directory = Directory::Open({.sql = *full.sql, .hasher = full.hasher}).value();
  const auto loop = *async::Loop::Create();
  for (auto _ : state) {
    const DirectoryView view(*directory, *loop);
    benchmark::DoNotOptimize(view.size());
  }
}
BENCHMARK(BM_FillView)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace signalbox::identity
