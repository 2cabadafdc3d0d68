#include "vendors/providers/sim/form_summary.h"

namespace signalbox::sim {
namespace {

using Kind = net::MultipartReader::Kind;

constexpr std::size_t kLongestField = 64 * 1024;

}  // namespace

FormSummary::FormSummary(std::string_view content_type)
    : reader_(net::FormBoundary(content_type).value_or("")) {
  if (!net::FormBoundary(content_type)) {
    problem_ = "multipart/form-data was expected";
  }
}

void FormSummary::Feed(std::string_view bytes) {
  held_ += bytes;
  std::size_t at = 0;
  while (problem_.empty()) {
    const std::string_view rest = std::string_view(held_).substr(at);
    const net::MultipartReader::Step step = reader_.Next(rest);
    if (step.kind == Kind::kNeedMore) {
      break;
    }
    if (step.kind == Kind::kBad) {
      problem_ = reader_.problem();
    } else if (step.kind == Kind::kHead && reader_.is_file()) {
      has_file_ = true;
      file_name_ = reader_.file_name();
    } else if (step.kind == Kind::kData) {
      Take(rest.substr(0, step.consumed));
    }
    at += step.consumed;
  }
  held_.erase(0, at);
}

void FormSummary::Take(std::string_view bytes) {
  if (reader_.is_file()) {
    file_bytes_ += bytes.size();
    return;
  }
  std::string& field = fields_[reader_.name()];
  field += bytes;
  if (field.size() > kLongestField) {
    problem_ = reader_.name() + " is too long";
  }
}

std::string_view FormSummary::problem() const {
  return problem_.empty() && !reader_.ended() ? "the form is cut short"
                                              : std::string_view(problem_);
}

std::string_view FormSummary::Get(std::string_view name) const {
  const auto found = fields_.find(name);
  return found == fields_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace signalbox::sim
