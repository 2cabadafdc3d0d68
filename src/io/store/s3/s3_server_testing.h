// A small strict S3 on a free port, for tests: one bucket in memory. It works out every signature
// by itself from the bytes of the request, and refuses what Amazon refuses: unsigned fields, wrong
// hashes, an old date, parts that are too small, unknown parameters.
#pragma once

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/core/base64.h"
#include "io/net/server_testing.h"

namespace signalbox::s3 {

struct S3ServerOptions {
  std::string bucket = "episodes-test";
  std::string region = "eu-test-1";
  std::string access_key_id = "AKIDTEST";
  std::string secret_access_key = "canary-secret-key";
  std::string session_token;  // empty: none is wanted
  std::size_t smallest_part = 5U << 20;
};

// The same words for the request and for the tests.
struct S3Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
};

// What goes wrong with a request before or after it has taken effect.
struct Fault {
  std::string method;  // of which request; empty: any
  enum class Kind : std::uint8_t {
    kAnswer,
    kBreakBefore,
    kBreakAfter,
    kBreakHalfway,
    kDamage
  } kind;
  S3Reply answer = {};
};

class S3Server final : public net::Handler {
 public:
  explicit S3Server(S3ServerOptions options = {})
      : options_(std::move(options)), gate_(thread_.loop()) {
    auto listeners = net::Listen({"127.0.0.1", 0}, 1);
    EXPECT_TRUE(listeners.has_value());
    port_ = net::LocalPort(listeners->front());
    net::ServerOptions server_options;
    server_ = std::make_unique<net::Server>(thread_.loop(), server_options, nullptr, *this);
    thread_.Do([&] { server_->Start(std::move(listeners->front())); });
  }
  ~S3Server() {
    net::Notes ended;
    thread_.Do([&] { gate_.Spawn(End(server_.get(), thread_.loop().now(), &ended)); });
    EXPECT_TRUE(ended.Wait("ended"));
    thread_.Do([&] { server_.reset(); });
  }

  std::uint16_t port() const { return port_; }
  const S3ServerOptions& options() const { return options_; }

  void Break(Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
  }
  std::vector<std::string> requests() const {  // "PUT /episodes-test/a.txt?uploads="
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t open_uploads() const {
    const std::lock_guard lock(mutex_);
    return uploads_.size();
  }
  void PutDirectly(const std::string& key, const std::string& bytes) {
    const std::lock_guard lock(mutex_);
    Store(key, bytes, Hex(Sha256(bytes)).substr(0, 32), core::ToBase64(Sha256(bytes)));
  }
  bool faults_empty() const {
    const std::lock_guard lock(mutex_);
    return faults_.empty();
  }
  bool Has(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return objects_.contains(key);
  }

  async::Task<void> Handle(net::ServerExchange& exchange) override;
  std::string Refuse(int, std::string_view reason) override { return std::string(reason); }

 private:
  struct Object {
    std::string bytes;
    std::string etag;
    std::string checksum;
    std::string modified_http;
    std::string modified_iso;
  };
  struct Upload {
    std::string key;
    bool checksums = false;
    std::map<int, Object> parts;
  };
  // A request as the operations see it.
  struct Asked {
    std::string method;
    std::string path;
    std::string query;
    std::string host;
    std::map<std::string, std::string> fields;
    std::map<std::string, std::string> parameters;  // decoded
    std::string key;                                // decoded; empty: the bucket
    std::string body;

    std::string Field(const std::string& name) const {
      const auto found = fields.find(name);
      return found == fields.end() ? "" : found->second;
    }
  };

  static async::Task<void> End(net::Server* server, core::MonoTime now, net::Notes* ended) {
    co_await server->Drain(now);
    co_await server->CancelAll();
    ended->Add("ended");
  }
  static std::string Sha256(std::string_view bytes) {
    std::string digest(32, '\0');
    unsigned int size = 0;
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
               EVP_sha256(), nullptr);
    return digest;
  }
  static std::string Hmac(const std::string& key, const std::string& text) {
    std::string digest(32, '\0');
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()), &size);
    return digest;
  }
  static std::string Hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
      text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
  }
  static std::string Decoded(std::string_view text);
  static S3Reply Error(int status, std::string_view code);

  Asked Read(const net::RequestHead& head, std::string_view body) const;
  // Empty when the request is signed right, else the code of the error.
  std::string Judge(const Asked& asked) const;
  static std::string CanonicalQuery(const std::string& query);
  S3Reply Answer(const Asked& asked);
  S3Reply Put(const Asked& asked);
  S3Reply PutPart(const Asked& asked);
  S3Reply Get(const Asked& asked);
  S3Reply List(const Asked& asked);
  S3Reply BeginUpload(const Asked& asked);
  S3Reply Complete(const Asked& asked);
  void Store(const std::string& key, const std::string& bytes, std::string etag,
             std::string checksum);
  std::optional<Fault> NextFault(const std::string& method);

  S3ServerOptions options_;
  net::LoopThread thread_;
  async::Gate gate_;
  std::unique_ptr<net::Server> server_;
  std::uint16_t port_ = 0;

  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Upload> uploads_;
  std::vector<Fault> faults_;
  std::vector<std::string> requests_;
  int next_upload_ = 0;
};

