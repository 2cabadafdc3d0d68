// Secrets that stand in the text of a configuration: taken out for history, put back for a restore.
//
// Owner:   nobody; pure functions. Threads: any. Cancel: nothing waits.
// Errors:  of PutSecretsBack the path of the secret that is missing.
//
// A reference (${NAME}, { file: … }, { command: … }) and the word none are no secrets and stay. A
// text with a default (${NAME:-abc}) or with anything beside its variable is one.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/config/files.h"
#include "base/config/table.h"

namespace signalbox::config {

// `text` with every literal secret written as kSecretKept; nullopt when one cannot be found in it
// for certain. Also what stands elsewhere in it, in a comment for one, with the same letters.
std::optional<std::string> TakeSecretsOut(const TableData& table, const std::string& text);

// `text` with every kSecretKept written as what stands at the same path in one of `present`.
std::expected<std::string, std::string> PutSecretsBack(const TableData& table,
                                                       const std::string& text,
                                                       const std::vector<TextInput>& present);

}  // namespace signalbox::config
