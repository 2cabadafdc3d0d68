// One client's connection: request after request until one side ends it. Internal to the server.
//
// Owner:   the coroutine that serves it. Threads: the loop's. Errors: none leave it.
// Cancel:  OnHangup and Cancel end the wait that the connection is in.
#pragma once

#include "io/net/server.h"

namespace signalbox::net {

class ServerConnection final : private async::Watch::HangupListener {
 public:
  ServerConnection(Server& server, Socket socket);
  ~ServerConnection();

  bool ok() const { return stream_ != nullptr && stream_->ok(); }
  async::Task<void> Serve();

  // Ends a connection that is between two requests.
  void CloseIfIdle();
  // Ends whatever it is doing.
  void Cancel() { cancellation_.Cancel(); }

  ServerConnection* next() const { return next_; }
  void LinkBefore(ServerConnection* next);
  void UnlinkSelf();

 private:
  void OnHangup(bool broken) override;
  bool HasInput();
  HeadResult ReadHeadNow(RequestHead& head);
  async::Task<HeadResult> ReadHead(RequestHead& head);
  async::Task<bool> ServeRequest(RequestState& state);
  async::Task<void> Refuse(RequestState& state, int status, std::string_view reason);
  async::Task<void> Linger();
  void AnswerPlainHttp();

  Server& server_;
  std::unique_ptr<Stream> stream_;
  async::Cancellation cancellation_;
  Buffer input_;
  std::size_t scanned_ = 0;             // ParseRequestHead's note
  ServerExchange* exchange_ = nullptr;  // while a request is served
  bool idle_ = false;
  ServerConnection* next_ = nullptr;
  ServerConnection* previous_ = nullptr;
};

}  // namespace signalbox::net
