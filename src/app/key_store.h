// Where the wrapped data keys are.
//
// Owner: whoever asked. Threads, Errors, Cancel: as KeyStore's.
#pragma once

#include <memory>

#include "app/options.h"
#include "io/store/sql.h"
#include "io/store/vault/key_store.h"

namespace signalbox::app {

// Whether they lie beside what they seal, in the records that several gateways share.
bool KeysAreShared(const Options& options);

// In those, which outlive it, or in a file of the data directory, which needs no `records`.
std::unique_ptr<vault::KeyStore> OpenKeyStore(const Options& options, store::Sql* records);

}  // namespace signalbox::app
