// Moderations, pictures, speech and transcripts through the gateway.
#include "pipeline/gateway/gateway_testing.h"

namespace signalbox::gateway {
namespace {

using chat::Operation;

constexpr std::string_view kModelPart =
    "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nedge/whisper\r\n";
constexpr std::string_view kFileHead =
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";
constexpr std::string_view kEnd = "\r\n--b--\r\n";
const std::string kSound(200'000, '\r');
constexpr std::string_view kTranscript = R"({"text":"Ho","usage":{"type":"duration","seconds":7}})";

std::string Replaced(std::string text, std::string_view what, std::string_view with) {
  return text.replace(text.find(what), what.size(), with);
}

std::string ModelFirst() {
  return std::string(kModelPart).append(kFileHead).append(kSound).append(kEnd);
}
std::string FileFirst(const std::string& sound) {
  return std::string(kFileHead).append(sound).append("\r\n").append(kModelPart).append("--b--\r\n");
}

LOOP_TEST(Endpoints, ModerationsGoThroughAsTheyStand) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {R"({"id":"modr-1","results":[]})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"input":"x","model":"edge/m"})", &sink, {}, {}, Operation::kModerations);
  EXPECT_EQ(sink.body, R"({"id":"modr-1","results":[]})");
  EXPECT_EQ(rig.upstream->calls[0].path, "/moderations");
  EXPECT_EQ(rig.upstream->calls[0].body, R"({"input":"x","model":"m"})");
  EXPECT_EQ(rig.Records().back().record.usage.output, 0);
}

LOOP_TEST(Endpoints, PicturesAreCounted) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(
      {.pieces = {R"({"created":1,"data":[{"b64_json":"a"},{"b64_json":"b"}],)"
                  R"("usage":{"input_tokens":9,"output_tokens":32}})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"prompt":"x","model":"edge/m","n":2})", &sink, {}, {}, Operation::kImages);
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(rig.upstream->calls[0].path, "/images/generations");
  const ledger::Record record = rig.Records().back().record;
  EXPECT_EQ(record.usage.images, 2);
  EXPECT_EQ(record.usage.input, 9);
  EXPECT_EQ(record.usage.image_output, 32);
  EXPECT_EQ(record.usage_source, ledger::UsageSource::kVendor);
}

LOOP_TEST(Endpoints, SoundIsPassedOnAsItComes) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.content_type = "audio/mpeg", .pieces = {"\xff\xfb:", "\n\n"}});
  RecordingSink sink;
  co_await rig.Run(R"({"input":"grün","model":"edge/tts-1","voice":"v"})", &sink, {}, {},
                   Operation::kSpeech);
  EXPECT_EQ(sink.content_type, "audio/mpeg");
  EXPECT_EQ(sink.body, "\xff\xfb:\n\n");
  EXPECT_TRUE(sink.ended);
  EXPECT_EQ(rig.upstream->calls[0].path, "/audio/speech");
  const ledger::OwnedRecord end = rig.Records().back();
  EXPECT_EQ(end.record.usage.characters, 4);
  EXPECT_EQ(end.record.usage_source, ledger::UsageSource::kCounted);
}

LOOP_TEST(Endpoints, SoundThatBreaksOffIsNotEnded) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back(
      {.content_type = "audio/mpeg",
       .pieces = {"abc"},
       .read_error = core::Error{core::ErrorCode::kUpstreamFailed, "cut", {}, {}}});
  RecordingSink sink;
  co_await rig.Run(R"({"input":"a","model":"edge/m"})", &sink, {}, {}, Operation::kSpeech);
  EXPECT_EQ(sink.body, "abc");
  EXPECT_FALSE(sink.ended);
  EXPECT_EQ(rig.Story(), "intent 1, failed 1 200");
}

LOOP_TEST(Endpoints, EventsOfSpeechSayWhatTheyUsed) {
  GatewayRig rig(loop);
  const std::string delta = "data: {\"type\":\"speech.audio.delta\",\"audio\":\"AAAA\"}\n\n";
  const std::string done =
      "data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":3,\"output_tokens\":50,"
      "\"total_tokens\":53}}\n\n";
  rig.upstream->answers.push_back(
      {.content_type = "text/event-stream", .pieces = {delta, done.substr(0, 9), done.substr(9)}});
  RecordingSink sink;
  const std::string ask = R"({"input":"a","model":"edge/m","stream_format":"sse"})";
  co_await rig.Run(ask, &sink, {}, {}, Operation::kSpeech);
  EXPECT_EQ(sink.body, delta + done);
  EXPECT_TRUE(sink.ended);
  EXPECT_EQ(rig.Records().back().record.usage.audio_output, 50);

  rig.upstream->answers.push_back({.content_type = "text/event-stream", .pieces = {delta}});
  RecordingSink cut;
  co_await rig.Run(ask, &cut, {}, {}, Operation::kSpeech);
  EXPECT_TRUE(cut.body.starts_with(delta));
  EXPECT_NE(cut.body.find("\"error\""), cut.body.npos) << cut.body;
  EXPECT_EQ(rig.Story(), "intent 1, failed 1 200");
}

