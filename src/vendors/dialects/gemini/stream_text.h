// Members and parts of a streamed frame, put together as text.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/json/writer.h"

namespace signalbox::gemini {

inline void AppendMember(std::string_view key, std::string_view json, std::string& out) {
  if (!json.empty()) {
    out += ',';
    json::AppendQuoted(out, key);
    out.append(":").append(json);
  }
}

inline void AppendText(std::string_view key, std::string_view text, std::string& out) {
  if (!text.empty()) {
    out += ',';
    json::AppendQuoted(out, key);
    out += ':';
    json::AppendQuoted(out, text);
  }
}

// {"text":"…"}, the part that most frames are made of.
inline void AppendTextPart(std::string_view text, bool thought, std::string_view signature,
                           std::string& out) {
  out += out.empty() ? R"({"text":)" : R"(,{"text":)";
  json::AppendQuoted(out, text);
  out += thought ? R"(,"thought":true)" : "";
  AppendText("thoughtSignature", signature, out);
  out += '}';
}

}  // namespace signalbox::gemini
