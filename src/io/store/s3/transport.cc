#include "io/store/s3/transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>

namespace signalbox::s3 {
namespace {

using core::ErrorCode;

constexpr std::size_t kMostBody = 8U << 20;  // a listing of 1000 keys has under 1 MiB
constexpr std::size_t kMostIdle = 16;

void StartCurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using FieldList = std::unique_ptr<curl_slist, FreeList>;

void Append(FieldList& list, const std::string& line) {
  list.reset(curl_slist_append(list.release(), line.c_str()));
}

bool IsConnect(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string_view Answer::Get(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : found->second;
}

struct Transport::Handle {
  Handle() : curl(curl_easy_init()) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { curl_easy_cleanup(curl); }

  CURL* curl;
};

// One request under way: what libcurl calls back into.
class Transport::Call {
 public:
  Call(Transport& transport, CURL* curl, std::string_view body, const Sink& sink)
      : transport_(transport), curl_(curl), body_(body), sink_(sink) {}

  core::Result<Answer> Run(std::string_view method, const WireRequest& request) {
    FieldList fields;
    for (const std::string& line : request.lines) {
      Append(fields, line);
    }
    Append(fields, "expect:");  // the body goes at once
    Append(fields, "accept:");
    SetUp(method, request.url, fields.get());
    const CURLcode code = curl_easy_perform(curl_);
    if (!failure_) {
      return std::unexpected(std::move(failure_).error());
    }
    if (transport_.stopped()) {
      return core::Fail(ErrorCode::kCancelled, "stopped");
    }
    if (code != CURLE_OK) {
      return core::Fail(IsConnect(code) ? ErrorCode::kConnectFailed : ErrorCode::kUpstreamFailed,
                        curl_easy_strerror(code));
    }
    ReadStatus();
    return std::move(answer_);
  }

 private:
  void SetUp(std::string_view method, const std::string& url, curl_slist* fields) {
    const TransportOptions& options = transport_.options_;
    Set(CURLOPT_URL, url.c_str());
    Set(CURLOPT_PATH_AS_IS, 1L);
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    Set(CURLOPT_PROXY, "");  // nothing but the configuration says where requests go
    Set(CURLOPT_HTTPHEADER, fields);
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    Set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    const auto stall = std::chrono::ceil<std::chrono::seconds>(options.stall_timeout);
    Set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall.count()));
    if (!options.ca_file.empty()) {
      Set(CURLOPT_CAINFO, options.ca_file.c_str());
    }
    SetUpMethod(method);
    Set(CURLOPT_HEADERFUNCTION, &OnField);
    Set(CURLOPT_HEADERDATA, this);
    Set(CURLOPT_WRITEFUNCTION, &OnBody);
    Set(CURLOPT_WRITEDATA, this);
    Set(CURLOPT_NOPROGRESS, 0L);
    Set(CURLOPT_XFERINFOFUNCTION, &OnProgress);
    Set(CURLOPT_XFERINFODATA, this);
  }

  void SetUpMethod(std::string_view method) {
    if (method == "HEAD") {
      Set(CURLOPT_NOBODY, 1L);
      return;
    }
    if (method == "PUT" || method == "POST") {
      Set(CURLOPT_UPLOAD, 1L);
      Set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_.size()));
      Set(CURLOPT_READFUNCTION, &OnRead);
      Set(CURLOPT_READDATA, this);
      Set(CURLOPT_SEEKFUNCTION, &OnSeek);
      Set(CURLOPT_SEEKDATA, this);
    }
    method_ = method;
    Set(CURLOPT_CUSTOMREQUEST, method_.c_str());
  }

  template <typename T>
  void Set(CURLoption option, T value) {
    curl_easy_setopt(curl_, option, value);
  }

  void ReadStatus() {
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
  }

  static std::size_t OnField(char* data, std::size_t, std::size_t size, void* self) {
    static_cast<Call*>(self)->TakeField({data, size});
    return size;
  }
  void TakeField(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // a new head: an interim one came before
      answer_.fields.clear();
      return;
    }
    const std::size_t colon = line.find(':');
    if (colon == line.npos) {
      return;
    }
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    const std::string_view value = line.substr(colon + 1);
    const std::size_t begin = value.find_first_not_of(" \t\r\n");
    const std::size_t end = value.find_last_not_of(" \t\r\n");
    answer_.fields[name] = begin == value.npos ? "" : value.substr(begin, end + 1 - begin);
  }

  static std::size_t OnBody(char* data, std::size_t, std::size_t size, void* self) {
    return static_cast<Call*>(self)->TakeBody({data, size}) ? size : 0;
  }
  bool TakeBody(std::string_view bytes) {
    ReadStatus();
    if (sink_ && (answer_.status == 200 || answer_.status == 206)) {
      failure_ = sink_(answer_, bytes);
    } else if (answer_.body.size() + bytes.size() > kMostBody) {
      failure_ = core::Fail(ErrorCode::kUpstreamProtocol, "an answer larger than 8 MiB");
    } else {
      answer_.body += bytes;
    }
    return failure_.has_value();
  }

  static std::size_t OnRead(char* out, std::size_t, std::size_t size, void* self) {
    Call& call = *static_cast<Call*>(self);
    const std::size_t some = std::min(size, call.body_.size() - call.sent_);
    std::memcpy(out, call.body_.data() + call.sent_, some);
    call.sent_ += some;
    return some;
  }
  // A kept connection may turn out to be closed; libcurl then begins again on a new one.
  static int OnSeek(void* self, curl_off_t offset, int origin) {
    Call& call = *static_cast<Call*>(self);
    if (origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > call.body_.size()) {
      return CURL_SEEKFUNC_FAIL;
    }
    call.answer_.resent |= call.sent_ > 0;
    call.sent_ = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
  }
  static int OnProgress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Call*>(self)->transport_.stopped() ? 1 : 0;
  }

  Transport& transport_;
  CURL* curl_;
  std::string_view body_;
  std::size_t sent_ = 0;
  const Sink& sink_;
  std::string method_;
  Answer answer_;
  core::Status failure_;
};

Transport::Transport(TransportOptions options) : options_(std::move(options)) {
  StartCurl();
}

Transport::~Transport() = default;

core::Result<Answer> Transport::Send(std::string_view method, const WireRequest& request,
                                     std::string_view body, const Sink& sink) {
  if (stopped_) {
    return core::Fail(ErrorCode::kCancelled, "stopped");
  }
  std::unique_ptr<Handle> handle = Borrow();
  curl_easy_reset(handle->curl);  // keeps its connections
  auto answer = Call(*this, handle->curl, body, sink).Run(method, request);
  Return(std::move(handle));
  return answer;
}

bool Transport::Sleep(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return stopped_.load(); });
}

void Transport::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake_.notify_all();
}

std::unique_ptr<Transport::Handle> Transport::Borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) {
    return std::make_unique<Handle>();
  }
  std::unique_ptr<Handle> handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

void Transport::Return(std::unique_ptr<Handle> handle) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) {
    idle_.push_back(std::move(handle));
  }
}

}  // namespace signalbox::s3
