#include "vendors/dialects/gemini/features.h"

namespace signalbox::gemini {
namespace {

using wire::Feature;
using wire::Support;

// `by_url`: the Gemini API reads files of its own and YouTube by URI, Vertex AI any URL.
constexpr wire::FeatureTable TableOf(Support by_url) {
  return {
      {Feature::kSystem, Support::kCarried},
      {Feature::kSystemBetween, Support::kTranslated},  // joined to systemInstruction
      {Feature::kParticipantName, Support::kDropped},
      {Feature::kImageUrl, by_url},
      {Feature::kImageData, Support::kCarried},
      {Feature::kImageFile, Support::kRefused},  // of another vendor's store
      {Feature::kImageDetail, Support::kDropped},
      {Feature::kDocumentUrl, by_url},
      {Feature::kDocumentData, Support::kCarried},
      {Feature::kDocumentFile, Support::kRefused},
      {Feature::kAudioUrl, by_url},
      {Feature::kAudioData, Support::kCarried},
      {Feature::kVideo, Support::kCarried},
      {Feature::kThoughts, Support::kDropped},  // Google wants back its own alone
      {Feature::kRefusals, Support::kTranslated},
      {Feature::kVendorParts, Support::kRefused},
      {Feature::kToolResultMedia, Support::kTranslated},  // before Gemini 3: beside the result
      {Feature::kToolResultError, Support::kTranslated},  // {"error": …}
      {Feature::kCacheMarkers, Support::kDropped},        // Google caches by itself
      {Feature::kTools, Support::kCarried},
      {Feature::kCustomTools, Support::kRefused},
      {Feature::kVendorTools, Support::kRefused},
      {Feature::kStrictTools, Support::kTranslated},  // mode VALIDATED
      {Feature::kToolChoiceNone, Support::kCarried},
      {Feature::kToolChoiceRequired, Support::kCarried},
      {Feature::kToolChoiceNamed, Support::kCarried},
      {Feature::kToolChoiceAllowed, Support::kCarried},
      {Feature::kOneCallAtATime, Support::kDropped},  // as Google's own OpenAI form does
      {Feature::kJsonObject, Support::kCarried},
      {Feature::kJsonSchema, Support::kCarried},
      {Feature::kSeveralChoices, Support::kCarried},
      {Feature::kLogprobs, Support::kCarried},
      {Feature::kAudioOut, Support::kRefused},  // other voices, other formats
      {Feature::kImageOut, Support::kCarried},
      {Feature::kPrediction, Support::kDropped},
      {Feature::kVerbosity, Support::kDropped},
      {Feature::kMaxTokens, Support::kCarried},
      {Feature::kStop, Support::kCarried},
      {Feature::kTemperature, Support::kCarried},
      {Feature::kTopP, Support::kCarried},
      {Feature::kTopK, Support::kCarried},
      {Feature::kMinP, Support::kDropped},
      {Feature::kFrequencyPenalty, Support::kCarried},
      {Feature::kPresencePenalty, Support::kCarried},
      {Feature::kRepetitionPenalty, Support::kDropped},
      {Feature::kSeed, Support::kCarried},
      {Feature::kLogitBias, Support::kRefused},
      {Feature::kReasoningEffort, Support::kTranslated},  // thinkingLevel, before 3: thinkingBudget
      {Feature::kReasoningBudget, Support::kTranslated},
      {Feature::kReasoningSwitch, Support::kTranslated},
      {Feature::kReasoningSummary, Support::kTranslated},  // includeThoughts
      {Feature::kReasoningHidden, Support::kTranslated},
      {Feature::kMetadata, Support::kDropped},
      {Feature::kUser, Support::kDropped},
      {Feature::kSafetyIdentifier, Support::kDropped},
      {Feature::kPromptCacheKey, Support::kDropped},
      {Feature::kServiceTier, Support::kDropped},
      {Feature::kStore, Support::kDropped},
  };
}

constexpr wire::FeatureTable kGeminiTable = TableOf(Support::kFetched);
constexpr wire::FeatureTable kVertexTable = TableOf(Support::kCarried);

}  // namespace

const wire::FeatureTable& FeaturesAt(Host host) {
  return host == Host::kVertex ? kVertexTable : kGeminiTable;
}

}  // namespace signalbox::gemini
