#include "io/store/postgres/error.h"

#include <fmt/format.h>

namespace signalbox::store::postgres {
namespace {

using core::ErrorCode;

core::Error Make(ErrorCode code, std::string_view name, std::string_view what) {
  return {code, fmt::format("{}: {}", name, what), {}, {}};
}

// States that a class does not say enough about.
bool MapOne(std::string_view state, std::string_view primary, std::string_view name,
            Trouble& trouble) {
  if (state == "40001" || state == "40P01") {
    trouble.error = Make(ErrorCode::kUnavailable, name, primary);
    trouble.again = true;
  } else if (state == "57014") {
    trouble.error =
        Make(ErrorCode::kDeadlineExceeded, name, "a statement took longer than allowed");
  } else if (state == "55P03") {
    trouble.error =
        Make(ErrorCode::kUnavailable, name, "another transaction holds a lock too long");
  } else if (state == "25006") {
    trouble.error = Make(ErrorCode::kUnavailable, name,
                         "it is read-only: a standby, or set so; write to the primary");
    trouble.leave = true;
  } else if (state == "53300" || state == "57P03") {  // too many clients; starting or stopping
    trouble.error = Make(ErrorCode::kUnavailable, name, primary);
    trouble.full = true;
  } else if (state == "53100") {
    trouble.error = Make(ErrorCode::kUnavailable, name, "no space is left on the server's disk");
  } else if (state == "42501") {
    trouble.error = Make(ErrorCode::kInternal, name,
                         fmt::format("{}: grant the user what it needs on the schema", primary));
  } else {
    return false;
  }
  return true;
}

}  // namespace

Trouble MapState(std::string_view state, std::string_view primary, std::string_view name) {
  Trouble trouble;
  if (MapOne(state, primary, name, trouble)) {
    return trouble;
  }
  const std::string_view group = state.substr(0, 2);
  if (group == "23") {
    trouble.error = Make(ErrorCode::kConflict, name, primary);
  } else if (group == "22" || group == "54") {  // the message would hold the value
    trouble.error = Make(ErrorCode::kInvalidRequest, name,
                         fmt::format("a value does not fit its column ({})", state));
  } else if (group == "57" || group == "08") {
    trouble.error = Make(ErrorCode::kUnavailable, name, primary);
    trouble.leave = true;
  } else if (group == "53" || group == "58" || group == "28" || group == "3D") {
    trouble.error = Make(ErrorCode::kUnavailable, name, primary);
  } else if (state == "XX001" || state == "XX002") {
    trouble.error = Make(ErrorCode::kInternal, name,
                         fmt::format("its files are damaged ({}): restore a backup", primary));
  } else {
    trouble.error = Make(ErrorCode::kInternal, name, primary);
  }
  return trouble;
}

}  // namespace signalbox::store::postgres