inline async::Task<void> S3Server::Handle(net::ServerExchange& exchange) {
  constexpr std::uint64_t kLimit = 64U << 20;
  const auto body = co_await exchange.ReadBody(kLimit);
  if (!body) {
    co_return;
  }
  const Asked asked = Read(exchange.head(), *body);
  const std::optional<Fault> fault = NextFault(asked.method);
  if (fault && fault->kind == Fault::Kind::kBreakBefore) {
    exchange.Abort(true);
    co_return;
  }
  S3Reply reply;
  if (fault && fault->kind == Fault::Kind::kAnswer) {
    reply = fault->answer;
  } else {
    const std::lock_guard lock(mutex_);
    reply = Answer(asked);
  }
  if (fault && fault->kind == Fault::Kind::kBreakAfter) {
    exchange.Abort(true);
    co_return;
  }
  if (fault && fault->kind == Fault::Kind::kDamage && !reply.body.empty()) {
    reply.body[reply.body.size() / 2] = static_cast<char>(reply.body[reply.body.size() / 2] ^ 1);
  }
  for (const auto& [name, value] : reply.fields) {
    exchange.fields().Add(name, value);
  }
  const std::vector<std::string_view> whole = {reply.body};
  if (fault && fault->kind == Fault::Kind::kBreakHalfway) {
    exchange.StartStream(reply.status, reply.body.size());
    const std::vector<std::string_view> half = {
        std::string_view(reply.body).substr(0, reply.body.size() / 2)};
    co_await exchange.WriteStream(half);
    exchange.Abort(false);
    co_return;
  }
  co_await exchange.Respond(reply.status, whole);
}

inline std::optional<Fault> S3Server::NextFault(const std::string& method) {
  const std::lock_guard lock(mutex_);
  for (auto fault = faults_.begin(); fault != faults_.end(); ++fault) {
    if (fault->method.empty() || fault->method == method) {
      Fault found = *fault;
      faults_.erase(fault);
      return found;
    }
  }
  return std::nullopt;
}

inline std::string S3Server::Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

inline S3Reply S3Server::Error(int status, std::string_view code) {
  return {.status = status,
          .fields = {{"x-amz-request-id", "TEST1234"}, {"content-type", "application/xml"}},
          .body = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code>"
                              "<Message>About {}</Message></Error>",
                              code, code)};
}

