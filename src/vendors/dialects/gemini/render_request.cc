#include "vendors/dialects/gemini/render_request.h"

#include "base/json/writer.h"
#include "vendors/chat/size.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/features.h"
#include "vendors/dialects/gemini/parse_config.h"
#include "vendors/dialects/gemini/parse_tools.h"
#include "vendors/dialects/gemini/render_config.h"
#include "vendors/dialects/gemini/render_contents.h"
#include "vendors/dialects/gemini/render_tools.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::Request;
using core::Result;
using core::Status;
using json::Writer;
using wire::RenderedRequest;

std::string_view TitleOf(Host host) {
  return host == Host::kVertex ? "Vertex AI" : "Gemini";
}

Status RenderMembers(const Request& request, const ModelFacts& facts, Host host,
                     std::vector<std::string>& dropped, Writer& out) {
  const bool own = request.dialect == kDialect;
  SB_CHECK_OK(RenderContents(request, facts, out));
  RenderTools(request, facts, out);
  RenderToolConfig(request, facts, host, dropped, out);
  SB_CHECK_OK(RenderConfig(request, facts, dropped, out));
  if (!own) {
    return {};
  }
  wire::RenderText("serviceTier", request.service_tier, out);
  for (const chat::Member& member : request.extra) {
    const bool inside =
        member.key.starts_with(kConfigPrefix) || member.key.starts_with(kToolsPrefix);
    if (host == Host::kGemini && member.key == "labels") {
      dropped.push_back(member.key);  // Vertex AI's
    } else if (!inside) {
      out.Key(member.key).Raw(member.value);
    }
  }
  return {};
}

bool IsMoreThanContents(const Request& request) {
  for (const chat::Message& message : request.messages) {
    if (message.role == chat::Role::kSystem || message.role == chat::Role::kDeveloper) {
      return true;
    }
  }
  return !request.tools.empty() || !request.extra.empty();
}

}  // namespace

Result<RenderedRequest> RenderRequest(const Request& request, Host host,
                                      const wire::RequestTerms& terms) {
  RenderedRequest rendered;
  SB_CHECK_OK(
      wire::CheckExpressible(request, kDialect, FeaturesAt(host), TitleOf(host), rendered.dropped));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  SB_CHECK_OK(
      RenderMembers(request, FactsOf(terms.Of(request.model)), host, rendered.dropped, out));
  out.EndObject();
  return rendered;
}

Result<RenderedRequest> RenderCountRequest(const Request& request, Host host) {
  const ModelFacts facts = FactsOf(catalog::FamilyOf(request.model));
  RenderedRequest rendered;
  SB_CHECK_OK(
      wire::CheckExpressible(request, kDialect, FeaturesAt(host), TitleOf(host), rendered.dropped));
  rendered.body.reserve(chat::RenderedSize(request));
  Writer out(rendered.body);
  out.BeginObject();
  if (host == Host::kVertex) {
    SB_CHECK_OK(RenderMembers(request, facts, host, rendered.dropped, out));
  } else if (!IsMoreThanContents(request)) {
    SB_CHECK_OK(RenderContents(request, facts, out));
  } else {
    out.Key("generateContentRequest").BeginObject();
    const bool placed =
        request.model.starts_with("models/") || request.model.starts_with("tunedModels/");
    out.Key("model").String(placed ? request.model : "models/" + request.model);
    SB_CHECK_OK(RenderMembers(request, facts, host, rendered.dropped, out));
    out.EndObject();
  }
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::gemini
