#include "io/store/s3/client.h"

#include "base/core/random.h"
#include "io/store/s3/errors.h"

namespace signalbox::s3 {
namespace {

using core::ErrorCode;
using std::chrono::milliseconds;

TransportOptions TransportOf(const S3Options& options) {
  return {.connect_timeout = std::chrono::ceil<milliseconds>(options.connect_timeout),
          .stall_timeout = std::chrono::ceil<milliseconds>(options.stall_timeout),
          .ca_file = options.ca_file};
}

bool IsTransport(const core::Error& error) {
  return error.code == ErrorCode::kConnectFailed || error.code == ErrorCode::kUpstreamFailed;
}

}  // namespace

Client::Client(const S3Options& options, const RetryPolicy& policy, Clock clock)
    : place_(Place::Of(options)),
      credentials_{.access_key_id = options.access_key_id,
                   .secret_access_key = options.secret_access_key.Reveal(),
                   .session_token = options.session_token.Reveal(),
                   .region = options.region,
                   .service = "s3"},
      policy_(policy),
      clock_(clock),
      transport_(TransportOf(options)) {}

core::Result<Answer> Client::Try(const Request& request, const Transport::Sink& sink) {
  return transport_.Send(request.method, Sign(request, place_, credentials_, clock_()),
                         request.body, sink);
}

core::Result<Answer> Client::Send(const Request& request, bool* uncertain) {
  for (int tries = 1;; ++tries) {
    auto answer = Try(request, {});
    if (answer && IsGood(*answer)) {
      return answer;
    }
    const bool may_pass = MayPass(answer);
    if (uncertain != nullptr && (may_pass || (answer && answer->resent))) {
      *uncertain = true;
    }
    core::Error error = answer ? ErrorOf(*answer) : answer.error();
    if (!may_pass) {
      return std::unexpected(std::move(error));
    }
    if (!WaitForTry(tries, error.retry_after)) {
      error.code = stopped() ? ErrorCode::kCancelled : ErrorCode::kUnavailable;
      return std::unexpected(std::move(error));
    }
  }
}

bool Client::WaitForTry(int tries_made, std::chrono::seconds retry_after) {
  const auto wait = NextTry(policy_, tries_made, retry_after, core::Random().Draw());
  return wait && transport_.Sleep(*wait);
}

bool MayPass(const core::Result<Answer>& answer) {
  if (!answer) {
    return IsTransport(answer.error());
  }
  const std::string code = CodeOf(*answer);
  return answer->status == 200 ? !code.empty() : MayPass(answer->status, code);
}

}  // namespace signalbox::s3
