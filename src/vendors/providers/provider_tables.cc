#include "vendors/providers/provider.h"

namespace signalbox::providers {
namespace {

using namespace std::chrono_literals;

const config::Table<ProviderTimeouts>& TimeoutsTable() {
  static const auto table =
      config::Table<ProviderTimeouts>("timeouts", "How long this provider may take.")
          .Add("connect", &ProviderTimeouts::connect,
               {.doc = "Name, connection and TLS together.", .min = 10ms, .max = 5min})
          .Add("first_byte", &ProviderTimeouts::first_byte,
               {.doc = "From the request to the head of the answer.", .min = 10ms, .max = 1h})
          .Add("idle", &ProviderTimeouts::idle,
               {.doc = "Between two pieces of an answer.", .min = 10ms, .max = 1h})
          .Add("total", &ProviderTimeouts::total,
               {.doc = "For a call in all, to the last byte that the client takes.",
                .min = 10ms,
                .max = 24h});
  return table;
}

const config::Table<KeyOptions>& KeyTable() {
  static const auto table =
      config::Table<KeyOptions>("key", "One of several credentials.")
          .Add("key", &KeyOptions::key, {.doc = "The credential itself.", .required = true})
          .Add("weight", &KeyOptions::weight,
               {.doc = "Its share of the calls, against the others.", .min = 1, .max = 1000})
          .Add("in_flight", &KeyOptions::in_flight,
               {.doc = "Calls with it at a time; 0 is no limit.", .unit = "calls", .max = 100000})
          .Add("per_minute", &KeyOptions::per_minute,
               {.doc = "Calls with it in a minute; 0 is no limit.",
                .unit = "calls",
                .max = 10000000});
  return table;
}

const config::Table<ProviderLimits>& LimitsTable() {
  static const auto table =
      config::Table<ProviderLimits>("limits", "How much this provider may send.")
          .Add("answer_bytes", &ProviderLimits::answer_bytes,
               {.doc = "An answer that is not streamed, before and after decompression.",
                .min = config::KiB(1),
                .max = config::GiB(2)});
  return table;
}

std::vector<config::Word> TypeNames() {
  std::vector<config::Word> names;
  for (const TypeRow& row : ProviderTypes()) {
    names.emplace_back(std::string(row.name), row.type);
  }
  return names;
}

}  // namespace

const config::Table<ProviderOptions>& ProviderTable() {
  static const auto table =
      config::Table<ProviderOptions>("provider", "A place that answers model calls.")
          .Add("type", &ProviderOptions::type,
               {.doc = "What it speaks; as its vendor does when its name or vendor says whose it "
                       "is, else openai.",
                .names = TypeNames()})
          .Add("vendor", &ProviderOptions::vendor,
               {.doc = "Whose models these are, when its name does not say it: openai, mistral, "
                       "ollama, … Knows the base URL, how the key is sent, and the prices."})
          .Add("base_url", &ProviderOptions::base_url,
               {.doc = "As the vendor's SDK takes it, for example https://api.openai.com/v1. "
                       "{account}, {resource}, {region} and {model} are filled in."})
          .Add("account", &ProviderOptions::account,
               {.doc = "For {account} in the base URL, as Cloudflare's has it."})
          .Add("resource", &ProviderOptions::resource,
               {.doc = "For {resource} in the base URL, as Azure's has it."})
          .Add("api_version", &ProviderOptions::api_version,
               {.doc = "Of Azure: calls go to /openai/deployments/{model} with this api-version; "
                       "without it, to Azure's v1 API."})
          .Add("auth", &ProviderOptions::auth,
               {.doc = "How the key is sent; as the vendor wants it, else as a bearer token.",
                .names = {{"bearer", Auth::kBearer},
                          {"api-key", Auth::kApiKey},
                          {"x-api-key", Auth::kXApiKey},
                          {"x-goog-api-key", Auth::kGoogApiKey}}})
          .Add("via", &ProviderOptions::via,
               {.doc = "Directly, or through upstream_gateway.",
                .names = {{"direct", Via::kDirect}, {"gateway", Via::kGateway}}})
          .Add("key", &ProviderOptions::key,
               {.doc = "The credential; 'none' sends none. Better as ${NAME} than in the file."})
          .Add("access_key_id", &ProviderOptions::access_key_id,
               {.doc = "Of AWS, in place of a key: calls to Bedrock are signed with it."})
          .Add("secret_access_key", &ProviderOptions::secret_access_key,
               {.doc = "What AWS gave with access_key_id."})
          .Add("session_token", &ProviderOptions::session_token,
               {.doc = "What AWS gave with temporary credentials."})
          .Map("keys", &ProviderOptions::keys, KeyTable(),
               {.doc = "Several credentials, by a name for each; calls are shared among them."})
          .Add("ca", &ProviderOptions::ca,
               {.doc = "PEM file with the certificate authorities to believe, instead of the "
                       "system's."})
          .Add("local", &ProviderOptions::local,
               {.doc = "Whether requests to it stay on machines of your own."})
          .Add("region", &ProviderOptions::region, {.doc = "Where it computes, e.g. eu-west."})
          .Add("models", &ProviderOptions::models,
               {.doc = "Names that GET /v1/models lists; others are served too."})
          .Add("stream_usage", &ProviderOptions::stream_usage,
               {.doc = "Ask for usage in every stream (stream_options.include_usage); off for "
                       "servers that refuse it."})
          .Add("default_max_tokens", &ProviderOptions::default_max_tokens,
               {.doc = "The bound on an answer where the vendor demands one (Anthropic) and the "
                       "caller names none.",
                .unit = "tokens",
                .min = 1,
                .max = 10000000})
          .Add("on_disconnect", &ProviderOptions::on_disconnect,
               {.doc = "When a client leaves: end the call, or read it to its end for exact usage.",
                .names = {{"cancel", OnDisconnect::kCancel}, {"drain", OnDisconnect::kDrain}}})
          .Sub("timeouts", &ProviderOptions::timeouts, TimeoutsTable())
          .Sub("limits", &ProviderOptions::limits, LimitsTable())
          .Instead("api_key", "the credential is called key")
          .Instead("token", "the credential is called key")
          .Instead("url", "it is called base_url")
          .Instead("api_base", "it is called base_url")
          .Instead("endpoint", "it is called base_url")
          .Instead("timeout", "there are several: timeouts: { connect, first_byte, idle, total }");
  return table;
}

const config::Table<UpstreamGatewayOptions>& UpstreamGatewayTable() {
  static const auto table =
      config::Table<UpstreamGatewayOptions>(
          "upstream_gateway", "A gateway of somebody else's, for providers that say via: gateway.")
          .Add("base_url", &UpstreamGatewayOptions::base_url,
               {.doc = "{account}, {gateway} and {provider} are filled in."})
          .Add("account", &UpstreamGatewayOptions::account, {.doc = "For {account}."})
          .Add("gateway", &UpstreamGatewayOptions::gateway, {.doc = "For {gateway}."})
          .Add("key", &UpstreamGatewayOptions::key,
               {.doc = "Its own credential, sent as cf-aig-authorization beside the provider's."});
  return table;
}

}  // namespace signalbox::providers
