// What a request may hold, and what each vendor makes of it: one table per dialect, which decides
// on the way of a request and is printed in docs/dialects.md.
//
// Owner:   static tables. Threads: any.
// Errors:  kInvalidRequest whose `param` is the path of what the vendor has no word for.
// Cancel:  nothing to undo.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/core/error.h"
#include "vendors/chat/request.h"

namespace signalbox::wire {

enum class Feature : std::uint8_t {
  // Messages.
  kSystem,           // system and developer messages
  kSystemBetween,    // one that does not stand at the start of the conversation
  kParticipantName,  // messages[].name
  kImageUrl,
  kImageData,
  kImageFile,  // by the vendor's file id
  kImageDetail,
  kDocumentUrl,
  kDocumentData,
  kDocumentFile,
  kAudioUrl,
  kAudioData,
  kVideo,
  kThoughts,         // reasoning of earlier turns
  kRefusals,         // refusals of earlier turns
  kVendorParts,      // parts of a kind of the sender's own (server tools, …)
  kToolResultMedia,  // pictures and documents in a tool's result
  kToolResultError,  // a tool's result that says it failed
  kCacheMarkers,
  // Tools.
  kTools,
  kCustomTools,  // free text in place of JSON arguments
  kVendorTools,  // tools that the sender's vendor runs (web search, …)
  kStrictTools,  // arguments bound to their schema
  kToolChoiceNone,
  kToolChoiceRequired,
  kToolChoiceNamed,
  kToolChoiceAllowed,  // one of several
  kOneCallAtATime,     // parallel_tool_calls: false
  // The form of the answer.
  kJsonObject,
  kJsonSchema,
  kSeveralChoices,  // n above 1
  kLogprobs,
  kAudioOut,
  kImageOut,
  kPrediction,
  kVerbosity,
  // Sampling.
  kMaxTokens,
  kStop,
  kTemperature,
  kTopP,
  kTopK,
  kMinP,
  kFrequencyPenalty,
  kPresencePenalty,
  kRepetitionPenalty,
  kSeed,
  kLogitBias,
  // Reasoning.
  kReasoningEffort,
  kReasoningBudget,
  kReasoningSwitch,  // on or off
  kReasoningSummary,
  kReasoningHidden,
  // Around it.
  kMetadata,
  kUser,
  kSafetyIdentifier,
  kPromptCacheKey,
  kServiceTier,
  kStore,
  kCount,  // none: how many there are
};
inline constexpr std::size_t kFeatures = static_cast<std::size_t>(Feature::kCount);

// In words, for people: "image by URL".
std::string_view Name(Feature feature);

// From what hinders most to what hinders least.
enum class Support : std::uint8_t {
  kRefused,     // 400 that names the field
  kDropped,     // left out, and named in x-signalbox-dropped: no answer is wrong without it
  kTranslated,  // said in another way
  kFetched,     // a URL whose content is fetched and sent along
  kCarried,     // as it is
};
std::string_view Name(Support support);

class FeatureTable {
 public:
  // What is not in the list is refused.
  constexpr FeatureTable(std::initializer_list<std::pair<Feature, Support>> rows) {
    for (const auto& [feature, support] : rows) {
      supports_.at(static_cast<std::size_t>(feature)) = support;
    }
  }
  constexpr Support Of(Feature feature) const {
    return supports_.at(static_cast<std::size_t>(feature));
  }

 private:
  std::array<Support, kFeatures> supports_{};
};

// Fails on what `table` refuses, and on the members that only the sender's vendor can follow
// (Responses' previous_response_id, …: kBindings in feature.cc); collects the paths of what it
// drops, and of the unknown members, which belong to the dialect that they came in. `title` is the
// vendor's, for the error. A request of the vendor's own dialect is not looked at: `request.dialect
// == own`.
core::Status CheckExpressible(const chat::Request& request, std::string_view own,
                              const FeatureTable& table, std::string_view title,
                              std::vector<std::string>& dropped);

}  // namespace signalbox::wire