inline S3Server::Asked S3Server::Read(const net::RequestHead& head, std::string_view body) const {
  Asked asked{.method = std::string(Name(head.method)),
              .path = std::string(head.path),
              .query = std::string(head.query),
              .host = std::string(head.host),
              .fields = {},
              .parameters = {},
              .key = {},
              .body = std::string(body)};
  for (const net::Field& field : head.fields.all()) {
    std::string name(field.name);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    asked.fields[name] = field.value;
  }
  std::string_view rest = asked.query;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const std::size_t equals = std::min(one.find('='), one.size());
    asked.parameters[Decoded(one.substr(0, equals))] =
        equals < one.size() ? Decoded(one.substr(equals + 1)) : "";
  }
  const std::string in_path = "/" + options_.bucket;
  if (asked.host.starts_with(options_.bucket + ".")) {
    asked.key = Decoded(std::string_view(asked.path).substr(1));
  } else if (asked.path == in_path || asked.path == in_path + "/") {
    asked.key = "";
  } else if (asked.path.starts_with(in_path + "/")) {
    asked.key = Decoded(std::string_view(asked.path).substr(in_path.size() + 1));
  } else {
    asked.key = "no such bucket";
  }
  return asked;
}

inline std::string S3Server::CanonicalQuery(const std::string& query) {
  std::set<std::string> sorted;
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    sorted.insert(std::string(one) + (one.find('=') == one.npos ? "=" : ""));
  }
  std::string text;
  for (const std::string& one : sorted) {
    text += (text.empty() ? "" : "&") + one;
  }
  return text;
}

inline std::string S3Server::Judge(const Asked& asked) const {
  const std::string given = asked.Field("authorization");
  const std::string time = asked.Field("x-amz-date");
  if (given.empty() || time.size() != 16) {
    return "AccessDenied";
  }
  std::tm parts{};
  strptime(time.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  const core::WallTime signed_at{std::chrono::seconds(timegm(&parts))};
  if (std::chrono::abs(core::WallNow() - signed_at) > std::chrono::minutes(15)) {
    return "RequestTimeTooSkewed";
  }
  const std::string scope =
      fmt::format("{}/{}/s3/aws4_request", time.substr(0, 8), options_.region);
  if (given.find("Credential=" + options_.access_key_id + "/") == given.npos) {
    return "InvalidAccessKeyId";
  }
  if (given.find("/" + scope + ",") == given.npos) {
    return "AuthorizationHeaderMalformed";
  }
  if (asked.Field("x-amz-security-token") != options_.session_token) {
    return "InvalidToken";
  }
  if (asked.Field("x-amz-content-sha256") != Hex(Sha256(asked.body))) {
    return "XAmzContentSHA256Mismatch";
  }
  const std::size_t begin = given.find("SignedHeaders=") + 14;
  const std::string names = given.substr(begin, given.find(',', begin) - begin);
  std::string canonical =
      asked.method + "\n" + asked.path + "\n" + CanonicalQuery(asked.query) + "\n";
  std::string rest = names + ";";
  std::set<std::string> signed_names;
  while (!rest.empty()) {
    const std::string name = rest.substr(0, rest.find(';'));
    rest.erase(0, name.size() + 1);
    signed_names.insert(name);
    canonical += name + ":" + asked.Field(name) + "\n";
  }
  for (const auto& [name, value] : asked.fields) {
    if ((name.starts_with("x-amz-") || name == "host") && !signed_names.contains(name)) {
      return "AccessDenied";  // "There were headers present in the request which were not signed"
    }
  }
  canonical += "\n" + names + "\n" + asked.Field("x-amz-content-sha256");
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope, Hex(Sha256(canonical)));
  std::string key = "AWS4" + options_.secret_access_key;
  for (const std::string& step :
       {time.substr(0, 8), options_.region, std::string("s3"), std::string("aws4_request")}) {
    key = Hmac(key, step);
  }
  return given.ends_with(", Signature=" + Hex(Hmac(key, to_sign))) ? "" : "SignatureDoesNotMatch";
}

