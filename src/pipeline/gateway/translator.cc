#include "pipeline/gateway/translator.h"

#include <fmt/format.h>

#include <algorithm>

#include "vendors/catalog/money.h"
#include "vendors/chat/tell.h"
#include "vendors/dialects/wire/adapt_media.h"

namespace signalbox::gateway {
namespace {

using chat::Operation;
using core::Result;
using core::Status;

template <typename T, typename Alternatives>
Status Take(Result<T> read, Alternatives& out) {
  if (!read) {
    return std::unexpected(std::move(read).error());
  }
  out.template emplace<T>(*std::move(read));
  return {};
}

wire::Feature ByUrl(chat::MediaKind kind) {
  switch (kind) {
    case chat::MediaKind::kImage:
      return wire::Feature::kImageUrl;
    case chat::MediaKind::kDocument:
      return wire::Feature::kDocumentUrl;
    case chat::MediaKind::kAudio:
      return wire::Feature::kAudioUrl;
    case chat::MediaKind::kVideo:
      break;
  }
  return wire::Feature::kVideo;
}

// Those on the web; other schemes (gs:, s3:) are the vendor's own.
bool OnTheWeb(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

bool IsFetched(const chat::Media& media, const wire::Dialect& to) {
  return OnTheWeb(media.url) && !to.TakesUri(media.url) &&
         to.features().Of(ByUrl(media.kind)) == wire::Support::kFetched;
}

// What stands in parts that are to be fetched; `path` is theirs.
void FindMedia(std::vector<chat::Part>& parts, const std::string& path, const wire::Dialect& to,
               std::vector<Translator::Wanted>& out) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto* const media = std::get_if<chat::Media>(&parts[i].content);
    auto* const result = std::get_if<chat::ToolResult>(&parts[i].content);
    if (media != nullptr && IsFetched(*media, to)) {
      out.push_back({media, fmt::format("{}.content[{}]", path, i)});
    } else if (result != nullptr && !result->parts.empty()) {
      FindMedia(result->parts, fmt::format("{}.content[{}]", path, i), to, out);
    }
  }
}

bool HoldsNoMedia(const chat::Message& message) {
  return std::ranges::all_of(message.parts, [](const chat::Part& part) {
    return !std::holds_alternative<chat::Media>(part.content) &&
           !std::holds_alternative<chat::ToolResult>(part.content);
  });
}

// Media in forms that `to` takes, those that were fetched too.
Status Adapt(chat::Request& request, const wire::Dialect& to) {
  for (std::size_t i = 0; request.dialect != to.name() && i < request.messages.size(); ++i) {
    if (!HoldsNoMedia(request.messages[i])) {
      SB_CHECK_OK(wire::AdaptMedia(request.messages[i].parts, fmt::format("messages[{}]", i), to));
    }
  }
  return {};
}

Result<TranslatedAnswer> TranslateChat(const json::Value& body, const request::Call& call,
                                       const wire::Dialect& from, const AnswerTerms& terms) {
  Result<chat::Response> parsed = from.ParseAnswer(body);
  if (!parsed) {
    return std::unexpected(std::move(parsed).error());
  }
  chat::Response& response = *parsed;
  if (!response.created) {
    response.created = terms.now;
  }
  if (response.model.empty()) {
    response.model = terms.model;
  }
  TranslatedAnswer out;
  if (response.usage) {
    out.bill = from.BillOf(*response.usage, response.service_tier);
  }
  if (call.dialect->TellsServed()) {
    call.dialect->AddServed(ServedOf(terms, out.bill.value_or(catalog::Bill{})), response);
  }
  if (!terms.streamed) {
    out.body = call.dialect->RenderAnswer(response);
    return out;
  }
  const auto renderer = call.dialect->NewStreamRenderer(
      false, {.include_usage = terms.include_usage, .framing = call.framing});
  renderer->Render(chat::Tell(std::move(response)), out.body);
  return out;
}

}  // namespace

std::string Joined(const std::vector<std::string>& paths) {
  std::string out;
  for (const std::string& path : paths) {
    out += out.empty() ? "" : ", ";
    out += path;
  }
  return out;
}

wire::Served ServedOf(const AnswerTerms& terms, const catalog::Bill& bill) {
  const auto cost = catalog::CostOf(bill, terms.known, terms.begun);
  return {.provider = terms.provider,
          .response_ms = std::chrono::duration_cast<std::chrono::milliseconds>(terms.took).count(),
          .cost_usd = cost ? catalog::UsdText(*cost) : std::string()};
}

