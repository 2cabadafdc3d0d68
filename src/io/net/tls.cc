#include "io/net/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace signalbox::net {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr std::array<unsigned char, 9> kAlpn = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

std::string LastLibraryError() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) {
    return "unknown error";
  }
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

core::Result<std::unique_ptr<SSL_CTX, SslDeleter>> NewContext(const SSL_METHOD* method) {
  std::unique_ptr<SSL_CTX, SslDeleter> context(SSL_CTX_new(method));
  if (!context) {
    return Fail(ErrorCode::kInternal, "tls: " + LastLibraryError());
  }
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  return context;
}

int SelectAlpn(SSL*, const unsigned char** out, unsigned char* out_size,
               const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kAlpn.data(), kAlpn.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

bool IsAddress(const std::string& host) {
  std::array<unsigned char, 16> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

}  // namespace

void SslDeleter::operator()(SSL* ssl) const {
  SSL_free(ssl);
}
void SslDeleter::operator()(SSL_CTX* context) const {
  SSL_CTX_free(context);
}

core::Result<TlsContext> TlsContext::ForServer(const std::string& cert_file,
                                               const std::string& key_file) {
  SB_TRY(auto context, NewContext(TLS_server_method()));
  if (SSL_CTX_use_certificate_chain_file(context.get(), cert_file.c_str()) != 1) {
    return Fail(ErrorCode::kInvalidRequest,
                "tls: certificate file " + cert_file + ": " + LastLibraryError());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return Fail(ErrorCode::kInvalidRequest,
                "tls: key file " + key_file + ": " + LastLibraryError());
  }
  SSL_CTX_set_alpn_select_cb(context.get(), SelectAlpn, nullptr);
  return TlsContext(std::move(context));
}

core::Result<TlsContext> TlsContext::ForClient(const std::string& ca_file) {
  SB_TRY(auto context, NewContext(TLS_client_method()));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded = ca_file.empty()
                         ? SSL_CTX_set_default_verify_paths(context.get())
                         : SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr);
  if (loaded != 1) {
    return Fail(ErrorCode::kInvalidRequest,
                "tls: authorities " + ca_file + ": " + LastLibraryError());
  }
  SSL_CTX_set_alpn_protos(context.get(), kAlpn.data(), kAlpn.size());
  return TlsContext(std::move(context));
}

core::Result<SslHandle> TlsContext::NewServerSession(int fd) const {
  SslHandle ssl(SSL_new(context_.get()));
  if (!ssl || SSL_set_fd(ssl.get(), fd) != 1) {
    return Fail(ErrorCode::kInternal, "tls: " + LastLibraryError());
  }
  SSL_set_accept_state(ssl.get());
  return ssl;
}

core::Result<SslHandle> TlsContext::NewClientSession(int fd, const std::string& host) const {
  SslHandle ssl(SSL_new(context_.get()));
  if (!ssl || SSL_set_fd(ssl.get(), fd) != 1) {
    return Fail(ErrorCode::kInternal, "tls: " + LastLibraryError());
  }
  SSL_set_connect_state(ssl.get());
  const bool address = IsAddress(host);
  const int named = address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str())
                            : SSL_set1_host(ssl.get(), host.c_str());
  if (named != 1 || (!address && SSL_set_tlsext_host_name(ssl.get(), host.c_str()) != 1)) {
    return Fail(ErrorCode::kInternal, "tls: host name refused");
  }
  return ssl;
}

std::string TlsErrorText(SSL* ssl) {
  const long verify = SSL_get_verify_result(ssl);
  if (verify != X509_V_OK) {
    ERR_clear_error();
    return std::string("the peer's certificate was refused: ") +
           X509_verify_cert_error_string(verify);
  }
  return LastLibraryError();
}

}  // namespace signalbox::net
