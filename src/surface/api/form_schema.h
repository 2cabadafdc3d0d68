// What a form looks like, as a JSON Schema (draft 2020-12, which is OpenAPI 3.1's).
//
// Owner: nobody, they are functions. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include "base/config/table.h"
#include "base/json/writer.h"

namespace signalbox::api {

enum class FormUse : std::uint8_t { kBody, kAnswer };

void WriteSchema(const config::TableData& table, FormUse use, json::Writer& out);
// Of one option; `nullable`: it may be null too.
void WriteOptionSchema(const config::Row& row, bool nullable, json::Writer& out);

}  // namespace signalbox::api
