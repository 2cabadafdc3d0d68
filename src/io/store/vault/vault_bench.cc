// What sealing and opening cost.
#include <benchmark/benchmark.h>

#include "io/store/vault/key_store_testing.h"
#include "io/store/vault/vault.h"

namespace signalbox::vault {
namespace {

std::unique_ptr<Vault> Make(KeyStore& store) {
  std::vector<MasterKey> keys;
  keys.push_back(MasterKey::New());
  return *Vault::Open(store, std::move(keys));
}

void Seal(benchmark::State& state) {
  MemoryKeyStore store;
  const auto vault = Make(store);
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    benchmark::DoNotOptimize(vault->Seal("prompts", text, "tenant/row"));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Seal)->Arg(64)->Arg(4096)->Arg(1 << 20);

void Unseal(benchmark::State& state) {
  MemoryKeyStore store;
  const auto vault = Make(store);
  const std::string sealed =
      *vault->Seal("prompts", std::string(static_cast<std::size_t>(state.range(0)), 'x'), "row");
  for (auto _ : state) {
    benchmark::DoNotOptimize(vault->Unseal("prompts", sealed, "row"));
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Unseal)->Arg(64)->Arg(4096)->Arg(1 << 20);

}  // namespace
}  // namespace signalbox::vault