LOOP_TEST(Endpoints, AVendorThatLacksOneIsRefused) {
  providers::ProviderOptions options;
  options.type = providers::ProviderType::kAnthropic;
  GatewayRig rig(loop, options);
  RecordingSink sink;
  co_await rig.Run(R"({"input":"a","model":"edge/m"})", &sink, {}, {}, Operation::kSpeech);
  EXPECT_EQ(sink.status, 400);
  EXPECT_NE(sink.body.find("has no making of speech; no provider that is configured has it"),
            sink.body.npos)
      << sink.body;
  EXPECT_EQ(rig.Story(), "");
}

// A vendor whose row says that it has nothing but conversations.
std::shared_ptr<Lineup> ChatsOnly(GatewayRig& rig) {
  providers::ProviderOptions options;
  options.base_url = config::ParseUrl("http://127.0.0.1:9/v1");
  providers::Provider provider = providers::MakeProvider("edge", options);
  provider.operations = providers::Only(Operation::kChat);
  return std::make_shared<Lineup>(Lineup::Parts{
      .targets = std::make_shared<request::Targets>(std::vector{provider},
                                                    std::map<std::string, request::AliasOptions>{},
                                                    request::RoutingOptions{}),
      .catalog = catalog::Catalog::BuiltIn(),
      .upstreams = {rig.upstream},
      .retry = {.attempts = 1},
      .breaker = {}});
}

LOOP_TEST(Endpoints, AVendorsRowSaysWhatItHas) {
  GatewayRig rig(loop);
  rig.gateway.Adopt(ChatsOnly(rig), {});
  RecordingSink refused;
  co_await rig.Run(R"({"input":"a","model":"edge/m"})", &refused, {}, {}, Operation::kEmbeddings);
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("provider edge (OpenAI Chat Completions) has no embeddings"),
            refused.body.npos)
      << refused.body;

  // A prompt is told as a conversation there.
  rig.dialect = &openai_chat::Completions();
  rig.upstream->answers.push_back(
      {.pieces = {R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{)"
                  R"("index":0,"message":{"role":"assistant","content":"Ho"},)"
                  R"("finish_reason":"stop"}]})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"prompt":"Hi","model":"edge/m"})", &sink, {}, {}, Operation::kCompletions);
  EXPECT_EQ(sink.status, 200) << sink.body;
  EXPECT_NE(sink.body.find(R"("text":"Ho")"), sink.body.npos) << sink.body;
  EXPECT_EQ(rig.upstream->calls[0].path, "/chat/completions");
  EXPECT_NE(rig.upstream->calls[0].body.find(R"("content":"Hi")"), std::string::npos);
}

LOOP_TEST(Endpoints, AFormGoesThroughWithItsModelChanged) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{1000}, std::size_t{1'000'000}}) {
    GatewayRig rig(loop);
    rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
    RecordingSink sink;
    SlicedUpload upload(ModelFirst(), size);
    co_await rig.RunUpload(&upload, &sink);
    EXPECT_EQ(sink.body, kTranscript);
    const FakeCall& call = rig.upstream->calls[0];
    EXPECT_EQ(call.path, "/audio/transcriptions");
    EXPECT_EQ(call.content_type, "multipart/form-data; boundary=b");
    EXPECT_EQ(call.body, Replaced(ModelFirst(), "edge/whisper", "whisper"));
    EXPECT_EQ(call.length, call.body.size());
    const ledger::Record record = rig.Records().back().record;
    EXPECT_EQ(record.usage.input_milliseconds, 7000);
    EXPECT_EQ(record.request_bytes, call.body.size());
  }
}

