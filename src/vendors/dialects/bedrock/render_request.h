// A request for an answer, or for the number of its tokens, out.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest whose `param` is the path of what Converse has no word for.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/writer.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::bedrock {

const wire::FeatureTable& Features();

core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms = {});
core::Result<wire::RenderedRequest> RenderCountRequest(const chat::Request& request);

// What is known of a request on its way out.
struct Outgoing {
  const chat::Request& request;
  bool own = false;
  Family family = Family::kOther;
  const catalog::Capabilities& known;
  bool calls_before = false;  // a turn before holds calls or results of tools
  bool thinks = false;        // Claude is asked to think
  std::vector<std::string>& dropped;
};

// Of render_messages.cc. "system" and "messages".
core::Status RenderMessages(const Outgoing& of, json::Writer& out);

// Of render_tools.cc. "toolConfig", or nothing.
void RenderToolConfig(const Outgoing& of, json::Writer& out);
// Whether tools stand in the request that the model must not call now.
bool MustNotCall(const Outgoing& of);
// Claude takes "one call at a time" only together with the whole choice.
void RenderClaudeToolChoice(const chat::Request& request, json::Writer& out);
bool HasOneCallAtATime(const Outgoing& of);

// Of render_options.cc.
void RenderInference(const Outgoing& of, json::Writer& out);
void RenderAdditional(const Outgoing& of, json::Writer& out);  // additionalModelRequestFields
void RenderOptions(const Outgoing& of, json::Writer& out);     // all that stands beside them
bool AsksToThink(const chat::Request& request);
bool HasRoomToThink(const chat::Request& request);  // under its bound on output

// The extras that KeepUnder has put under `place`, with their own keys.
void RenderUnder(std::string_view place, const chat::Request& request, bool own, json::Writer& out);
bool HasUnder(std::string_view place, const chat::Request& request, bool own);

}  // namespace signalbox::bedrock
