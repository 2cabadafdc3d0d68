// A caller's form with a file of sound, told as an upstream takes it: the file as it is, or as
// Base64 inside JSON, on its way through.
//
// Owner:   the run; the form outlives it.
// Threads: the worker's.
// Errors:  kInvalidRequest for a form that is malformed, has no file or two, or asks for what the
//          upstream has no word for; what the form's caller answers.
// Cancel:  the form's.
//
// Nothing of the file is held beyond what FormUpload holds to find the model. Fields behind the
// file are read when they come.
#pragma once

#include <optional>
#include <string>

#include "io/net/multipart.h"
#include "pipeline/gateway/form_upload.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gateway {

class SoundUpload final : public providers::BodySource {
 public:
  // `from` is the caller's dialect, `to` the upstream's.
  SoundUpload(FormUpload& form, const wire::Dialect& from, const wire::Dialect& to)
      : form_(form), from_(from), to_(to) {}

  // Tells it from its beginning. Not when the form is spent.
  core::Status Begin(std::string_view model, bool translate);
  async::Task<core::Result<std::string_view>> Next() override;
  // Known where the form is held whole.
  std::optional<std::uint64_t> size() const override { return size_; }

  // What the file goes on as; valid after Begin.
  const std::string& content_type() const { return told_.content_type; }
  // The fields, and the names of those that are not told; whole after the last Next.
  const chat::TranscriptionRequest& request() const { return request_; }
  const std::string& dropped() const { return dropped_; }
  std::uint64_t sent() const { return sent_; }

 private:
  core::Status Take();
  core::Status BeginPart();
  core::Status EndPart();
  core::Status Finish();
  core::Status AddField(std::string_view bytes);
  void AddSound(std::string_view bytes);

  FormUpload& form_;
  const wire::Dialect& from_;
  const wire::Dialect& to_;
  chat::TranscriptionRequest request_;
  wire::SoundForm told_;
  std::optional<net::MultipartReader> reader_;
  std::string input_;   // read and not looked at yet
  std::string output_;  // to be sent next
  std::string value_;   // of the field that is being read
  std::string carry_;   // of the file: less than three bytes, for Base64
  std::string dropped_;
  bool in_file_ = false;
  bool has_file_ = false;
  bool finished_ = false;
  bool started_ = false;
  std::optional<std::uint64_t> size_;
  std::uint64_t sent_ = 0;
};

}  // namespace signalbox::gateway
