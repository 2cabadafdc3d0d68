#include "surface/api/pattern.h"

#include <gtest/gtest.h>

#include "io/net/http_head.h"
#include "surface/api/api.h"

namespace signalbox::api {
namespace {

std::string Match(const Pattern& pattern, std::string_view path) {
  PathParameters taken{};
  if (!pattern.Matches(path, taken)) {
    return "no";
  }
  std::string out = "yes";
  for (const std::string_view each : taken) {
    out += each.empty() ? "" : " " + std::string(each);
  }
  return out;
}

TEST(Pattern, MatchesItsStepsByteByByte) {
  struct Case {
    Pattern pattern;
    const char* path;
    const char* expected;
  };
  const Case cases[] = {
      {"/", "/", "yes"},
      {"/", "", "no"},
      {"/", "//", "no"},
      {"/healthz", "/healthz", "yes"},
      {"/healthz", "/healthz/", "no"},
      {"/healthz", "/health", "no"},
      {"/healthz", "/healthzz", "no"},
      {"/api/keys/{id}", "/api/keys/key_1", "yes key_1"},
      {"/api/keys/{id}", "/api/keys/", "no"},
      {"/api/keys/{id}", "/api/keys", "no"},
      {"/api/keys/{id}", "/api/keys/key_1/", "no"},
      {"/api/keys/{id}", "/api/keys/key_1/rotate", "no"},
      {"/api/keys/{id}/rotate", "/api/keys/key_1/rotate", "yes key_1"},
      {"/api/teams/{id}/members/{user_id}", "/api/teams/t/members/u", "yes t u"},
      {"/api/teams/{id}/members/{user_id}", "/api/teams//members/u", "no"},
      {"/v1/models/{model*}", "/v1/models/edge/small", "yes edge/small"},
      {"/v1/models/{model*}", "/v1/models/edge%2Fsmall", "yes edge%2Fsmall"},
      {"/v1/models/{model*}", "/v1/models/", "no"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Match(each.pattern, each.path), each.expected)
        << each.pattern.text() << ' ' << each.path;
  }
}

TEST(Pattern, NamesItsParameters) {
  const Pattern pattern = "/api/teams/{id}/members/{user_id}";
  EXPECT_EQ(pattern.name_of(0), "id");
  EXPECT_EQ(pattern.name_of(1), "user_id");
  EXPECT_EQ(Pattern("/v1/models/{model*}").name_of(0), "model");
  EXPECT_EQ(Pattern("/v1/models/{model*}").name_of(1), "");
  EXPECT_EQ(Pattern("/healthz").name_of(0), "");
}

// A path of `route` with plain words for its parameters.
std::string PathOf(const Route& route) {
  std::string out;
  for (std::string_view rest = route.path.text(); !rest.empty();) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    out += rest.substr(0, open);
    const std::size_t close = std::min(rest.find('}'), rest.size());
    out += open == rest.size() ? "" : "some-name";
    rest.remove_prefix(open == rest.size() ? open : close + 1);
  }
  return out;
}

// Whether a name to look up, and nothing else of the path, begins where `path` differs.
bool IsModelName(const Found& found) {
  return found.route != nullptr && found.route->path.text().ends_with("*}");
}

// F: another spelling of a path never reaches a route by another way than the path itself does.
TEST(Router, NoOtherSpellingOfAPathReachesARoute) {
  const Router& router = Api::AllRoutes();
  ForEachRoute(router, [&](const Route& route) {
    const std::string path = PathOf(route);
    ASSERT_EQ(router.Find(route.method, path).route, &route) << path;
    std::vector<std::string> spellings = {
        "/" + path,   "/." + path,   "/x/.." + path, "/%2e%2e" + path, "/admin/.." + path,
        path + ";",   path + ";x=1", path + "\\",    path + "%00",     path + "%20",
        path + "%2f", path + "/.",   path + "//",    path + "/%2e"};
    for (std::size_t i = 1; i < path.size(); ++i) {
      spellings.push_back(path.substr(0, i) + "%" + "0123456789abcdef"[path[i] / 16] +
                          "0123456789abcdef"[path[i] % 16] + path.substr(i + 1));
      if (path[i] == '/') {
        spellings.push_back(path.substr(0, i) + "/" + path.substr(i));
        spellings.push_back(path.substr(0, i) + "/." + path.substr(i));
        spellings.push_back(path.substr(0, i) + "\\" + path.substr(i + 1));
        spellings.push_back(path.substr(0, i) + "%2F" + path.substr(i + 1));
        spellings.push_back(path.substr(0, i) + ";/" + path.substr(i + 1));
      }
    }
    for (const std::string& spelling : spellings) {
      const Found found = router.Find(route.method, spelling);
      EXPECT_TRUE(found.route == nullptr || IsModelName(found)) << spelling;
    }
  });
}

TEST(Router, NoTwoRoutesAnswerTheSameAndNoneIsNamedTwice) {
  const Router& router = Api::AllRoutes();
  std::vector<std::string_view> ids;
  ForEachRoute(router, [&](const Route& route) {
    EXPECT_EQ(std::ranges::count(ids, route.id), 0) << route.id;
    ids.push_back(route.id);
    ForEachRoute(router, [&](const Route& other) {
      PathParameters taken{};
      if (&other != &route && other.method == route.method) {
        EXPECT_FALSE(other.path.Matches(PathOf(route), taken))
            << route.path.text() << " is also " << other.path.text();
      }
    });
  });
  EXPECT_GT(ids.size(), 10U);
}

TEST(Router, AtMostFourRoutesAreOpen) {
  std::vector<std::string_view> open;
  ForEachRoute(Api::AllRoutes(), [&](const Route& route) {
    if (route.rule.open()) {
      open.push_back(route.path.text());
    }
  });
  EXPECT_EQ(open, (std::vector<std::string_view>{"/", "/healthz", "/readyz", "/openapi.json"}));
}

// P6: nothing here compiles, evaluates or runs what a caller sends.
TEST(Router, NoRouteTriesOutCallersCode) {
  ForEachRoute(Api::AllRoutes(), [&](const Route& route) {
    for (const char* word : {"test", "preview", "eval", "exec", "run", "debug", "migrat"}) {
      EXPECT_EQ(route.path.text().find(word), std::string_view::npos) << route.path.text();
    }
  });
}

}  // namespace
}  // namespace signalbox::api
