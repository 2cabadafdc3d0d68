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

struct Asn1Deleter {
  void operator()(ASN1_TIME* time) const { ASN1_TIME_free(time); }
};
using Asn1Time = std::unique_ptr<ASN1_TIME, Asn1Deleter>;

constexpr std::array<unsigned char, 9> kAlpn = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// The system's, where the library tells of one: a file that cannot be opened leaves "system lib"
// behind it.
std::string LastLibraryError() {
  unsigned long code = 0;
  for (unsigned long next = ERR_get_error(); next != 0 && !ERR_SYSTEM_ERROR(code);
       next = ERR_get_error()) {
    code = next;
  }
  ERR_clear_error();
  if (code == 0) {
    return "unknown error";
  }
  if (ERR_SYSTEM_ERROR(code)) {
    return core::ErrnoMessage(ERR_GET_REASON(code));
  }
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(ERR_GET_REASON(code));
}

// What to do about a certificate that is not believed.
std::string_view CertificateAdvice(long verified) {
  switch (verified) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "; it must be renewed where it is used, unless the clock of this machine is wrong";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "; is the clock of this machine right?";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "; use one of the names that it is for";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "; if it is one of your own, name the file of its authority (ca)";
    default:
      return "";
  }
}

// Whether what came is no TLS, by the reason that the library gives.
bool IsNoTls(unsigned long code) {
  switch (ERR_GET_REASON(code)) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
      return ERR_GET_LIB(code) == ERR_LIB_SSL;
    default:
      return false;
  }
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
                "tls: certificate file " + cert_file + ": " + LastLibraryError() +
                    "; it must be a readable PEM file with the certificate first");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return Fail(ErrorCode::kInvalidRequest,
                "tls: key file " + key_file + ": " + LastLibraryError() +
                    "; it must be the readable PEM file of the certificate's key");
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

std::optional<core::WallTime> TlsContext::Expires() const {
  const X509* certificate = SSL_CTX_get0_certificate(context_.get());
  int days = 0;
  int seconds = 0;
  const Asn1Time epoch(ASN1_TIME_set(nullptr, 0));
  if (certificate == nullptr || !epoch ||
      ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(certificate)) != 1) {
    return std::nullopt;
  }
  return core::WallTime(std::chrono::days(days) + std::chrono::seconds(seconds));
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
           X509_verify_cert_error_string(verify) + std::string(CertificateAdvice(verify));
  }
  const bool no_tls = IsNoTls(ERR_peek_last_error());
  return LastLibraryError() + (no_tls ? "; does the peer speak TLS there, or plain http?" : "");
}

bool GotPlainHttp() {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST;
}

}  // namespace signalbox::net
