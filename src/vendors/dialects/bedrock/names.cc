#include "vendors/dialects/bedrock/names.h"

namespace signalbox::bedrock {

using chat::FinishReason;

namespace {

struct Reason {
  std::string_view word;
  FinishReason reason;
};

// The first word of a reason is the one that is written for it.
constexpr Reason kReasons[] = {
    {"end_turn", FinishReason::kStop},
    {"stop_sequence", FinishReason::kStop},
    {"tool_use", FinishReason::kToolCalls},
    {"max_tokens", FinishReason::kLength},
    {"model_context_window_exceeded", FinishReason::kLength},
    {"content_filtered", FinishReason::kContentFilter},
    {"guardrail_intervened", FinishReason::kContentFilter},
    {"malformed_model_output", FinishReason::kError},
    {"malformed_tool_use", FinishReason::kError},
};

struct ErrorName {
  int status;
  std::string_view type;
  std::string_view in_stream;
};

constexpr ErrorName kErrors[] = {
    {400, "ValidationException", "validationException"},
    {401, "UnrecognizedClientException", "modelStreamErrorException"},
    {402, "ServiceQuotaExceededException", "throttlingException"},
    {403, "AccessDeniedException", "modelStreamErrorException"},
    {404, "ResourceNotFoundException", "validationException"},
    {408, "ModelTimeoutException", "modelStreamErrorException"},
    {413, "ValidationException", "validationException"},
    {422, "ValidationException", "validationException"},
    {424, "ModelErrorException", "modelStreamErrorException"},
    {429, "ThrottlingException", "throttlingException"},
    {500, "InternalServerException", "internalServerException"},
    {502, "ModelErrorException", "modelStreamErrorException"},
    {503, "ServiceUnavailableException", "serviceUnavailableException"},
    {504, "ModelTimeoutException", "modelStreamErrorException"},
    {529, "ServiceUnavailableException", "serviceUnavailableException"},
};

const ErrorName& ErrorOf(int status) {
  for (const ErrorName& error : kErrors) {
    if (error.status == status) {
      return error;
    }
  }
  static constexpr ErrorName kTheirs{400, "ValidationException", "validationException"};
  static constexpr ErrorName kOurs{500, "InternalServerException", "internalServerException"};
  return status >= 400 && status < 500 ? kTheirs : kOurs;
}

bool Holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

FinishReason FinishOf(std::string_view stop_reason) {
  for (const Reason& row : kReasons) {
    if (row.word == stop_reason) {
      return row.reason;
    }
  }
  return FinishReason::kOther;
}

std::string_view StopReasonOf(FinishReason reason, std::string_view text, bool own,
                              bool stop_sequence) {
  if (own && !text.empty()) {
    return text;
  }
  if (stop_sequence && reason == FinishReason::kStop) {
    return "stop_sequence";
  }
  if (reason == FinishReason::kRefusal) {
    return "content_filtered";
  }
  for (const Reason& row : kReasons) {
    if (row.reason == reason) {
      return row.word;
    }
  }
  return "end_turn";
}

Family FamilyOf(std::string_view model) {
  if (Holds(model, "titan-embed")) {
    return Family::kTitanEmbed;
  }
  if (Holds(model, "cohere.embed")) {
    return Family::kCohereEmbed;
  }
  if (Holds(model, "anthropic") || Holds(model, "claude")) {
    return Family::kClaude;
  }
  if (Holds(model, "amazon.nova") || Holds(model, "nova-")) {
    return Family::kNova;
  }
  return Holds(model, "gpt-oss") ? Family::kGptOss : Family::kOther;
}

bool IsOpaque(std::string_view model) {
  return model.starts_with("arn:") && FamilyOf(model) == Family::kOther &&
         !Holds(model, "foundation-model/");
}

std::string_view ErrorTypeOf(int status) {
  return ErrorOf(status).type;
}

std::string_view StreamErrorOf(int status) {
  return ErrorOf(status).in_stream;
}

}  // namespace signalbox::bedrock
