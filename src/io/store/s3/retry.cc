#include "io/store/s3/retry.h"

#include <algorithm>

namespace signalbox::s3 {

bool MayPass(int status, std::string_view error_code) {
  switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    case 400:
      return error_code == "RequestTimeout";
    case 409:
      return error_code == "OperationAborted" || error_code == "ConditionalRequestConflict";
    default:
      return false;
  }
}

std::optional<std::chrono::milliseconds> NextTry(const RetryPolicy& policy, int tries_made,
                                                 std::chrono::seconds retry_after, double draw) {
  if (tries_made >= policy.tries) {
    return std::nullopt;
  }
  std::chrono::milliseconds most = policy.first;
  for (int i = 1; i < tries_made && most < policy.longest; ++i) {
    most *= 2;
  }
  most = std::min(most, policy.longest);
  const std::chrono::milliseconds wait(static_cast<std::int64_t>(draw * most.count()));
  return std::max<std::chrono::milliseconds>(
      wait, std::min<std::chrono::milliseconds>(retry_after, policy.longest));
}

}  // namespace signalbox::s3
