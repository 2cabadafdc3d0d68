// What a route does: a handler and what it takes and gives, told by the handler's own type, so that
// the page that documents it cannot say anything else.
//
// Owner: plain data, constants. Threads: any. Errors: the forms' and the handler's.
// Cancel: nothing to undo.
#pragma once

#include "base/config/table.h"
#include "surface/api/asked.h"
#include "surface/api/form.h"

namespace signalbox::api {

struct Reply {
  int status = 200;
  std::string type = "application/json";
  std::string body;
};

using TableOf = const config::TableData& (*)();
using Work = core::Result<Reply> (*)(Asked&);

// What every question about a tenant's things may say.
struct TenantQuery {
  std::string tenant;
  static const config::Table<TenantQuery>& Members();
};
struct NoQuery {
  static const config::Table<NoQuery>& Members();
};
inline constexpr std::string_view kTenantDoc =
    "The tenant that is meant, by its id, or installation; left out: the caller's own.";

enum class Gives : std::uint8_t { kNothing, kOne, kCreated, kPage, kText };

struct Doing {
  Work work = nullptr;
  TableOf query = nullptr;
  TableOf body = nullptr;
  TableOf answer = nullptr;
  Gives gives = Gives::kText;
};

namespace detail {

template <Form T>
const config::TableData& Erased() {
  return *T::Members().data();
}

// What a handler may return, and how it becomes an answer.
template <typename T>
struct Giving;

template <Form T>
struct Giving<T> {
  static constexpr Gives kGives = Gives::kOne;
  static constexpr TableOf kTable = &Erased<T>;
  static Reply Make(const T& value) { return {.body = JsonOf(value)}; }
};

template <Form T>
struct Giving<Created<T>> {
  static constexpr Gives kGives = Gives::kCreated;
  static constexpr TableOf kTable = &Erased<T>;
  static Reply Make(const Created<T>& made) { return {.status = 201, .body = JsonOf(made.value)}; }
};

template <Form T>
struct Giving<Page<T>> {
  static constexpr Gives kGives = Gives::kPage;
  static constexpr TableOf kTable = &Erased<T>;
  static Reply Make(const Page<T>& page) {
    Reply reply;
    json::Writer out(reply.body);
    out.BeginObject().Key("data").BeginArray();
    for (const T& each : page.data) {
      Write(each, out);
    }
    out.EndArray().Key("next");
    page.next ? out.String(*page.next) : out.Null();
    out.EndObject();
    return reply;
  }
};

template <>
struct Giving<Done> {
  static constexpr Gives kGives = Gives::kNothing;
  static constexpr TableOf kTable = nullptr;
  static Reply Make(const Done&) { return {.status = 204, .type = "", .body = ""}; }
};

template <>
struct Giving<Download> {
  static constexpr Gives kGives = Gives::kText;
  static constexpr TableOf kTable = nullptr;
  static Reply Make(const Download& download) {
    return {.type = download.type, .body = download.text};
  }
};

template <typename Function>
struct HandlerOf;

template <typename R>
struct HandlerOf<core::Result<R> (*)(const Asked&)> {
  using Answer = R;
  using Taken = void;
};

template <typename R, typename T>
struct HandlerOf<core::Result<R> (*)(const Asked&, const T&)> {
  using Answer = R;
  using Taken = T;
};

template <auto F>
using AnswerOf = typename HandlerOf<decltype(F)>::Answer;
template <auto F>
using TakenOf = typename HandlerOf<decltype(F)>::Taken;

template <auto F>
core::Result<Reply> Plain(Asked& asked) {
  SB_TRY([[maybe_unused]] const auto none, QueryAs<NoQuery>(asked.query));
  SB_TRY(const auto answer, F(asked));
  return Giving<AnswerOf<F>>::Make(answer);
}

template <auto F>
core::Result<Reply> InTenant(Asked& asked) {
  SB_TRY(auto query, QueryAs<TenantQuery>(asked.query));
  asked.tenant = std::move(query.tenant);
  SB_TRY(const auto answer, F(asked));
  return Giving<AnswerOf<F>>::Make(answer);
}

template <auto F>
core::Result<Reply> WithQuery(Asked& asked) {
  SB_TRY(const auto query, QueryAs<TakenOf<F>>(asked.query));
  if constexpr (requires { query.tenant; }) {
    asked.tenant = query.tenant;
  }
  SB_TRY(const auto answer, F(asked, query));
  return Giving<AnswerOf<F>>::Make(answer);
}

template <auto F>
core::Result<Reply> WithBody(Asked& asked) {
  SB_TRY([[maybe_unused]] const auto none, QueryAs<NoQuery>(asked.query));
  SB_TRY(const auto body, JsonAs<TakenOf<F>>(asked.body));
  SB_TRY(const auto answer, F(asked, body));
  return Giving<AnswerOf<F>>::Make(answer);
}

template <auto F>
core::Result<Reply> WithBodyInTenant(Asked& asked) {
  SB_TRY(auto query, QueryAs<TenantQuery>(asked.query));
  asked.tenant = std::move(query.tenant);
  SB_TRY(const auto body, JsonAs<TakenOf<F>>(asked.body));
  SB_TRY(const auto answer, F(asked, body));
  return Giving<AnswerOf<F>>::Make(answer);
}

}  // namespace detail

// A handler that needs nothing.
template <auto F>
consteval Doing Does() {
  using Giving = detail::Giving<detail::AnswerOf<F>>;
  return {.work = &detail::Plain<F>, .answer = Giving::kTable, .gives = Giving::kGives};
}

// One of a tenant's things that needs nothing but its path.
template <auto F>
consteval Doing Finds() {
  using Giving = detail::Giving<detail::AnswerOf<F>>;
  return {.work = &detail::InTenant<F>,
          .query = &detail::Erased<TenantQuery>,
          .answer = Giving::kTable,
          .gives = Giving::kGives};
}

// One whose second parameter is read from the query.
template <auto F>
consteval Doing Reads() {
  using Giving = detail::Giving<detail::AnswerOf<F>>;
  return {.work = &detail::WithQuery<F>,
          .query = &detail::Erased<detail::TakenOf<F>>,
          .answer = Giving::kTable,
          .gives = Giving::kGives};
}

// One whose second parameter is the body.
template <auto F>
consteval Doing Asks() {
  using Giving = detail::Giving<detail::AnswerOf<F>>;
  return {.work = &detail::WithBody<F>,
          .body = &detail::Erased<detail::TakenOf<F>>,
          .answer = Giving::kTable,
          .gives = Giving::kGives};
}

// The same of a tenant's things.
template <auto F>
consteval Doing Takes() {
  using Giving = detail::Giving<detail::AnswerOf<F>>;
  return {.work = &detail::WithBodyInTenant<F>,
          .query = &detail::Erased<TenantQuery>,
          .body = &detail::Erased<detail::TakenOf<F>>,
          .answer = Giving::kTable,
          .gives = Giving::kGives};
}

}  // namespace signalbox::api
