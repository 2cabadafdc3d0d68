// The master key's file: made, read, and changed without a moment in which a kill loses the key.
//
// Owner:   nobody; functions.
// Threads: any that may block; processes take turns by a lock on `<path>.lock`.
// Errors:  kForbidden: others may open the file. kInvalidRequest: it holds no key. kNotFound,
//          kUnavailable: what the system says. None repeats the key.
// Cancel:  a kill leaves a file that OpenVault can use.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "io/store/vault/master_key.h"
#include "io/store/vault/vault.h"

namespace signalbox::vault {

// A regular file that its owner alone may open; a link to it is followed.
core::Result<MasterKey> ReadKeyFile(const std::string& path);

// The key of the file, which is made when it is not there.
core::Result<std::vector<MasterKey>> MakeKeyFile(const std::string& path);

// The key of the file, and the one that a rotation was about to put there. When there is none the
// error says that `wanted` is.
core::Result<std::vector<MasterKey>> KeysOfFile(const std::string& path, const MasterKeyId& wanted);

// Puts a new master key into the file and wraps the data keys by it, in three steps: the new key to
// `<path>.next`; the data keys; the new key to `path`. A kill leaves both keys on disk while it is
// not certain which of them the data keys want, and SettleKeyFile does the last step.
core::Status RotateKeyFile(Vault& vault, const std::string& path);

// Puts the key that a rotation left beside the file into it when that is the one in use.
core::Status SettleKeyFile(const std::string& path, const MasterKeyId& in_use);

}  // namespace signalbox::vault