LOOP_TEST(Endpoints, AFileMayStandBeforeTheModelWithinBounds) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
  RecordingSink sink;
  SlicedUpload upload(FileFirst(kSound), 5000);
  co_await rig.RunUpload(&upload, &sink);
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(rig.upstream->calls[0].body, Replaced(FileFirst(kSound), "edge/whisper", "whisper"));

  RecordingSink refused;
  SlicedUpload longer(FileFirst(kSound), 5000);
  longer.held = 100'000;
  co_await rig.RunUpload(&longer, &refused);
  EXPECT_EQ(refused.status, 413);
  EXPECT_NE(refused.body.find("send model first"), refused.body.npos) << refused.body;
  EXPECT_LT(longer.read(), 110'000U);

  RecordingSink named;
  rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
  SlicedUpload with_hint(FileFirst(kSound), 5000);
  with_hint.held = 100'000;
  co_await rig.RunUpload(&with_hint, &named, {.model = "edge/other"});
  EXPECT_EQ(named.status, 200) << named.body;
  EXPECT_EQ(rig.upstream->calls[1].body, Replaced(FileFirst(kSound), "edge/whisper", "other"));
  EXPECT_FALSE(rig.upstream->calls[1].length) << "nobody knows it before the model has come";
}

LOOP_TEST(Endpoints, AFormWithoutAModelGetsTheOneOfTheHint) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
  RecordingSink sink;
  SlicedUpload upload(std::string(kFileHead) + kSound + std::string(kEnd), 5000);
  co_await rig.RunUpload(&upload, &sink, {.model = "edge/other"});
  EXPECT_EQ(sink.status, 200) << sink.body;
  EXPECT_TRUE(rig.upstream->calls[0].body.ends_with(
      "\r\n--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nother\r\n--b--\r\n"));
}

LOOP_TEST(Endpoints, FormsThatAreNoneAreRefused) {
  const std::string twice = std::string(kModelPart).append(ModelFirst());
  const std::string late = std::string(kModelPart).append(FileFirst(kSound));
  for (const std::string& form : {std::string("x"), std::string(kModelPart), twice, late,
                                  std::string(kFileHead) + "x" + std::string(kEnd)}) {
    GatewayRig rig(loop);
    rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
    RecordingSink sink;
    SlicedUpload upload(form, 5000);
    co_await rig.RunUpload(&upload, &sink);
    EXPECT_EQ(sink.status, 400) << form.substr(0, 100);
    EXPECT_TRUE(sink.provider.empty() || rig.Story() == "intent 1, cancelled 1 0")
        << form.substr(0, 100);
  }
}

LOOP_TEST(Endpoints, AClientThatLeavesInMidUploadIsNobodysFault) {
  GatewayRig rig(loop);
  rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
  RecordingSink sink;
  SlicedUpload upload(ModelFirst(), 5000);
  upload.fail_at = 100'000;
  co_await rig.RunUpload(&upload, &sink);
  EXPECT_FALSE(sink.whole || sink.begun);
  EXPECT_EQ(rig.Story(), "intent 1, cancelled 1 0");
}

const execution::RetryOptions kTwice{.attempts = 2};

LOOP_TEST(Endpoints, AnotherAttemptAsLongAsTheFileHasNotGone) {
  for (const bool gone : {false, true}) {
    GatewayRig rig(loop, {}, {.ring_bytes = 1024 * 1024}, kTwice);
    FakeAnswer first{.status = 503, .pieces = {R"({"error":{"message":"busy"}})"}};
    if (!gone) {
      first.send_error = core::Error{core::ErrorCode::kConnectFailed, "no", {}, {}};
    }
    rig.upstream->answers.push_back(first);
    rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
    RecordingSink sink;
    SlicedUpload upload(Replaced(ModelFirst(), "edge/whisper", "fast"), 5000);
    co_await rig.RunUpload(&upload, &sink);
    EXPECT_EQ(sink.status, gone ? 503 : 200) << sink.body;
    EXPECT_EQ(rig.upstream->calls.size(), gone ? 1U : 2U);
  }
}

LOOP_TEST(Endpoints, AShortFormIsHeldWhole) {
  GatewayRig rig(loop, {}, {.ring_bytes = 1024 * 1024}, kTwice);
  rig.upstream->answers.push_back({.status = 503, .pieces = {"{}"}});
  rig.upstream->answers.push_back({.pieces = {std::string(kTranscript)}});
  RecordingSink sink;
  const std::string form = Replaced(
      std::string(kModelPart).append(kFileHead).append("xyz").append(kEnd), "edge/whisper", "fast");
  SlicedUpload upload(form, 50);
  co_await rig.RunUpload(&upload, &sink);
  EXPECT_EQ(sink.status, 200) << sink.body;
  EXPECT_EQ(rig.upstream->calls[1].body, Replaced(form, "fast", "large"));
}

}  // namespace
}  // namespace signalbox::gateway
