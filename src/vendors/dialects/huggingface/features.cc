#include "vendors/dialects/huggingface/features.h"

namespace signalbox::huggingface {
namespace {

using wire::Feature;
using wire::Support;

constexpr wire::FeatureTable kTable = {
    {Feature::kSystem, Support::kTranslated},         // the beginning of the prompt
    {Feature::kSystemBetween, Support::kTranslated},  // the same
    {Feature::kParticipantName, Support::kDropped},
    {Feature::kThoughts, Support::kDropped},
    {Feature::kRefusals, Support::kTranslated},  // as text
    {Feature::kCacheMarkers, Support::kDropped},
    {Feature::kToolChoiceNone, Support::kTranslated},  // without the tools
    {Feature::kOneCallAtATime, Support::kDropped},
    {Feature::kJsonObject, Support::kTranslated},  // a grammar
    {Feature::kJsonSchema, Support::kTranslated},  // a grammar
    {Feature::kPrediction, Support::kDropped},
    {Feature::kVerbosity, Support::kDropped},
    {Feature::kMaxTokens, Support::kCarried},
    {Feature::kStop, Support::kCarried},
    {Feature::kTemperature, Support::kTranslated},  // 0 is do_sample: false
    {Feature::kTopP, Support::kCarried},            // 1, which says nothing, is left out
    {Feature::kTopK, Support::kCarried},
    {Feature::kMinP, Support::kDropped},
    {Feature::kFrequencyPenalty, Support::kCarried},
    {Feature::kPresencePenalty, Support::kDropped},
    {Feature::kRepetitionPenalty, Support::kCarried},
    {Feature::kSeed, Support::kCarried},
    {Feature::kLogitBias, Support::kDropped},
    {Feature::kReasoningEffort, Support::kDropped},
    {Feature::kReasoningBudget, Support::kDropped},
    {Feature::kReasoningSwitch, Support::kDropped},
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

}  // namespace signalbox::huggingface
