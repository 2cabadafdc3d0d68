#include "io/store/sqlite/readers.h"

#include <fmt/format.h>

namespace signalbox::store::sqlite {

void GiveBack::operator()(Connection* connection) const {
  readers->Give(std::unique_ptr<Connection>(connection));
}

core::Result<Lease> Readers::Take() {
  {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return !free_.empty() || open_ < options_.readers; };
    if (!given_.wait_for(lock, options_.wait, ready)) {
      return core::Fail(core::ErrorCode::kUnavailable,
                        fmt::format("{}: all {} readers were busy for {} ms", name_,
                                    options_.readers, options_.wait.count()));
    }
    if (!free_.empty()) {
      Lease lease(free_.back().release(), GiveBack{this});
      free_.pop_back();
      return lease;
    }
    ++open_;
  }
  auto opened = Connection::Open(file_, name_, options_, Connection::Use::kRead);
  if (opened) {
    return Lease(opened->release(), GiveBack{this});
  }
  const std::scoped_lock lock(mutex_);
  --open_;
  given_.notify_one();
  return std::unexpected(std::move(opened).error());
}

void Readers::Give(std::unique_ptr<Connection> connection) {
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(connection));
  given_.notify_one();
}

}  // namespace signalbox::store::sqlite
