#include "io/store/vault/file_key_store.h"

#include <unistd.h>

#include <cerrno>

#include "base/config/atomic_file.h"
#include "base/config/outside.h"
#include "io/store/vault/file_lock.h"
#include "io/store/vault/key_set_json.h"

namespace signalbox::vault {
namespace {

using core::ErrorCode;

constexpr std::size_t kMostBytes = 4U << 20;  // some twenty thousand keys

}  // namespace

core::Result<KeySet> FileKeyStore::Load() {
  if (access(path_.c_str(), F_OK) != 0 && errno == ENOENT) {
    return KeySet{};
  }
  const auto file = config::System().Read(path_, kMostBytes, /*secret=*/true);
  if (!file) {
    return core::Fail(ErrorCode::kUnavailable, path_ + ": " + file.error());
  }
  if (file->text.size() > kMostBytes) {
    return core::Fail(ErrorCode::kInternal, path_ + ": too large for a set of keys");
  }
  auto set = ParseKeySet(file->text);
  return set ? std::move(set) : std::unexpected(std::move(set).error().At(path_));
}

core::Status FileKeyStore::Save(const KeySet& set) {
  const std::lock_guard guard(mutex_);
  const FileLock lock(path_ + ".lock");
  SB_CHECK_OK(lock.Held());
  SB_TRY(const KeySet there, Load());
  if (there.revision + 1 != set.revision) {
    return core::Fail(ErrorCode::kConflict, path_ + ": the keys changed meanwhile");
  }
  return config::ReplaceFile(path_, KeySetJson(set));
}

}  // namespace signalbox::vault