inline S3Reply S3Server::Answer(const Asked& asked) {
  requests_.push_back(asked.method + " " + asked.path +
                      (asked.query.empty() ? "" : "?" + asked.query));
  if (const std::string wrong = Judge(asked); !wrong.empty()) {
    return Error(wrong.starts_with("X") || wrong.starts_with("Auth") ? 400 : 403, wrong);
  }
  if (asked.key == "no such bucket") {
    return Error(404, "NoSuchBucket");
  }
  const auto has = [&](const char* name) { return asked.parameters.contains(name); };
  if (asked.key.empty()) {
    return asked.method == "GET" && has("list-type") ? List(asked) : Error(501, "NotImplemented");
  }
  if (asked.method == "PUT" && asked.parameters.empty()) {
    return Put(asked);
  }
  if (asked.method == "PUT" && has("partNumber") && has("uploadId")) {
    return PutPart(asked);
  }
  if (asked.method == "POST" && has("uploads")) {
    return BeginUpload(asked);
  }
  if (asked.method == "POST" && has("uploadId")) {
    return Complete(asked);
  }
  if (asked.method == "DELETE" && has("uploadId")) {
    return uploads_.erase(asked.parameters.at("uploadId")) == 1 ? S3Reply{.status = 204}
                                                                : Error(404, "NoSuchUpload");
  }
  if (asked.method == "DELETE" && asked.parameters.empty()) {
    objects_.erase(asked.key);
    return {.status = 204};
  }
  if ((asked.method == "GET" || asked.method == "HEAD") && asked.parameters.empty()) {
    return Get(asked);
  }
  return Error(501, "NotImplemented");
}

