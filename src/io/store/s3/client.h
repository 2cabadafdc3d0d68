// Requests to one bucket: signed, sent, and sent again when what went wrong may pass.
//
// Owner:   an S3. Threads: any that may block.
// Errors:  kConnectFailed and kUpstreamFailed become kUnavailable once all tries are used up;
//          others as ErrorOf.
// Cancel:  Stop.
#pragma once

#include "io/store/s3/options.h"
#include "io/store/s3/retry.h"
#include "io/store/s3/transport.h"

namespace signalbox::s3 {

class Client {
 public:
  using Clock = core::WallTime (*)();

  Client(const S3Options& options, const RetryPolicy& policy, Clock clock);

  // A good answer, or an error. `uncertain` is set when a try failed that may have taken effect.
  core::Result<Answer> Send(const Request& request, bool* uncertain = nullptr);
  // One try. Any answer, or an error of the transport.
  core::Result<Answer> Try(const Request& request, const Transport::Sink& sink);
  // Waits before the next try; false when there is none, because all are used up or by Stop.
  bool WaitForTry(int tries_made, std::chrono::seconds retry_after);

  bool stopped() const { return transport_.stopped(); }
  void Stop() { transport_.Stop(); }

 private:
  Place place_;
  net::AwsCredentials credentials_;
  RetryPolicy policy_;
  Clock clock_;
  Transport transport_;
};

// Whether a request may fare better the next time.
bool MayPass(const core::Result<Answer>& answer);

}  // namespace signalbox::s3
