#include "pipeline/gateway/media_relay.h"

#include "vendors/dialects/openai_chat/media_usage.h"

namespace signalbox::gateway {
namespace {

using chat::Operation;

constexpr std::size_t kLongestEnd = 4;  // CR LF CR LF
constexpr std::size_t kKeptBytes = 16 * 1024;

// speech.audio.done, transcript.text.done, image_generation.completed and their like.
bool IsLast(std::string_view type) {
  return type.ends_with(".done") || type.ends_with(".completed");
}

}  // namespace

bool IsMedia(Operation operation) {
  return operation == Operation::kImages || operation == Operation::kSpeech ||
         operation == Operation::kTranscriptions;
}

void MediaRelay::Take(std::string_view bytes, std::vector<std::string_view>& out) {
  if (bytes.empty()) {
    return;
  }
  out.push_back(bytes);
  if (!events_) {
    spoke_ = true;
    return;
  }
  reader_.Feed(bytes);
  net::SseEvent event;
  while (reader_.Next(event)) {
    Look(event.data);
  }
  if (reader_.oversized() != 0) {  // a large picture, perhaps the last one: nobody looks into it
    spoke_ = complete_ = true;
  }
  end_ += bytes.substr(bytes.size() - std::min(bytes.size(), kLongestEnd));
  end_.erase(0, end_.size() - std::min(end_.size(), kLongestEnd));
  at_boundary_ = end_.ends_with("\n\n") || end_.ends_with("\r\n\r\n");
}

// Sound has no mark at its end: that the body came whole is all there is to know.
void MediaRelay::Finish(std::vector<std::string_view>&) {
  net::SseEvent event;
  if (events_ && reader_.Finish(event)) {
    Look(event.data);
  }
  done_ = !events_ || complete_;
}

void MediaRelay::Break(const wire::ErrorAnswer& error, std::string& out) {
  if (!at_boundary_) {
    out += "\n\n";  // what broke off
  }
  dialect_.NewStreamRenderer(true, {})->RenderError(error, out);
}

void MediaRelay::Look(std::string_view data) {
  if (data.empty()) {
    return;
  }
  if (data == "[DONE]") {
    complete_ = true;
    return;
  }
  const bool matters = data.find(R"(.done")") != data.npos ||
                       data.find(R"(.completed")") != data.npos ||
                       data.find(R"("usage")") != data.npos || data.find(R"("error")") != data.npos;
  if (!matters || !document_.Parse(data, {.unique_keys = false}) || !document_.Root().IsObject()) {
    spoke_ = true;
    return;
  }
  const json::Value root = document_.Root();
  std::string scratch;
  const auto type = root.Find("type");
  const std::string_view name = type ? type->AsText(scratch).value_or("") : std::string_view();
  const auto error = root.Find("error");
  if (name == "error" || (error && !error->IsNull())) {
    failed_ = true;
    error_ = dialect_.ParseError(data);
    document_.Shrink(kKeptBytes);
    return;
  }
  spoke_ = true;
  complete_ |= IsLast(name);
  catalog::Bill bill = openai_chat::ReadMediaBill(root, operation_);
  if (operation_ == Operation::kImages && IsLast(name)) {
    bill.usage.images = std::max<std::int64_t>(bill_.usage.images, 0) + 1;
  }
  if (openai_chat::IsStated(bill)) {
    bill_ = bill;
    stated_ = true;
  }
  document_.Shrink(kKeptBytes);
}

}  // namespace signalbox::gateway
