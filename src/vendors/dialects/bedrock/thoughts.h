// Thoughts that must go back unchanged: who made them, which may be sent to a model, and how
// Converse writes them.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Claude's signatures are good on every platform that runs it, so that a conversation may move
// between Anthropic, Bedrock and Vertex; no other model of Bedrock's signs. Bedrock wraps Claude's
// redacted thoughts, which are Base64 already, in Base64 once more; the canonical form holds what
// Anthropic would say. What other vendors made goes to a client sealed, in the fields that it hands
// back without looking: the signature of a thought with words, `redactedContent` of one without.
#pragma once

#include <string>
#include <string_view>

#include "vendors/chat/part.h"

namespace signalbox::bedrock {

// The canonical `format` of a thought that Claude made.
inline constexpr std::string_view kClaudeFormat = "anthropic-claude-v1";

// Of a redacted thought that is not wrapped as Claude's are: good at Bedrock alone.
inline constexpr std::string_view kBedrockFormat = "amazon-bedrock-v1";

// Whether a signature or a redacted thought has the form of Claude's: Base64 of a protobuf message
// whose header counts the version of its key. Google's have another header, OpenAI's are no such
// message.
bool IsMadeByClaude(std::string_view seal);

// Reads `reasoningText.signature` and `redactedContent`, sealed or not, and says who made them.
void SetSignature(std::string signature, chat::Reasoning& thought);
void SetRedacted(std::string_view redacted_content, chat::Reasoning& thought);

// Whether the thought is in a form of Bedrock's own; what another vendor made goes sealed.
bool IsOurs(const chat::Reasoning& thought);
// Whether there is anything to hand back.
bool HasSeal(const chat::Reasoning& thought);
// What another vendor made, for a client: as a signature, or as `redactedContent`.
std::string SealedSignature(const chat::Reasoning& thought);
std::string SealedRedacted(const chat::Reasoning& thought);
// Whether a body may hold a seal.
bool HoldsSeal(std::string_view body);

// `redactedContent` to canonical and back. What is no wrapped text is kept as it is behind "=",
// which begins no Base64.
std::string UnwrapRedacted(std::string_view redacted_content);
std::string WrapRedacted(std::string_view redacted);

// Whether a thought that came in another dialect may go to `model`.
bool MayBeSent(const chat::Reasoning& thought, std::string_view model);

}  // namespace signalbox::bedrock
