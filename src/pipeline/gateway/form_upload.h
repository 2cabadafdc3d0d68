// A form with a file on its way through: read far enough to know the model, then passed on as it
// comes, with the model's name changed and nothing else.
//
// Owner:   the run; `from` outlives it.
// Threads: the worker's.
// Errors:  kInvalidRequest for a form that is malformed, has two models or none within reach;
//          kPayloadTooLarge when too much stands before the model; what `from` answers.
// Cancel:  `from`'s.
//
// What was read to find the model is held, so that it can be sent to another upstream as well. Once
// more has been read (spent), there is no other.
#pragma once

#include <optional>
#include <string>

#include "io/net/multipart.h"
#include "pipeline/request/call.h"
#include "vendors/providers/upstream.h"

namespace signalbox::gateway {

class FormUpload final : public providers::BodySource {
 public:
  explicit FormUpload(request::Upload& from) : from_(from) {}

  // Reads up to the first file, or, where `named` is false, until the model is known.
  async::Task<core::Result<chat::Envelope>> ReadStart(bool named);

  // Sends it from its beginning, to an upstream that knows the model as `model`. Not when spent.
  core::Status Begin(std::string_view model);
  async::Task<core::Result<std::string_view>> Next() override;
  std::optional<std::uint64_t> size() const override { return size_; }

  // For who tells it in another way: held() is its beginning, ReadOn gives the rest (empty at the
  // end), nothing where it is complete(). Not when spent.
  core::Status Rewind() const;
  async::Task<core::Result<std::string_view>> ReadOn();
  std::string_view boundary() const { return boundary_; }
  std::string_view held() const { return held_; }
  bool complete() const { return complete_; }

  bool spent() const { return spent_; }
  std::uint64_t sent() const { return sent_; }

 private:
  core::Status Scan();
  core::Status TakeField();
  bool Enough(bool named) const;
  core::Status Rewrite();

  request::Upload& from_;
  std::string boundary_;
  std::string held_;  // the beginning of the form

  // Finding the model.
  std::optional<net::MultipartReader> scanner_;
  std::size_t scanned_ = 0;  // of held_
  std::string value_;        // of the field that is being read
  std::string model_;
  bool has_model_ = false;  // its part has come to its end
  bool streamed_ = false;
  bool in_file_ = false;
  bool complete_ = false;  // held_ is the whole body

  // Sending.
  std::optional<net::MultipartReader> reader_;
  std::string upstream_model_;
  std::string input_;   // read and not looked at yet
  std::string output_;  // to be sent next
  bool in_model_ = false;
  bool wrote_model_ = false;
  bool spent_ = false;
  bool started_ = false;
  std::optional<std::uint64_t> size_;
  std::uint64_t sent_ = 0;
};

}  // namespace signalbox::gateway
