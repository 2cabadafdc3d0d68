// The words of Converse that stand for something of ours, and what a model's id tells.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "vendors/chat/response.h"

namespace signalbox::bedrock {

chat::FinishReason FinishOf(std::string_view stop_reason);
// The stop reason for `reason`; `text` is the vendor's own word, which goes out when it is `own`.
std::string_view StopReasonOf(chat::FinishReason reason, std::string_view text, bool own,
                              bool stop_sequence);

// Who made a model: their parameters beside Converse's own differ.
enum class Family : std::uint8_t { kOther, kClaude, kNova, kGptOss, kTitanEmbed, kCohereEmbed };
// "us.anthropic.claude-sonnet-4-5-20250929-v1:0", an ARN, "cohere.embed-v4:0", …
Family FamilyOf(std::string_view model);
// Whether `model` is an ARN that does not tell what runs behind it.
bool IsOpaque(std::string_view model);

// AWS's names: "ThrottlingException" for an answer's `__type`, "throttlingException" for a stream.
std::string_view ErrorTypeOf(int status);
std::string_view StreamErrorOf(int status);

}  // namespace signalbox::bedrock
