// TLS by OpenSSL: who we are, whom we believe.
//
// Owner:   a TlsContext is shared by the workers (its handle is reference-counted and read-only
// once
//          made); a TlsSession belongs to one connection.
// Threads: a context any; a session its connection's.
// Errors:  Create says which file or setting is wrong. Handshake errors name the reason (expired,
//          wrong name, unknown authority). There is no fallback to plain.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/core/time.h"

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace signalbox::net {

struct SslDeleter {
  void operator()(SSL* ssl) const;
  void operator()(SSL_CTX* context) const;
};
using SslHandle = std::unique_ptr<SSL, SslDeleter>;

class TlsContext {
 public:
  // For servers: a certificate chain and its key, both PEM files.
  static core::Result<TlsContext> ForServer(const std::string& cert_file,
                                            const std::string& key_file);
  // For clients: the system's authorities, or only those in `ca_file` when it is not empty.
  static core::Result<TlsContext> ForClient(const std::string& ca_file);

  // When a server's certificate ends; nullopt: it has none.
  std::optional<core::WallTime> Expires() const;

  // A session on `fd`. A client checks that the peer's certificate is for `host` (name or address).
  core::Result<SslHandle> NewServerSession(int fd) const;
  core::Result<SslHandle> NewClientSession(int fd, const std::string& host) const;

 private:
  explicit TlsContext(std::unique_ptr<SSL_CTX, SslDeleter> context)
      : context_(std::move(context)) {}

  std::unique_ptr<SSL_CTX, SslDeleter> context_;
};

// Why the last operation of this thread on `ssl` failed, for people.
std::string TlsErrorText(SSL* ssl);
// Whether the last operation of this thread failed because a client sent plain HTTP; before
// TlsErrorText.
bool GotPlainHttp();

}  // namespace signalbox::net
