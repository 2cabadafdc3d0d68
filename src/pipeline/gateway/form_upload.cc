#include "pipeline/gateway/form_upload.h"

#include <fmt/format.h>

namespace signalbox::gateway {
namespace {

using core::ErrorCode;
using core::Fail;
using core::Result;
using core::Status;
using Kind = net::MultipartReader::Kind;

constexpr std::size_t kLongestField = 1024;  // of those that are looked at
// A form that is no longer than this is held whole, so that it can go to any number of upstreams.
constexpr std::uint64_t kShortForm = 64 * 1024;

// Whether the way looks at what a field says.
bool IsRead(std::string_view name) {
  return name == "model" || name == "stream";
}

std::unexpected<core::Error> Malformed(std::string_view problem) {
  return Fail(ErrorCode::kInvalidRequest, std::string(problem));
}

}  // namespace

async::Task<Result<chat::Envelope>> FormUpload::ReadStart(bool named) {
  const auto boundary = net::FormBoundary(from_.content_type);
  if (!boundary) {
    co_return Fail(ErrorCode::kInvalidRequest,
                   "content-type: multipart/form-data with its boundary was expected");
  }
  boundary_ = *boundary;
  scanner_.emplace(boundary_);
  while (true) {
    SB_CO_CHECK_OK(Scan());
    if (Enough(named)) {
      break;
    }
    if (held_.size() >= from_.held) {
      co_return Fail(ErrorCode::kPayloadTooLarge,
                     fmt::format("model: the file stands before it and has more than {} bytes; "
                                 "send model first, or name it in the field x-signalbox-model",
                                 from_.held),
                     "model");
    }
    SB_CO_TRY(const std::string_view bytes, co_await from_.Read());
    held_ += bytes;
    complete_ = bytes.empty();
    if (complete_ && !scanner_->ended()) {
      co_return Malformed("the form is cut short");
    }
  }
  if (!has_model_ && !named) {
    co_return Fail(ErrorCode::kInvalidRequest, "model: the name of a model was expected", "model");
  }
  chat::Envelope out;
  out.operation = chat::Operation::kTranscriptions;
  out.model = model_;
  out.stream = streamed_;
  out.wants_usage = true;
  co_return out;
}

bool FormUpload::Enough(bool named) const {
  if (complete_ || scanner_->ended() || (from_.length && *from_.length <= kShortForm)) {
    return complete_;
  }
  return in_file_ && (has_model_ || named);
}

// Looks at what is held and new.
Status FormUpload::Scan() {
  while (true) {
    const std::string_view rest = std::string_view(held_).substr(scanned_);
    const net::MultipartReader::Step step = scanner_->Next(rest);
    scanned_ += step.consumed;
    switch (step.kind) {
      case Kind::kNeedMore:
        return {};
      case Kind::kBad:
        return Malformed(scanner_->problem());
      case Kind::kHead:
        value_.clear();
        in_file_ = in_file_ || scanner_->is_file();
        break;
      case Kind::kData:
        if (IsRead(scanner_->name())) {
          value_ += rest.substr(0, step.consumed);
          if (value_.size() > kLongestField) {
            return Fail(ErrorCode::kInvalidRequest, scanner_->name() + ": it is too long",
                        scanner_->name());
          }
        }
        break;
      case Kind::kPartEnd:
      case Kind::kEnd:
        SB_CHECK_OK(TakeField());
        break;
      case Kind::kRest:
        break;
    }
  }
}

Status FormUpload::TakeField() {
  if (scanner_->name() == "stream") {
    streamed_ = value_ == "true" || value_ == "True" || value_ == "1";
  }
  if (scanner_->name() != "model") {
    return {};
  }
  if (has_model_ || scanner_->is_file() || value_.empty()) {
    return Fail(ErrorCode::kInvalidRequest, "model: the name of one model was expected", "model");
  }
  model_ = value_;
  has_model_ = true;
  return {};
}

Status FormUpload::Rewind() const {
  return spent_ ? Fail(ErrorCode::kUpstreamFailed, "the file has gone to another upstream already")
                : Status();
}

async::Task<Result<std::string_view>> FormUpload::ReadOn() {
  SB_CO_TRY(const std::string_view bytes, co_await from_.Read());
  spent_ = spent_ || !bytes.empty();
  co_return bytes;
}

Status FormUpload::Begin(std::string_view model) {
  SB_CHECK_OK(Rewind());
  reader_.emplace(boundary_);
  upstream_model_ = model;
  input_ = held_;
  output_.clear();
  in_model_ = wrote_model_ = started_ = false;
  sent_ = 0;
  size_.reset();
  SB_CHECK_OK(Rewrite());
  if (complete_) {
    size_ = output_.size() + input_.size();
  } else if (from_.length && wrote_model_ && !in_model_) {
    size_ = output_.size() + input_.size() + *from_.length - held_.size();
  }
  return {};
}

// Takes from the input what can be told, to the output.
Status FormUpload::Rewrite() {
  std::size_t at = 0;
  while (true) {
    const std::string_view rest = std::string_view(input_).substr(at);
    const net::MultipartReader::Step step = reader_->Next(rest);
    if (step.kind == Kind::kNeedMore) {
      break;
    }
    if (step.kind == Kind::kBad) {
      return Malformed(reader_->problem());
    }
    const bool skipped = step.kind == Kind::kData && in_model_;
    if (step.kind == Kind::kEnd && !wrote_model_) {
      output_ += fmt::format("\r\n--{}\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\n{}",
                             boundary_, upstream_model_);
      wrote_model_ = true;
    }
    if (!skipped) {
      output_ += rest.substr(0, step.consumed);
    }
    if (step.kind == Kind::kHead && reader_->name() == "model") {
      if (wrote_model_ || reader_->is_file()) {
        return Fail(ErrorCode::kInvalidRequest, "model: the name of one model was expected",
                    "model");
      }
      output_ += upstream_model_;
      in_model_ = wrote_model_ = true;
    } else if (step.kind == Kind::kPartEnd || step.kind == Kind::kEnd) {
      in_model_ = false;
    }
    at += step.consumed;
  }
  input_.erase(0, at);
  return {};
}

async::Task<Result<std::string_view>> FormUpload::Next() {
  if (!started_) {
    started_ = true;
    if (!output_.empty()) {
      sent_ += output_.size();
      co_return std::string_view(output_);
    }
  }
  output_.clear();
  while (output_.empty() && !complete_) {
    SB_CO_TRY(const std::string_view bytes, co_await ReadOn());
    if (bytes.empty()) {
      if (!reader_->ended()) {
        co_return Malformed("the form is cut short");
      }
      co_return std::string_view();
    }
    input_ += bytes;
    SB_CO_CHECK_OK(Rewrite());
  }
  sent_ += output_.size();
  co_return std::string_view(output_);
}

}  // namespace signalbox::gateway
