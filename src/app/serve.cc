#include "app/serve.h"

#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>

#include "app/program.h"

namespace signalbox::app {
namespace {

// A predecessor is told, in one message, what is wrong.
constexpr std::size_t kMostReason = 16 * 1024;

// As many descriptors as the system allows: each client takes one, each upstream call another.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

// What is in memory (keys, prompts) is not written to a disk when the process dies. One byte: with
// a limit of 0 the kernel would still hand a dump to a program that collects them.
void RefuseCoreDumps() {
  const rlimit limit{.rlim_cur = 1, .rlim_max = 1};
  setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace

int Serve(const config::Request& request) {
  // Large blocks come from the system one by one and go back at once; small ones are trimmed when
  // a worker is quiet.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  // Not at each request: the system's own 128 KiB is what a few dozen requests at a time need, and
  // a heap that goes up and down around it costs a page fault or two for each.
  mallopt(M_TRIM_THRESHOLD, 2 * 1024 * 1024);
  mallopt(M_ARENA_MAX, 4);
  malloc_trim(0);  // here first: under a sanitizer two workers must not begin the system's own heap
  umask(S_IRWXG | S_IRWXO);  // what is kept is nobody else's on this machine
  Wishes wishes;
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file that may not grow (ulimit -f) is an error like a full disk
  RaiseDescriptorLimit();
  RefuseCoreDumps();
  auto inheritance = Inherit(request.environment);
  if (!inheritance) {
    fmt::print(stderr, "signalbox: {}\n", inheritance.error().message);
    return 1;
  }
  const DiscoverySettings discovery{.look_for_local_servers = !request.file.has_value()};
  Prepared prepared = Prepare(request, discovery);
  if (prepared.snapshot == nullptr) {
    const std::string problems = config::Text(prepared.loaded.problems);
    fmt::print(stderr, "{}", problems);
    if (inheritance->predecessor) {
      (void)inheritance->predecessor->Send("the configuration is wrong\n" +
                                           problems.substr(0, kMostReason));
    }
    return 2;
  }
  const LogSection& log = prepared.loaded.value.log;
  telemetry::StartLog({.level = log.level, .format = log.format});
  int status = 0;
  {
    Program program(std::move(prepared), request, discovery);
    if (const core::Status opened = program.Open(*std::move(inheritance)); opened) {
      program.Run(wishes);
    } else {
      fmt::print(stderr, "signalbox: {}\n", opened.error().message);
      status = 1;
    }
  }
  telemetry::StopLog();
  return status;
}

}  // namespace signalbox::app
