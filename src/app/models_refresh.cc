#include "app/models_refresh.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "app/options.h"
#include "app/price_file.h"
#include "app/price_merge.h"
#include "app/price_source.h"
#include "base/config/atomic_file.h"
#include "base/core/time.h"
#include "base/json/document.h"
#include "surface/cli/exit_status.h"
#include "surface/cli/terminal.h"
#include "vendors/catalog/price_fields.h"

namespace signalbox::app {
namespace {

constexpr std::size_t kMostNamed = 40;  // changes that are listed one by one

core::Error Unusable(std::string message) {
  return {core::ErrorCode::kInvalidRequest, std::move(message), {}, {}};
}

// A JSON list begins with a brace, which no row does.
core::Result<catalog::PriceMap> ReadList(const std::string& text, std::chrono::sys_days day) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{' ? catalog::ReadPriceMap(text, day)
                                                          : catalog::ReadPriceRows(text);
}

// Members of the list's entries that look like prices and are not understood, with how often.
std::map<std::string, std::size_t> NotUnderstood(std::string_view text) {
  std::map<std::string, std::size_t> out;
  json::Document document;
  if (!document.Parse(text, {.unique_keys = false})) {
    return out;
  }
  json::ForEachMember(document.Root(), [&](const json::Value&, const json::Value& entry) {
    if (!entry.IsObject()) {
      return;
    }
    json::ForEachMember(entry, [&](const json::Value& key, const json::Value& value) {
      const std::string name = key.AsString().value_or("");
      if (value.IsNumber() && name.find("cost") != std::string::npos &&
          !catalog::ReadPriceName(name)) {
        ++out[name];
      }
    });
  });
  return out;
}

struct Refresh {
  PriceMerge merge;
  catalog::PriceMap list;
};

core::Result<Refresh> Make(const std::string& text, const std::string& path,
                           std::chrono::sys_days day) {
  Refresh out;
  auto list = ReadList(text, day);
  if (!list) {
    return std::unexpected(std::move(list).error());
  }
  out.list = *std::move(list);
  if (out.list.models.empty()) {
    return std::unexpected(Unusable(fmt::format(
        "none of its {} entries is a model of a provider that Signalbox knows; the list is "
        "LiteLLM's model_prices_and_context_window.json, or rows as the catalogue has them",
        out.list.entries)));
  }
  auto base = catalog::Catalog::BuiltIn();
  std::shared_ptr<const catalog::Sheet> before;
  if (auto rows = ReadPriceFile(path)) {
    // A file that cannot be read any more is written anew.
    if (auto sheet = catalog::Sheet::Open(*rows)) {
      before = *std::move(sheet);
      SB_TRY(base, base->With(*std::move(rows)));
    }
  }
  out.merge = MergePrices(*base, before.get(), out.list, day);
  SB_TRY([[maybe_unused]] const auto checked, base->With(out.merge.rows));
  return out;
}

void Print(const Refresh& refresh, const std::string& text) {
  const PriceMerge& merge = refresh.merge;
  const int columns = cli::TerminalOf(STDOUT_FILENO).columns;
  fmt::print(
      "{} new, {} changed, {} the same; {} entries of other providers, {} without a known "
      "price\n",
      merge.added.size(), merge.changed.size(), merge.same, refresh.list.other,
      refresh.list.unpriced);
  for (std::size_t i = 0; i < std::min(merge.changed.size(), kMostNamed); ++i) {
    fmt::print("  {}\n",
               cli::Wrapped(cli::Printable(merge.changed[i].name + ": " + merge.changed[i].what),
                            columns, 4));
  }
  for (std::size_t i = 0; i < std::min(merge.added.size(), kMostNamed); ++i) {
    fmt::print("  {}: new\n", cli::Printable(merge.added[i]));
  }
  const std::size_t left_out = merge.changed.size() - std::min(merge.changed.size(), kMostNamed) +
                               merge.added.size() - std::min(merge.added.size(), kMostNamed);
  if (left_out != 0) {
    fmt::print("  and {} more\n", left_out);
  }
  std::string fields;
  for (const auto& [name, count] : NotUnderstood(text)) {
    fields += fmt::format("{}{} ({})", fields.empty() ? "" : ", ", name, count);
  }
  if (!fields.empty()) {
    fmt::print("{}\n",
               cli::Wrapped("not understood, and left out: " + cli::Printable(fields), columns, 2));
  }
}

core::Status Write(const std::string& data, const std::string& path, const std::string& rows) {
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      data + ": " + error.message() + "; name another directory with --data");
  }
  return config::ReplaceFile(path, rows);
}

int Complain(const core::Error& error, cli::ExitStatus status = cli::kFailed) {
  fmt::print(stderr, "signalbox models refresh: {}; nothing was changed\n", error.message);
  return status;
}

}  // namespace

int ModelsRefresh(const config::Request& request, const RefreshArguments& arguments) {
  const auto day = arguments.day.empty()
                       ? std::chrono::floor<std::chrono::days>(core::WallNow())
                       : catalog::ReadDay(arguments.day).value_or(std::chrono::sys_days{});
  if (day == std::chrono::sys_days{}) {
    return Complain(Unusable("--day: expected a day such as 2026-08-01"), cli::kWrongUse);
  }
  const auto loaded = LoadOptions(request);
  if (!loaded.ok()) {
    fmt::print(stderr, "{}", config::Text(loaded.problems));
    return cli::kWrongUse;
  }
  const auto text = ReadPriceSource(arguments.from);
  if (!text) {
    return Complain(text.error());
  }
  const std::string path = PriceFile(loaded.value.data);
  const auto refresh = Make(*text, path, day);
  if (!refresh) {
    return Complain(Unusable(arguments.from + ": " + refresh.error().message));
  }
  Print(*refresh, *text);
  if (arguments.dry_run) {
    fmt::print("nothing was written, because of --dry-run\n");
    return cli::kDone;
  }
  if (refresh->merge.added.empty() && refresh->merge.changed.empty()) {
    fmt::print("nothing to write\n");
    return cli::kDone;
  }
  if (const auto written = Write(loaded.value.data, path, refresh->merge.rows); !written) {
    return Complain(written.error());
  }
  fmt::print("{} is written; a running Signalbox takes it over by itself\n", path);
  return cli::kDone;
}

}  // namespace signalbox::app