Status Translator::Read(const json::Value& body, const request::Call& call) {
  if (!std::holds_alternative<std::monostate>(read_)) {
    return {};
  }
  switch (call.operation) {
    case Operation::kEmbeddings:
      return Take(call.dialect->ParseEmbeddingsRequest(body), read_);
    case Operation::kRerank:
      return Take(call.dialect->ParseRerankRequest(body), read_);
    case Operation::kCountTokens:
      return Take(call.dialect->ParseCountRequest(body), read_);
    default:
      return Take(call.dialect->ParseRequest(body), read_);
  }
}

Status Translator::Check(const json::Value& body, const request::Call& call,
                         const wire::Dialect& to) {
  SB_CHECK_OK(Read(body, call));
  const auto* chat = std::get_if<chat::Request>(&read_);
  std::vector<std::string> dropped;
  return chat == nullptr
             ? Status{}
             : wire::CheckExpressible(*chat, to.name(), to.features(), to.title(), dropped);
}

Result<bool> Translator::Lacks(const json::Value& body, const request::Call& call,
                               const wire::Dialect& to, const catalog::Capabilities& of) {
  if (of.cannot == 0 ||
      (call.operation != Operation::kChat && call.operation != Operation::kCompletions &&
       call.operation != Operation::kGenerate)) {
    return false;
  }
  SB_CHECK_OK(Read(body, call));
  const auto* chat = std::get_if<chat::Request>(&read_);
  return chat != nullptr && wire::LacksFor(*chat, of, to.PutsFormsIntoWords());
}

Result<std::vector<Translator::Wanted>> Translator::ToFetch(const json::Value& body,
                                                            const request::Call& call,
                                                            const wire::Dialect& to) {
  SB_CHECK_OK(Read(body, call));
  std::vector<Wanted> out;
  if (auto* chat = std::get_if<chat::Request>(&read_)) {
    for (std::size_t i = 0; i < chat->messages.size(); ++i) {
      if (HoldsNoMedia(chat->messages[i])) {
        continue;
      }
      const std::string path = fmt::format("messages[{}]", i);
      FindMedia(chat->messages[i].parts, path, to, out);
    }
  }
  return out;
}

Result<TranslatedRequest> Translator::Request(const json::Value& body, const request::Call& call,
                                              const wire::Dialect& to, const Terms& terms) {
  SB_CHECK_OK(Read(body, call));
  Result<wire::RenderedRequest> rendered;
  if (auto* embeddings = std::get_if<chat::EmbeddingsRequest>(&read_)) {
    embeddings->model = terms.model;
    rendered = to.RenderEmbeddingsRequest(*embeddings);
  } else if (auto* rerank = std::get_if<chat::RerankRequest>(&read_)) {
    rerank->model = terms.model;
    rendered = to.RenderRerankRequest(*rerank);
  } else {
    auto& chat = std::get<chat::Request>(read_);
    SB_CHECK_OK(Adapt(chat, to));
    chat.model = terms.model;
    chat.stream = terms.streamed;
    if (terms.streamed && terms.ask_for_usage) {
      chat.stream_options.stated = true;
      chat.stream_options.include_usage = true;
    }
    rendered = call.operation == Operation::kCountTokens
                   ? to.RenderCountRequest(chat)
                   : to.RenderRequest(chat, {.default_max_tokens = terms.default_max_tokens,
                                             .capabilities = terms.capabilities});
  }
  if (!rendered) {
    return std::unexpected(std::move(rendered).error());
  }
  return TranslatedRequest{std::move(rendered->body), Joined(rendered->dropped)};
}

Result<TranslatedAnswer> Translator::Answer(const json::Value& body, const request::Call& call,
                                            const wire::Dialect& from,
                                            const AnswerTerms& terms) const {
  switch (call.operation) {
    case Operation::kEmbeddings: {
      SB_TRY(chat::EmbeddingsResponse response, from.ParseEmbeddingsAnswer(body));
      if (const auto* request = std::get_if<chat::EmbeddingsRequest>(&read_)) {
        response.listed = request->listed;
        response.encoding_format = request->encoding_format;
      }
      TranslatedAnswer out;
      if (response.usage) {
        out.bill = from.BillOf(*response.usage, {});
      }
      out.body = call.dialect->RenderEmbeddingsAnswer(response);
      return out;
    }
    case Operation::kRerank: {
      SB_TRY(const chat::RerankResponse response, from.ParseRerankAnswer(body));
      TranslatedAnswer out;
      if (response.usage) {
        out.bill = from.BillOf(*response.usage, {});
      }
      out.body = call.dialect->RenderRerankAnswer(response);
      return out;
    }
    case Operation::kCountTokens: {
      SB_TRY(const std::int64_t tokens, from.ParseCountAnswer(body));
      return TranslatedAnswer{call.dialect->RenderCountAnswer(tokens), {}};
    }
    default:
      return TranslateChat(body, call, from, terms);
  }
}

}  // namespace signalbox::gateway
