// Text made from tables: the effective configuration, its reference page, its JSON Schema.
//
// Owner:   nobody; pure functions of a table (and a value). Threads: any.
// Errors:  none. Secrets are <set> or <not set>, always.
// Cancel:  nothing waits.
#pragma once

#include <string>

#include "base/config/load.h"
#include "base/config/table.h"

namespace signalbox::config {

// YAML that loads back equal (but for secrets), each value with a comment that names its source.
std::string ShowYaml(const TableData& table, const void* object, const Sources& sources);
// {"configuration": {…}, "sources": {"server.listen": "signalbox.yaml:3"}}
std::string ShowJson(const TableData& table, const void* object, const Sources& sources);

template <typename T>
std::string Show(const Table<T>& table, const Loaded<T>& loaded) {
  return ShowYaml(*table.data(), &loaded.value, loaded.sources);
}
template <typename T>
std::string ShowAsJson(const Table<T>& table, const Loaded<T>& loaded) {
  return ShowJson(*table.data(), &loaded.value, loaded.sources);
}

// What stands before the tables in docs/configuration.md: the language of the files.
std::string_view ReferenceIntroduction();
// docs/configuration.md.
std::string ReferencePage(const TableData& root);
// A JSON Schema (draft 2020-12) that editors check YAML files with.
std::string SchemaText(const TableData& root);

template <typename T>
std::string Reference(const Table<T>& root) {
  return ReferencePage(*root.data());
}
template <typename T>
std::string Schema(const Table<T>& root) {
  return SchemaText(*root.data());
}

}  // namespace signalbox::config
