// Statements of a connection: prepared once for each list of types, and sent.
#include <fmt/format.h>

#include <algorithm>

#include "io/store/postgres/connection.h"
#include "io/store/postgres/parameters.h"
#include "io/store/text.h"

namespace signalbox::store::postgres {
namespace {

using core::ErrorCode;

// Numbered statements have a text for each number: beyond this many all are forgotten, here and by
// the server.
constexpr std::size_t kMostPrepared = 500;

// Parameters in binary form, as libpq takes them.
class Encoded {
 public:
  Encoded(Params params, const std::vector<Oid>& types) {
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i < params.size(); ++i) {
      const bool null = std::holds_alternative<std::monostate>(params[i]);
      fits_ = (null || AppendValue(bytes_, params[i], types[i])) && fits_;
      ends.push_back(bytes_.size());
    }
    for (std::size_t i = 0, start = 0; i < params.size(); start = ends[i++]) {
      const bool null = std::holds_alternative<std::monostate>(params[i]);
      values.push_back(null ? nullptr : bytes_.data() + start);
      lengths.push_back(static_cast<int>(ends[i] - start));
      formats.push_back(1);
    }
  }
  bool fits() const { return fits_; }

  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  std::string bytes_;
  bool fits_ = true;
};

bool Fit(const std::vector<Oid>& types, Params params) {
  return std::ranges::equal(types, params, [](Oid type, const Param& param) {
    return std::holds_alternative<std::monostate>(param) || TypeOf(param) == type;
  });
}

core::Status CheckTexts(Params params, std::string_view name) {
  for (std::size_t i = 0; i < params.size(); ++i) {
    const auto* text = std::get_if<std::string_view>(&params[i]);
    if (text != nullptr && !IsStorableText(*text)) {
      return core::Fail(
          ErrorCode::kInvalidRequest,
          fmt::format("{}: parameter {} is not text (UTF-8 without NUL)", name, i + 1));
    }
  }
  return {};
}

}  // namespace

const Prepared* Connection::Known(const std::string& text, Params params) const {
  const auto variants = prepared_.find(text);
  if (variants == prepared_.end()) {
    return nullptr;
  }
  const auto one = std::ranges::find_if(
      variants->second, [params](const Prepared& prepared) { return Fit(prepared.types, params); });
  return one == variants->second.end() ? nullptr : &*one;
}

core::Result<const Prepared*> Connection::Prepare(const std::string& text, Params params) {
  if (const Prepared* known = Known(text, params)) {
    return known;
  }
  if (prepared_.size() >= kMostPrepared) {
    SB_CHECK_OK(Do("DEALLOCATE ALL"));
    prepared_.clear();
  }
  SB_TRY(auto types, FindTypes(text, params));
  Prepared made{fmt::format("s{}", ++statements_), std::move(types)};
  if (PQsendPrepare(handle_.get(), made.name.c_str(), text.c_str(),
                    static_cast<int>(made.types.size()), made.types.data()) == 0) {
    return std::unexpected(Lost());
  }
  SB_TRY(const Answer ready, Finish());
  return &prepared_[text].emplace_back(std::move(made));
}

// What is null has no type of its own: then the server says what it takes there.
core::Result<std::vector<Oid>> Connection::FindTypes(const std::string& text, Params params) {
  const ParameterUses uses = FindParameters(text);
  if (uses.gap || uses.values.size() != params.size()) {
    return core::Fail(
        ErrorCode::kInternal,
        fmt::format("{}: a statement takes {} parameters{} and was given {}", name_,
                    uses.values.size(), uses.gap ? ", with a gap," : "", params.size()));
  }
  std::vector<Oid> types;
  for (std::size_t i = 0; i < params.size(); ++i) {
    types.push_back(uses.values[i] == 0 && TypeOf(params[i]) == 0 ? kText : TypeOf(params[i]));
  }
  if (std::ranges::find(types, Oid{0}) == types.end()) {
    return types;
  }
  if (PQsendPrepare(handle_.get(), "", uses.without_null_tests.c_str(),
                    static_cast<int>(types.size()), types.data()) == 0) {
    return std::unexpected(Lost());
  }
  SB_TRY(const Answer ready, Finish());
  if (PQsendDescribePrepared(handle_.get(), "") == 0) {
    return std::unexpected(Lost());
  }
  SB_TRY(const Answer described, Finish());
  for (std::size_t i = 0; i < types.size(); ++i) {
    types[i] = OurType(PQparamtype(described.get(), static_cast<int>(i)));
  }
  return types;
}

core::Status Connection::Send(const Prepared& prepared, Params params) {
  SB_CHECK_OK(CheckTexts(params, name_));
  const Encoded encoded(params, prepared.types);
  if (!encoded.fits()) {
    return core::Fail(ErrorCode::kInternal, name_ + ": a parameter's type does not fit");
  }
  if (PQsendQueryPrepared(handle_.get(), prepared.name.c_str(), static_cast<int>(params.size()),
                          encoded.values.data(), encoded.lengths.data(), encoded.formats.data(),
                          1) == 0) {
    return std::unexpected(Lost());
  }
  return {};
}

core::Result<std::vector<Oid>> Connection::Columns(const std::string& select) {
  if (const auto known = columns_.find(select); known != columns_.end()) {
    return known->second;
  }
  SB_TRY(const Answer answer, RunOnce(select));
  std::vector<Oid> types;
  for (int i = 0; i < PQnfields(answer.get()); ++i) {
    types.push_back(PQftype(answer.get(), i));
  }
  columns_[select] = types;
  return types;
}

}  // namespace signalbox::store::postgres
