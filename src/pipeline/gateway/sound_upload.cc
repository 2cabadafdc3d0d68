#include "pipeline/gateway/sound_upload.h"

#include "base/core/base64.h"
#include "pipeline/gateway/translator.h"

namespace signalbox::gateway {
namespace {

using core::ErrorCode;
using core::Fail;
using core::Result;
using core::Status;
using Kind = net::MultipartReader::Kind;

constexpr std::size_t kLongestField = 64 * 1024;
constexpr std::size_t kBase64Group = 3;

Status Wrong(std::string_view name, std::string_view problem) {
  return Fail(ErrorCode::kInvalidRequest, std::string(name).append(": ").append(problem),
              std::string(name));
}

}  // namespace

Status SoundUpload::Begin(std::string_view model, bool translate) {
  SB_CHECK_OK(form_.Rewind());
  request_.model = model;
  request_.translate = translate;
  reader_.emplace(form_.boundary());
  input_ = form_.held();
  SB_CHECK_OK(Take());
  if (form_.complete()) {
    if (!finished_) {
      return Fail(ErrorCode::kInvalidRequest, "the form is cut short");
    }
    size_ = output_.size();
  }
  return {};
}

// Takes from the input what can be told, to the output.
Status SoundUpload::Take() {
  std::size_t at = 0;
  while (true) {
    const std::string_view rest = std::string_view(input_).substr(at);
    const net::MultipartReader::Step step = reader_->Next(rest);
    switch (step.kind) {
      case Kind::kNeedMore:
        input_.erase(0, at);
        return {};
      case Kind::kBad:
        return Fail(ErrorCode::kInvalidRequest, std::string(reader_->problem()));
      case Kind::kHead:
        SB_CHECK_OK(BeginPart());
        break;
      case Kind::kData:
        SB_CHECK_OK(AddField(rest.substr(0, step.consumed)));
        break;
      case Kind::kPartEnd:
        SB_CHECK_OK(EndPart());
        break;
      case Kind::kEnd:
        SB_CHECK_OK(EndPart());
        SB_CHECK_OK(Finish());
        break;
      case Kind::kRest:
        break;
    }
    at += step.consumed;
  }
}

Status SoundUpload::BeginPart() {
  value_.clear();
  in_file_ = reader_->is_file();
  if (!in_file_) {
    return {};
  }
  if (has_file_ || reader_->name() != "file") {
    return Wrong(reader_->name(), "one file called file was expected");
  }
  has_file_ = true;
  request_.file_name = reader_->file_name();
  request_.file_type = reader_->part_type();
  SB_TRY(told_, to_.RenderTranscriptionStart(request_));
  output_ += told_.before;
  return {};
}

Status SoundUpload::AddField(std::string_view bytes) {
  if (in_file_) {
    AddSound(bytes);
    return {};
  }
  value_ += bytes;
  return value_.size() > kLongestField ? Wrong(reader_->name(), "it is too long") : Status();
}

void SoundUpload::AddSound(std::string_view bytes) {
  if (!told_.base64) {
    output_ += bytes;
    return;
  }
  if (!carry_.empty()) {
    const std::size_t missing = std::min(kBase64Group - carry_.size(), bytes.size());
    carry_ += bytes.substr(0, missing);
    bytes.remove_prefix(missing);
    if (carry_.size() < kBase64Group) {
      return;
    }
    core::AppendBase64(carry_, output_);
    carry_.clear();
  }
  const std::size_t whole = bytes.size() - bytes.size() % kBase64Group;
  core::AppendBase64(bytes.substr(0, whole), output_);
  carry_ = bytes.substr(whole);
}

Status SoundUpload::EndPart() {
  if (!in_file_) {
    return from_.ReadTranscriptionField(reader_->name(), value_, request_);
  }
  in_file_ = false;
  if (!carry_.empty()) {
    core::AppendBase64(carry_, output_);
    carry_.clear();
  }
  return {};
}

Status SoundUpload::Finish() {
  if (!has_file_) {
    return Wrong("file", "a file was expected");
  }
  SB_TRY(const wire::RenderedRequest end, to_.RenderTranscriptionEnd(request_, told_));
  output_ += end.body;
  dropped_ = Joined(end.dropped);
  finished_ = true;
  return {};
}

async::Task<Result<std::string_view>> SoundUpload::Next() {
  if (started_) {
    output_.clear();
  }
  started_ = true;
  while (output_.empty() && !form_.complete()) {
    SB_CO_TRY(const std::string_view bytes, co_await form_.ReadOn());
    if (bytes.empty()) {
      if (!finished_) {
        co_return Fail(ErrorCode::kInvalidRequest, "the form is cut short");
      }
      break;
    }
    input_ += bytes;
    SB_CO_CHECK_OK(Take());
  }
  sent_ += output_.size();
  co_return std::string_view(output_);
}

}  // namespace signalbox::gateway
