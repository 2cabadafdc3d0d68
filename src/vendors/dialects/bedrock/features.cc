// What a request may hold that Converse can be asked for.
#include "vendors/dialects/bedrock/render_request.h"

namespace signalbox::bedrock {
namespace {

using wire::Feature;
using wire::Support;

constexpr wire::FeatureTable kTable = {
    {Feature::kSystem, Support::kTranslated},
    {Feature::kSystemBetween, Support::kTranslated},  // in front of all turns
    {Feature::kParticipantName, Support::kDropped},
    {Feature::kImageUrl, Support::kFetched},
    {Feature::kImageData, Support::kCarried},
    {Feature::kImageDetail, Support::kDropped},
    {Feature::kDocumentUrl, Support::kFetched},
    {Feature::kDocumentData, Support::kCarried},
    {Feature::kAudioUrl, Support::kFetched},
    {Feature::kAudioData, Support::kCarried},
    {Feature::kVideo, Support::kCarried},
    {Feature::kThoughts, Support::kTranslated},  // Claude's, for Claude; others are dropped
    {Feature::kRefusals, Support::kTranslated},  // texts
    {Feature::kToolResultMedia, Support::kCarried},
    {Feature::kToolResultError, Support::kCarried},
    {Feature::kCacheMarkers, Support::kTranslated},  // dropped for models that refuse them
    {Feature::kTools, Support::kCarried},
    {Feature::kStrictTools, Support::kCarried},
    {Feature::kToolChoiceNone, Support::kTranslated},  // no tools, or a system prompt
    {Feature::kToolChoiceRequired, Support::kCarried},
    {Feature::kToolChoiceNamed, Support::kCarried},
    {Feature::kToolChoiceAllowed, Support::kTranslated},  // the others are left out
    {Feature::kOneCallAtATime, Support::kTranslated},     // Claude; dropped for others
    {Feature::kJsonObject, Support::kTranslated},         // a system prompt
    {Feature::kJsonSchema, Support::kCarried},
    {Feature::kPrediction, Support::kDropped},
    {Feature::kVerbosity, Support::kDropped},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kCarried},
    {Feature::kTemperature, Support::kCarried},
    {Feature::kTopP, Support::kCarried},
    {Feature::kTopK, Support::kTranslated},  // Claude, Nova; dropped for others
    {Feature::kMinP, Support::kDropped},
    {Feature::kFrequencyPenalty, Support::kDropped},
    {Feature::kPresencePenalty, Support::kDropped},
    {Feature::kRepetitionPenalty, Support::kDropped},
    {Feature::kSeed, Support::kDropped},
    {Feature::kReasoningEffort, Support::kTranslated},  // Claude: a budget; Nova 2; gpt-oss
    {Feature::kReasoningBudget, Support::kTranslated},
    {Feature::kReasoningSwitch, Support::kTranslated},
    {Feature::kReasoningSummary, Support::kDropped},
    {Feature::kReasoningHidden, Support::kDropped},
    {Feature::kMetadata, Support::kTranslated},  // requestMetadata, as far as AWS takes it
    {Feature::kUser, Support::kDropped},
    {Feature::kSafetyIdentifier, Support::kDropped},
    {Feature::kPromptCacheKey, Support::kDropped},
    {Feature::kServiceTier, Support::kTranslated},
    {Feature::kStore, Support::kDropped},
};

}  // namespace

const wire::FeatureTable& Features() {
  return kTable;
}

}  // namespace signalbox::bedrock
