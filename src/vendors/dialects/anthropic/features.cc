#include "vendors/dialects/anthropic/features.h"

namespace signalbox::anthropic {
namespace {

using enum wire::Feature;
using enum wire::Support;

constexpr wire::FeatureTable kTable{
    {kSystem, kTranslated},         // lifted out into `system`
    {kSystemBetween, kTranslated},  // likewise
    {kParticipantName, kDropped},
    {kImageUrl, kCarried},
    {kImageData, kCarried},
    {kImageFile, kRefused},  // a file of another vendor's
    {kImageDetail, kDropped},
    {kDocumentUrl, kCarried},
    {kDocumentData, kCarried},
    {kDocumentFile, kRefused},
    {kAudioUrl, kRefused},
    {kAudioData, kRefused},
    {kVideo, kRefused},
    {kThoughts, kTranslated},  // with a signature of Anthropic's; others are dropped and named
    {kRefusals, kTranslated},  // as text
    {kVendorParts, kRefused},
    {kToolResultMedia, kCarried},
    {kToolResultError, kCarried},
    {kCacheMarkers, kCarried},
    {kTools, kCarried},
    {kCustomTools, kRefused},
    {kVendorTools, kRefused},
    {kStrictTools, kCarried},
    {kToolChoiceNone, kCarried},
    {kToolChoiceRequired, kCarried},
    {kToolChoiceNamed, kCarried},
    {kToolChoiceAllowed, kTranslated},  // the others are not sent
    {kOneCallAtATime, kCarried},
    {kJsonObject, kTranslated},  // by a line of the system prompt
    {kJsonSchema, kCarried},
    {kSeveralChoices, kRefused},
    {kLogprobs, kRefused},
    {kAudioOut, kRefused},
    {kImageOut, kRefused},
    {kPrediction, kDropped},
    {kVerbosity, kDropped},
    {kMaxTokens, kCarried},
    {kStop, kCarried},
    {kTemperature, kCarried},  // at most 1
    {kTopP, kCarried},
    {kTopK, kCarried},
    {kMinP, kDropped},
    {kFrequencyPenalty, kDropped},
    {kPresencePenalty, kDropped},
    {kRepetitionPenalty, kDropped},
    {kSeed, kDropped},
    {kLogitBias, kRefused},
    {kReasoningEffort, kTranslated},  // a budget for models without effort
    {kReasoningBudget, kCarried},     // an effort for models without budgets
    {kReasoningSwitch, kTranslated},
    {kReasoningSummary, kTranslated},
    {kReasoningHidden, kTranslated},
    {kMetadata, kDropped},
    {kUser, kCarried},
    {kSafetyIdentifier, kTranslated},  // metadata.user_id
    {kPromptCacheKey, kDropped},
    {kServiceTier, kTranslated},
    {kStore, kDropped},
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

}  // namespace signalbox::anthropic
