// HuggingFace Inference's own API: text generation and feature extraction under /models/<id>, as
// its servers (TGI) speak it.
//
// Owner:   static, for ever. Threads: any. Errors: as wire::Dialect has them. Cancel: nothing.
// Source:  HuggingFace's task schemas and client library; the reference of Text Generation
//          Inference.
//
// The model is in the path and not in the body. A text is gone on with: a conversation is put into
// one (prompt.h).
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::huggingface {

inline constexpr std::string_view kDialect = "huggingface";
inline constexpr std::string_view kTitle = "HuggingFace Inference";

const wire::Dialect& TheDialect();

}  // namespace signalbox::huggingface
