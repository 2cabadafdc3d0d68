#include "vendors/dialects/openai_chat/features.h"

namespace signalbox::openai_chat {
namespace {

using wire::Feature;
using wire::Support;

constexpr wire::FeatureTable kTable = {
    {Feature::kSystem, Support::kCarried},
    {Feature::kSystemBetween, Support::kCarried},
    {Feature::kParticipantName, Support::kCarried},
    {Feature::kImageUrl, Support::kCarried},
    {Feature::kImageData, Support::kCarried},
    {Feature::kImageFile, Support::kRefused},  // of another vendor's store
    {Feature::kImageDetail, Support::kCarried},
    {Feature::kDocumentUrl, Support::kFetched},
    {Feature::kDocumentData, Support::kCarried},
    {Feature::kDocumentFile, Support::kRefused},
    {Feature::kAudioUrl, Support::kFetched},
    {Feature::kAudioData, Support::kCarried},
    {Feature::kVideo, Support::kRefused},
    {Feature::kThoughts, Support::kDropped},
    {Feature::kRefusals, Support::kCarried},
    {Feature::kVendorParts, Support::kRefused},
    {Feature::kToolResultMedia, Support::kTranslated},  // a user's message after the results
    {Feature::kToolResultError, Support::kDropped},
    {Feature::kCacheMarkers, Support::kDropped},
    {Feature::kTools, Support::kCarried},
    {Feature::kCustomTools, Support::kCarried},
    {Feature::kVendorTools, Support::kRefused},
    {Feature::kStrictTools, Support::kCarried},
    {Feature::kToolChoiceNone, Support::kCarried},
    {Feature::kToolChoiceRequired, Support::kCarried},
    {Feature::kToolChoiceNamed, Support::kCarried},
    {Feature::kToolChoiceAllowed, Support::kCarried},
    {Feature::kOneCallAtATime, Support::kCarried},
    {Feature::kJsonObject, Support::kCarried},
    {Feature::kJsonSchema, Support::kCarried},
    {Feature::kSeveralChoices, Support::kCarried},
    {Feature::kLogprobs, Support::kCarried},
    {Feature::kAudioOut, Support::kCarried},
    {Feature::kImageOut, Support::kCarried},
    {Feature::kPrediction, Support::kCarried},
    {Feature::kVerbosity, Support::kCarried},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kCarried},
    {Feature::kTemperature, Support::kCarried},
    {Feature::kTopP, Support::kCarried},
    {Feature::kTopK, Support::kDropped},  // OpenAI refuses what it does not know
    {Feature::kMinP, Support::kDropped},
    {Feature::kFrequencyPenalty, Support::kCarried},
    {Feature::kPresencePenalty, Support::kCarried},
    {Feature::kRepetitionPenalty, Support::kDropped},
    {Feature::kSeed, Support::kCarried},
    {Feature::kLogitBias, Support::kCarried},
    {Feature::kReasoningEffort, Support::kCarried},     // dropped for models that do not think
    {Feature::kReasoningBudget, Support::kTranslated},  // an effort, or dropped
    {Feature::kReasoningSwitch, Support::kTranslated},
    {Feature::kReasoningSummary, Support::kDropped},
    {Feature::kReasoningHidden, Support::kDropped},
    {Feature::kMetadata, Support::kCarried},
    {Feature::kUser, Support::kCarried},
    {Feature::kSafetyIdentifier, Support::kCarried},
    {Feature::kPromptCacheKey, Support::kCarried},
    {Feature::kServiceTier, Support::kTranslated},
    {Feature::kStore, Support::kCarried},
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

}  // namespace signalbox::openai_chat
