// Amazon Bedrock's Converse API, its counting of tokens and the embeddings of its models.
//
// Owner: static. Threads: any. Errors, Cancel: as wire::Dialect says.
// Source: AWS, Amazon Bedrock Runtime API reference.
#pragma once

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::bedrock {

inline constexpr std::string_view kDialect = "bedrock";

const wire::Dialect& TheDialect();

}  // namespace signalbox::bedrock
