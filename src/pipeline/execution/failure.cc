#include "pipeline/execution/failure.h"

namespace signalbox::execution {
namespace {

Verdict JudgeStatus(int status) {
  switch (status) {
    case 401:
    case 402:
      return {Blame::kKey, Next::kOtherKey};
    case 403:
      return {Blame::kKeyForModel, Next::kOtherKey};
    case 429:
      return {Blame::kKeyLimit, Next::kOtherKey};
    case 408:
    case 409:
    case 425:
      return {Blame::kNobody, Next::kAnywhere};
    case 508:  // a loop: the same way leads there again, and nobody is unwell
      return {Blame::kNobody, Next::kElsewhere};
    default:
      break;
  }
  if (status >= 500) {
    return {Blame::kModel, Next::kAnywhere};
  }
  return {Blame::kNobody, Next::kPassOn};
}

}  // namespace

Verdict Judge(const Failure& failure, const RetryOptions& options) {
  switch (failure.kind) {
    case FailureKind::kConnect:
    case FailureKind::kBroke:
      return {Blame::kProvider, Next::kAnywhere};
    case FailureKind::kTimeout:
      return {Blame::kModel, options.timeouts ? Next::kElsewhere : Next::kPassOn};
    case FailureKind::kProtocol:
      return {Blame::kModel, Next::kElsewhere};
    case FailureKind::kContextTooLong:
      return {Blame::kNobody, options.context_too_long ? Next::kLonger : Next::kPassOn};
    case FailureKind::kContentFilter:
      return {Blame::kNobody, options.content_filter ? Next::kElsewhere : Next::kPassOn};
    case FailureKind::kQuotaSpent:
      return {Blame::kKey, Next::kOtherKey};
    case FailureKind::kOwnLimit:
      return {Blame::kNobody, Next::kElsewhere};
    case FailureKind::kStatus:
      break;
  }
  return JudgeStatus(failure.status);
}

std::string_view Describe(FailureKind kind) {
  switch (kind) {
    case FailureKind::kConnect:
      return "could not be reached";
    case FailureKind::kTimeout:
      return "gave no answer in time";
    case FailureKind::kBroke:
      return "broke off before its answer";
    case FailureKind::kProtocol:
      return "sent an answer that cannot be understood";
    case FailureKind::kStatus:
      return "answered with an error";
    case FailureKind::kContextTooLong:
      return "does not take so long a prompt";
    case FailureKind::kContentFilter:
      return "refused the prompt by its content filter";
    case FailureKind::kQuotaSpent:
      return "has no quota left for its key";
    case FailureKind::kOwnLimit:
      return "is at a limit set for it here";
  }
  return "failed";
}

}  // namespace signalbox::execution
