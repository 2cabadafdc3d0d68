#include "vendors/dialects/openai_chat/parse_sampling.h"

namespace signalbox::openai_chat {
namespace {

using chat::StreamOptions;
using core::Status;
using json::Value;

constexpr wire::Field<StreamOptions> kStreamFields[] = {
    {"include_usage",
     [](const Value& v, StreamOptions& out) { return wire::ReadBool(v, out.include_usage); }},
    {"include_obfuscation",
     [](const Value& v, StreamOptions& out) { return wire::ReadBool(v, out.include_obfuscation); }},
};

}  // namespace

Status ReadStop(const Value& value, chat::Request& out) {
  if (value.IsString()) {
    return wire::ReadText(value, out.sampling.stop.emplace_back());
  }
  out.sampling.stop_listed = true;
  return wire::ReadTextList(value, out.sampling.stop);
}

Status ReadStreamOptions(const Value& value, chat::Request& out) {
  out.stream_options.stated = true;
  return wire::ReadObject(value, kStreamFields, out.stream_options, out.stream_options.extra);
}

core::Error Named(core::Error error) {
  if (!error.param.empty()) {
    error.message = error.param + ": " + error.message;
  }
  return error;
}

}  // namespace signalbox::openai_chat
