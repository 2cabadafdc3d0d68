#include "io/store/postgres/pool.h"

#include <fmt/format.h>

namespace signalbox::store::postgres {
namespace {

// Between two tries to connect to a server that is full, or starting.
constexpr std::chrono::milliseconds kPause{50};

}  // namespace

void GiveBack::operator()(Connection* connection) const {
  pool->Give(std::unique_ptr<Connection>(connection));
}

core::Result<Lease> Pool::Take() {
  const core::MonoTime end = core::MonoNow() + options_.wait;
  std::unique_lock lock(mutex_);
  for (;;) {
    if (auto free = TakeFree(lock)) {
      return Lease(free.release(), GiveBack{this});
    }
    core::MonoTime look = end;
    if (open_ < options_.connections) {
      ++open_;
      lock.unlock();
      auto opened = Connection::Open(options_, name_);
      if (opened) {
        return Lease(opened->release(), GiveBack{this});
      }
      lock.lock();
      --open_;
      look = std::min(end, core::MonoNow() + kPause);
      if (!opened.error().full || core::MonoNow() >= end) {
        given_.notify_one();  // may try its own luck
        return std::unexpected(std::move(opened).error().error);
      }
    }
    given_.wait_until(lock, look);
    if (core::MonoNow() >= end && free_.empty()) {
      return core::Fail(core::ErrorCode::kUnavailable,
                        fmt::format("{}: all {} connections were busy for {} ms", name_,
                                    options_.connections, options_.wait.count()));
    }
  }
}

std::unique_ptr<Connection> Pool::TakeFree(std::unique_lock<std::mutex>& lock) {
  while (!free_.empty()) {
    auto connection = std::move(free_.back());
    free_.pop_back();
    lock.unlock();
    const bool good = connection->StillGood();
    if (!good) {
      connection.reset();
    }
    lock.lock();
    if (good) {
      connection->Forget();
      return connection;
    }
    --open_;
  }
  return nullptr;
}

void Pool::Give(std::unique_ptr<Connection> connection) {
  const bool good = connection->StillGood();
  if (!good) {
    connection.reset();
  }
  const std::scoped_lock lock(mutex_);
  if (good) {
    free_.push_back(std::move(connection));
  } else {
    --open_;
  }
  given_.notify_one();
}

}  // namespace signalbox::store::postgres
