#include "surface/cli/doctor_targets.h"

#include <fmt/format.h>

#include "base/json/document.h"

namespace signalbox::cli {
namespace {

std::string Text(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsString().value_or("") : "";
}

std::int64_t Number(const json::Value& object, std::string_view key) {
  const auto value = object.Find(key);
  return value ? value->AsInt().value_or(0) : 0;
}

// A breaker that is open, or a key that rests; false when `what` is well.
bool JudgeOne(const json::Value& what, std::string name, const std::string& area,
              DoctorReport& report) {
  const std::string state = Text(what, "state");
  const std::int64_t rests = Number(what, "rests_for_ms");
  if (rests > 0) {
    report.Warn(area, std::move(name),
                fmt::format("its limit is reached, it rests for {} s", (rests + 999) / 1000),
                "raise its limit at the vendor's, or add another key under keys:");
    return true;
  }
  if (state.empty() || state == "closed") {
    return false;
  }
  const std::string found = fmt::format(
      "fails: {} of the last {} calls; its breaker is {}{}", Number(what, "failures"),
      Number(what, "calls"), state,
      state == "open"
          ? fmt::format(", tried again in {} s", (Number(what, "open_for_ms") + 999) / 1000)
          : "");
  report.Warn(area, std::move(name), found,
              "signalbox doctor on the machine itself says what the provider answers; signalbox "
              "ledger tail what became of the calls");
  return true;
}

bool JudgeEach(const json::Value& provider, std::string_view list, std::string_view key,
               const std::string& area, DoctorReport& report) {
  bool any = false;
  if (const auto all = provider.Find(list); all && all->IsArray()) {
    json::ForEachElement(*all, [&](const json::Value& each) {
      const std::string sign = list == "models" ? "/" : " key ";
      any |= JudgeOne(each, Text(provider, "name") + sign + Text(each, key), area, report);
    });
  }
  return any;
}

}  // namespace

void JudgeTargets(std::string_view body, const std::string& area, DoctorReport& report) {
  json::Document document;
  const bool parsed = document.Parse(body).has_value();
  const auto providers = parsed ? document.Root().Find("providers") : std::nullopt;
  if (!providers || !providers->IsArray()) {
    report.Warn(area, "targets", "/api/health/targets answers something else than a report", {});
    return;
  }
  bool any = false;
  json::ForEachElement(*providers, [&](const json::Value& provider) {
    any |= JudgeOne(provider, Text(provider, "name"), area, report);
    any |= JudgeEach(provider, "models", "name", area, report);
    any |= JudgeEach(provider, "keys", "label", area, report);
  });
  if (!any) {
    report.Ok(area, "targets",
              fmt::format("no breaker is open and no key rests; providers: {}",
                          providers->CountChildren()));
  }
}

}  // namespace signalbox::cli
