#include "vendors/dialects/cohere/features.h"

namespace signalbox::cohere {
namespace {

using wire::Feature;
using wire::Support;

constexpr wire::FeatureTable kTable = {
    {Feature::kSystem, Support::kCarried},
    {Feature::kSystemBetween, Support::kCarried},
    {Feature::kParticipantName, Support::kDropped},
    {Feature::kImageUrl, Support::kCarried},
    {Feature::kImageData, Support::kCarried},
    {Feature::kImageFile, Support::kRefused},
    {Feature::kImageDetail, Support::kCarried},
    {Feature::kDocumentUrl, Support::kRefused},
    {Feature::kDocumentData, Support::kRefused},
    {Feature::kDocumentFile, Support::kRefused},
    {Feature::kAudioUrl, Support::kRefused},
    {Feature::kAudioData, Support::kRefused},
    {Feature::kVideo, Support::kRefused},
    {Feature::kThoughts, Support::kTranslated},  // the plan before calls; others are left out
    {Feature::kRefusals, Support::kTranslated},  // texts
    {Feature::kVendorParts, Support::kRefused},
    {Feature::kToolResultMedia, Support::kTranslated},  // a user's message after the results
    {Feature::kToolResultError, Support::kTranslated},  // said in front of the text
    {Feature::kCacheMarkers, Support::kDropped},        // Cohere caches by itself
    {Feature::kTools, Support::kCarried},
    {Feature::kCustomTools, Support::kRefused},
    {Feature::kVendorTools, Support::kRefused},
    {Feature::kStrictTools, Support::kTranslated},  // for all tools or none
    {Feature::kToolChoiceNone, Support::kCarried},
    {Feature::kToolChoiceRequired, Support::kCarried},
    {Feature::kToolChoiceNamed, Support::kTranslated},  // that tool alone is offered
    {Feature::kToolChoiceAllowed, Support::kTranslated},
    {Feature::kOneCallAtATime, Support::kDropped},
    {Feature::kJsonObject, Support::kCarried},
    {Feature::kJsonSchema, Support::kCarried},
    {Feature::kSeveralChoices, Support::kRefused},
    {Feature::kLogprobs, Support::kTranslated},  // of the chosen tokens alone
    {Feature::kAudioOut, Support::kRefused},
    {Feature::kImageOut, Support::kRefused},
    {Feature::kPrediction, Support::kDropped},
    {Feature::kVerbosity, Support::kDropped},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kCarried},
    {Feature::kTemperature, Support::kCarried},
    {Feature::kTopP, Support::kTranslated},  // at most 0.99
    {Feature::kTopK, Support::kCarried},
    {Feature::kMinP, Support::kDropped},
    {Feature::kFrequencyPenalty, Support::kTranslated},  // from 0 to 1
    {Feature::kPresencePenalty, Support::kTranslated},
    {Feature::kRepetitionPenalty, Support::kDropped},
    {Feature::kSeed, Support::kCarried},
    {Feature::kLogitBias, Support::kRefused},
    {Feature::kReasoningEffort, Support::kTranslated},  // a budget
    {Feature::kReasoningBudget, Support::kCarried},
    {Feature::kReasoningSwitch, Support::kCarried},
    {Feature::kReasoningSummary, Support::kDropped},
    {Feature::kReasoningHidden, Support::kDropped},
    {Feature::kMetadata, Support::kDropped},
    {Feature::kUser, Support::kDropped},
    {Feature::kSafetyIdentifier, Support::kDropped},
    {Feature::kPromptCacheKey, Support::kDropped},
    {Feature::kServiceTier, Support::kDropped},
    {Feature::kStore, Support::kDropped},
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

}  // namespace signalbox::cohere
