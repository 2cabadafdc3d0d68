#include "vendors/dialects/mistral/features.h"

namespace signalbox::mistral {
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
    {Feature::kDocumentUrl, Support::kCarried},
    {Feature::kDocumentData, Support::kTranslated},  // a data URL
    {Feature::kDocumentFile, Support::kRefused},     // of another vendor's store
    {Feature::kAudioUrl, Support::kCarried},
    {Feature::kAudioData, Support::kCarried},
    {Feature::kVideo, Support::kRefused},
    {Feature::kThoughts, Support::kTranslated},     // signed ones are left out
    {Feature::kRefusals, Support::kTranslated},     // texts
    {Feature::kVendorParts, Support::kTranslated},  // Mistral's own; others are refused
    {Feature::kToolResultMedia, Support::kCarried},
    {Feature::kToolResultError, Support::kTranslated},  // said in front of the text
    {Feature::kCacheMarkers, Support::kDropped},
    {Feature::kTools, Support::kCarried},
    {Feature::kCustomTools, Support::kRefused},
    {Feature::kVendorTools, Support::kRefused},
    {Feature::kStrictTools, Support::kCarried},
    {Feature::kToolChoiceNone, Support::kCarried},
    {Feature::kToolChoiceRequired, Support::kCarried},  // "any"
    {Feature::kToolChoiceNamed, Support::kCarried},
    {Feature::kToolChoiceAllowed, Support::kTranslated},  // only those tools are offered
    {Feature::kOneCallAtATime, Support::kCarried},
    {Feature::kJsonObject, Support::kCarried},
    {Feature::kJsonSchema, Support::kCarried},
    {Feature::kSeveralChoices, Support::kCarried},
    {Feature::kLogprobs, Support::kRefused},
    {Feature::kAudioOut, Support::kRefused},
    {Feature::kImageOut, Support::kRefused},
    {Feature::kPrediction, Support::kCarried},
    {Feature::kVerbosity, Support::kDropped},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kCarried},
    {Feature::kTemperature, Support::kTranslated},  // at most 1.5
    {Feature::kTopP, Support::kCarried},
    {Feature::kTopK, Support::kDropped},
    {Feature::kMinP, Support::kDropped},
    {Feature::kFrequencyPenalty, Support::kCarried},
    {Feature::kPresencePenalty, Support::kCarried},
    {Feature::kRepetitionPenalty, Support::kDropped},
    {Feature::kSeed, Support::kCarried},  // random_seed
    {Feature::kLogitBias, Support::kRefused},
    {Feature::kReasoningEffort, Support::kTranslated},  // high or none
    {Feature::kReasoningBudget, Support::kTranslated},
    {Feature::kReasoningSwitch, Support::kTranslated},
    {Feature::kReasoningSummary, Support::kDropped},
    {Feature::kReasoningHidden, Support::kDropped},
    {Feature::kMetadata, Support::kCarried},
    {Feature::kUser, Support::kDropped},
    {Feature::kSafetyIdentifier, Support::kDropped},
    {Feature::kPromptCacheKey, Support::kCarried},
    {Feature::kServiceTier, Support::kDropped},
    {Feature::kStore, Support::kDropped},
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

}  // namespace signalbox::mistral
