// What putting and getting an object of an episode's size costs, the disk's syncs included.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>

#include "io/store/files/files.h"

namespace signalbox::files {
namespace {

class Scratch {
 public:
  ~Scratch() { std::filesystem::remove_all(path_); }
  Files& files() { return *files_; }

 private:
  std::string path_ =
      (std::filesystem::temp_directory_path() / ("files-bench-" + std::to_string(getpid())))
          .string();
  std::unique_ptr<Files> files_ = *Files::Open(path_);
};

store::ObjectKey KeyOf(int number) {
  return *store::ObjectKey::Parse("episodes/" + std::to_string(number % 1000) + ".json");
}

void Put(benchmark::State& state) {
  Scratch scratch;
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  int number = 0;
  for (auto _ : state) {
    if (!scratch.files().PutText(KeyOf(number++), bytes)) {
      state.SkipWithError("failed");
    }
  }
}
BENCHMARK(Put)->Arg(8 << 10)->Arg(1 << 20)->UseRealTime();

void Get(benchmark::State& state) {
  Scratch scratch;
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  if (!scratch.files().PutText(KeyOf(0), bytes)) {
    state.SkipWithError("failed");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(scratch.files().GetText(KeyOf(0), bytes.size()));
  }
}
BENCHMARK(Get)->Arg(8 << 10)->Arg(1 << 20);

void ListAPageOfAThousand(benchmark::State& state) {
  Scratch scratch;
  for (int number = 0; number < 1000; ++number) {
    if (!scratch.files().PutText(KeyOf(number), "x")) {
      state.SkipWithError("failed");
    }
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(scratch.files().List({.prefix = "episodes/", .limit = 1000}));
  }
}
BENCHMARK(ListAPageOfAThousand);

}  // namespace
}  // namespace signalbox::files