inline void S3Server::Store(const std::string& key, const std::string& bytes, std::string etag,
                            std::string checksum) {
  const std::time_t now = std::chrono::system_clock::to_time_t(
      std::chrono::time_point_cast<std::chrono::system_clock::duration>(core::WallNow()));
  std::tm parts{};
  gmtime_r(&now, &parts);
  char http[64];
  char iso[64];
  strftime(http, sizeof http, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  strftime(iso, sizeof iso, "%Y-%m-%dT%H:%M:%S.000Z", &parts);
  objects_[key] = {bytes, std::move(etag), std::move(checksum), http, iso};
}

inline S3Reply S3Server::Put(const Asked& asked) {
  if (asked.Field("if-none-match") == "*" && objects_.contains(asked.key)) {
    return Error(412, "PreconditionFailed");
  }
  const std::string digest = Sha256(asked.body);
  const std::string checksum = asked.Field("x-amz-checksum-sha256");
  if (!checksum.empty() && checksum != core::ToBase64(digest)) {
    return Error(400, "BadDigest");
  }
  const std::string etag = Hex(digest).substr(0, 32);
  Store(asked.key, asked.body, etag, checksum);
  return {.fields = {{"etag", "\"" + etag + "\""}}};
}

inline S3Reply S3Server::BeginUpload(const Asked& asked) {
  const std::string id = fmt::format("upload+{}/==", next_upload_++);  // wants to be encoded
  uploads_[id] = {.key = asked.key,
                  .checksums = asked.Field("x-amz-checksum-algorithm") == "SHA256",
                  .parts = {}};
  return {.body = fmt::format(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<InitiateMultipartUploadResult "
              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Bucket>{}</Bucket>"
              "<Key>{}</Key><UploadId>{}</UploadId></InitiateMultipartUploadResult>",
              options_.bucket, asked.key, id)};
}

inline S3Reply S3Server::PutPart(const Asked& asked) {
  const auto upload = uploads_.find(asked.parameters.at("uploadId"));
  const int number = std::stoi(asked.parameters.at("partNumber"));
  if (upload == uploads_.end() || upload->second.key != asked.key) {
    return Error(404, "NoSuchUpload");
  }
  const std::string digest = Sha256(asked.body);
  const std::string checksum = asked.Field("x-amz-checksum-sha256");
  if (number < 1 || number > 10'000 || checksum.empty() == upload->second.checksums) {
    return Error(400, "InvalidRequest");
  }
  if (!checksum.empty() && checksum != core::ToBase64(digest)) {
    return Error(400, "BadDigest");
  }
  const std::string etag = Hex(digest).substr(0, 32);
  upload->second.parts[number] = {asked.body, etag, checksum, {}, {}};
  return {.fields = {{"etag", "\"" + etag + "\""}}};
}

inline S3Reply S3Server::Complete(const Asked& asked) {
  const auto upload = uploads_.find(asked.parameters.at("uploadId"));
  if (upload == uploads_.end()) {
    return Error(404, "NoSuchUpload");
  }
  if (asked.Field("if-none-match") == "*" && objects_.contains(asked.key)) {
    return Error(412, "PreconditionFailed");
  }
  std::string expected =
      "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  std::string bytes;
  for (const auto& [number, part] : upload->second.parts) {
    const bool last = number == upload->second.parts.rbegin()->first;
    if (!last && part.bytes.size() < options_.smallest_part) {
      return Error(400, "EntityTooSmall");
    }
    expected +=
        fmt::format("<Part><PartNumber>{}</PartNumber><ETag>\"{}\"</ETag>", number, part.etag);
    if (upload->second.checksums) {
      expected += fmt::format("<ChecksumSHA256>{}</ChecksumSHA256>", part.checksum);
    }
    expected += "</Part>";
    bytes += part.bytes;
  }
  if (asked.body != expected + "</CompleteMultipartUpload>") {
    return Error(400, "InvalidPart");
  }
  const std::string etag =
      fmt::format("{}-{}", Hex(Sha256(bytes)).substr(0, 32), upload->second.parts.size());
  Store(asked.key, bytes, etag,
        upload->second.checksums ? core::ToBase64(Sha256("parts")) + "-2" : "");
  uploads_.erase(upload);
  return {.body = fmt::format("<CompleteMultipartUploadResult "
                              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Key>{}</Key>"
                              "<ETag>&quot;{}&quot;</ETag></CompleteMultipartUploadResult>",
                              asked.key, etag)};
}

inline S3Reply S3Server::Get(const Asked& asked) {
  const auto found = objects_.find(asked.key);
  if (found == objects_.end()) {
    return Error(404, "NoSuchKey");
  }
  const Object& object = found->second;
  if (const std::string match = asked.Field("if-match");
      !match.empty() && match != "\"" + object.etag + "\"") {
    return Error(412, "PreconditionFailed");
  }
  S3Reply reply{
      .fields = {{"etag", "\"" + object.etag + "\""}, {"last-modified", object.modified_http}},
      .body = object.bytes};
  const std::string range = asked.Field("range");
  if (!range.empty()) {
    unsigned long begin = 0;
    unsigned long last = object.bytes.size() - 1;
    if (sscanf(range.c_str(), "bytes=%lu-%lu", &begin, &last) < 1 || begin >= object.bytes.size() ||
        last < begin) {
      return Error(416, "InvalidRange");
    }
    last = std::min(last, object.bytes.size() - 1);
    reply.status = 206;
    reply.fields.emplace_back("content-range",
                              fmt::format("bytes {}-{}/{}", begin, last, object.bytes.size()));
    reply.body = object.bytes.substr(begin, last - begin + 1);
  } else if (asked.Field("x-amz-checksum-mode") == "ENABLED" && !object.checksum.empty()) {
    reply.fields.emplace_back("x-amz-checksum-sha256", object.checksum);
  }
  return reply;
}

inline S3Reply S3Server::List(const Asked& asked) {
  const auto parameter = [&](const char* name) {
    const auto found = asked.parameters.find(name);
    return found == asked.parameters.end() ? std::string() : found->second;
  };
  const std::string prefix = parameter("prefix");
  const std::string after = parameter("start-after");
  const std::size_t most = std::stoul(parameter("max-keys"));
  std::string contents;
  std::size_t count = 0;
  bool truncated = false;
  for (const auto& [key, object] : objects_) {
    if (!key.starts_with(prefix) || key <= after) {
      continue;
    }
    truncated = count == most;
    if (truncated) {
      break;
    }
    ++count;
    contents += fmt::format(
        "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>&quot;{}&quot;</ETag>"
        "<Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
        key, object.modified_iso, object.etag, object.bytes.size());
  }
  return {.body = fmt::format(
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
              "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{}</Name>"
              "<IsTruncated>{}</IsTruncated>{}<KeyCount>{}</KeyCount></ListBucketResult>",
              options_.bucket, truncated, contents, count)};
}

}  // namespace signalbox::s3
