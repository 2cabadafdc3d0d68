// How a Vault finds, makes and wraps its keys.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "io/store/vault/vault.h"

namespace signalbox::vault {
namespace {

using core::ErrorCode;

constexpr int kTries = 16;  // against other processes that change the keys at the same time

core::Error WantsMaster(const KeyStore& store, const MasterKeyId& wanted,
                        const std::vector<MasterKey>& masters) {
  std::vector<std::string> given;
  for (const MasterKey& master : masters) {
    given.push_back(master.id.Text());
  }
  return {.code = ErrorCode::kUnauthenticated,
          .message = fmt::format(
              "{}: the data keys are wrapped by the master key {}, but what Signalbox has "
              "is {}; give it that key (encryption.key, or its file)",
              store.Name(), wanted.Text(), fmt::join(given, " and "))};
}

}  // namespace

Vault::Vault(KeyStore& store, std::vector<MasterKey> masters, FindMasters find, Clock clock)
    : store_(store),
      find_(std::move(find)),
      clock_(clock),
      masters_(std::move(masters)),
      state_(std::make_shared<State>(KeyRing(), masters_.front().id)) {}

core::Status Vault::RotateMaster(const MasterKey& master) {
  return Change([this, &master](const State& now) {
    if (FindMaster(master.id) == nullptr) {
      masters_.push_back(master.Copy());
    }
    return Save(now.ring, nullptr, master);
  });
}

core::Result<DataKeyPointer> Vault::Newest(std::string_view purpose) {
  if (DataKeyPointer key = state()->ring.Newest(purpose)) {
    return key;
  }
  return Make(purpose, nullptr);
}

core::Result<DataKeyPointer> Vault::Named(std::string_view purpose, const DataKeyId& id) {
  DataKeyPointer key = state()->ring.Find(id);
  if (key == nullptr) {  // another process may have made it
    const std::lock_guard lock(changing_);
    SB_CHECK_OK(Load());
    key = state()->ring.Find(id);
  }
  if (key == nullptr) {
    return core::Fail(ErrorCode::kNotFound,
                      fmt::format("sealed with {}, which is not in {}", id.Text(), store_.Name()));
  }
  if (key->purpose != purpose) {
    return std::unexpected(Unopenable(id));
  }
  return key;
}

core::Result<DataKeyPointer> Vault::Make(std::string_view purpose, const DataKeyPointer& old) {
  SB_CHECK_OK(Change([&](const State& now) -> core::Status {
    const DataKeyPointer newest = now.ring.Newest(purpose);
    if (newest != nullptr && (old == nullptr || newest->id != old->id)) {
      return {};  // another process was faster
    }
    const DataKey made{.id = DataKeyId::New(clock_(), random_),
                       .purpose = std::string(purpose),
                       .key = SecretKey::New()};
    return Save(now.ring, &made, *FindMaster(now.master));
  }));
  return state()->ring.Newest(purpose);
}

core::Status Vault::Change(const std::function<core::Status(const State&)>& decide_and_save) {
  const std::lock_guard lock(changing_);
  core::Status saved;
  for (int tries = 0; tries < kTries; ++tries) {
    SB_CHECK_OK(Load());
    saved = decide_and_save(*state());
    if (saved || saved.error().code != ErrorCode::kConflict) {
      break;
    }
  }
  SB_CHECK_OK(saved);
  return Load();
}

core::Status Vault::Load() {
  SB_TRY(const KeySet set, store_.Load());
  const StatePointer now = state();
  if (set.revision == now->ring.revision()) {
    return {};
  }
  LookForMaster(set.master);
  const MasterKey* const master = FindMaster(set.master);
  if (master == nullptr) {
    return std::unexpected(WantsMaster(store_, set.master, masters_));
  }
  auto ring = KeyRing::Of(set, *master);
  if (!ring) {
    return std::unexpected(std::move(ring).error().At(store_.Name()));
  }
  auto next = std::make_shared<const State>(*std::move(ring), set.master);
  const std::lock_guard guard(mutex_);
  state_ = std::move(next);
  return {};
}

core::Status Vault::Save(const KeyRing& ring, const DataKey* added, const MasterKey& master) {
  KeySet set{.revision = ring.revision() + 1, .master = master.id, .keys = {}};
  for (const DataKeyPointer& key : ring.keys()) {
    set.keys.push_back(Wrap(*key, master));
  }
  if (added != nullptr) {
    set.keys.push_back(Wrap(*added, master));
  }
  return store_.Save(set);
}

const MasterKey* Vault::FindMaster(const MasterKeyId& id) const {
  const auto found = std::ranges::find(masters_, id, &MasterKey::id);
  return found == masters_.end() ? nullptr : &*found;
}

void Vault::LookForMaster(const MasterKeyId& id) {
  if (FindMaster(id) != nullptr || !find_) {
    return;
  }
  auto found = find_(id);
  if (found) {
    std::ranges::move(*found, std::back_inserter(masters_));
  }
}

Vault::StatePointer Vault::state() const {
  const std::lock_guard guard(mutex_);
  return state_;
}

}  // namespace signalbox::vault
