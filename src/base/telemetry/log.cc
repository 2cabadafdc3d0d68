#include "base/telemetry/log.h"

// The system's fmt, and the templates in this file alone.
#ifndef SPDLOG_FMT_EXTERNAL
#define SPDLOG_FMT_EXTERNAL
#endif
#include <poll.h>
#include <spdlog/async.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>
#include <new>

#include "base/core/time.h"
#include "base/telemetry/log_line.h"

namespace signalbox::telemetry {
namespace {

constexpr int kPatienceMillis = 1000;  // for a sink that takes nothing

// Writes to a descriptor that may not take anything for a while, or ever.
class DescriptorSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}

  void Hurry() { hurry_.store(true, std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string_view rest(message.payload.data(), message.payload.size());
    while (!rest.empty()) {
      if (!Ready()) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      // A pipe that is ready takes this much without blocking.
      const ssize_t put = write(descriptor_, rest.data(), std::min(rest.size(), kMaxLineBytes));
      if (put < 0 && errno != EAGAIN && errno != EINTR) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
      }
      rest.remove_prefix(put > 0 ? static_cast<std::size_t>(put) : 0);
    }
  }
  void flush_() override {}

  // A stuck sink has its patience once; later lines find it stuck and go at once.
  bool Ready() {
    pollfd wanted{descriptor_, POLLOUT, 0};
    for (int waited = stuck_ ? kPatienceMillis : 0;; waited += 100) {
      const bool over = waited >= kPatienceMillis || hurry_.load(std::memory_order_relaxed);
      if (poll(&wanted, 1, over ? 0 : 100) > 0) {
        stuck_ = false;
        return true;
      }
      if (over) {
        stuck_ = true;
        return false;
      }
    }
  }

  const int descriptor_;
  bool stuck_ = false;
  std::atomic<bool> hurry_{false};
  std::atomic<std::uint64_t> dropped_{0};
};

struct Running {
  std::shared_ptr<DescriptorSink> sink;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;

  std::uint64_t dropped() const { return sink->dropped() + pool->overrun_counter(); }
};

std::mutex g_mutex;  // protects g_running and g_dropped
std::shared_ptr<const Running> g_running;
std::uint64_t g_dropped = 0;  // by logs that were stopped
std::atomic<Level> g_level{Level::kInfo};
std::atomic<bool> g_human{false};

std::shared_ptr<const Running> Current() {
  const std::lock_guard lock(g_mutex);
  return g_running;
}

void WriteNow(std::string_view line) {
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) {
    const std::lock_guard lock(g_mutex);
    ++g_dropped;
  }
}

}  // namespace

void StartLog(const LogOptions& options) {
  StopLog();
  auto running = std::make_shared<Running>();
  running->sink = std::make_shared<DescriptorSink>(options.descriptor);
  running->pool = std::make_shared<spdlog::details::thread_pool>(options.queue, 1U);
  running->logger = std::make_shared<spdlog::async_logger>(
      "signalbox", running->sink, running->pool, spdlog::async_overflow_policy::overrun_oldest);
  running->logger->set_level(spdlog::level::trace);
  g_level.store(options.level, std::memory_order_relaxed);
  g_human.store(options.format == LogFormat::kHuman ||
                    (options.format == LogFormat::kAuto && isatty(options.descriptor) == 1),
                std::memory_order_relaxed);
  const std::lock_guard lock(g_mutex);
  g_running = std::move(running);
}

void StopLog() {
  std::shared_ptr<const Running> running;
  {
    const std::lock_guard lock(g_mutex);
    running = std::move(g_running);
    g_running.reset();
  }
  if (running == nullptr) {
    return;
  }
  // The pool's destructor waits for the queue, and for room in it; a stuck sink may not.
  for (int waited = 0; running->pool->queue_size() != 0 && waited < kPatienceMillis; ++waited) {
    poll(nullptr, 0, 1);
  }
  running->sink->Hurry();
  auto sink = running->sink;
  const std::uint64_t overrun = running->pool->overrun_counter();
  running.reset();  // joins, unless another thread is in the middle of a line
  const std::lock_guard lock(g_mutex);
  g_dropped += overrun + sink->dropped();
}

void SetLogLevel(Level level) {
  g_level.store(level, std::memory_order_relaxed);
}

bool LogEnabled(Level level) {
  return level != Level::kOff && level >= g_level.load(std::memory_order_relaxed);
}

void Log(Level level, std::string_view message, std::initializer_list<Field> fields) {
  if (!LogEnabled(level)) {
    return;
  }
  const auto now = core::WallNow();
  try {
    const std::string line = g_human.load(std::memory_order_relaxed)
                                 ? HumanLine(now, level, message, fields)
                                 : JsonLine(now, level, message, fields);
    if (const auto running = Current()) {
      running->logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    } else {
      WriteNow(line);
    }
  } catch (const std::bad_alloc&) {
    const std::lock_guard lock(g_mutex);
    ++g_dropped;
  }
}

std::uint64_t DroppedLogLines() {
  const std::lock_guard lock(g_mutex);
  return g_dropped + (g_running != nullptr ? g_running->dropped() : 0);
}

}  // namespace signalbox::telemetry
