// The book's checkpoint: one JSON document, replaced whole.
#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <sstream>

#include "base/config/atomic_file.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "pipeline/quota/book.h"

namespace signalbox::quota {
namespace {

constexpr std::int64_t kVersion = 1;

void WriteRow(const Budget& budget, const Book::Total& total, json::Writer& writer) {
  if (total.spent == 0 && total.uncertain == 0) {
    return;
  }
  writer.BeginArray()
      .String(budget.of().Code())
      .String(Name(budget.window()))
      .Int(total.span.start)
      .Int(total.span.end)
      .Int(total.spent)
      .Int(total.uncertain)
      .EndArray();
}

core::Status NoCheckpoint(const std::string& path) {
  return core::Fail(core::ErrorCode::kInternal,
                    fmt::format("{}: is no checkpoint of budgets; remove it, and what was spent is "
                                "worked out from the ledger",
                                path));
}

}  // namespace

core::Status Book::Save(const std::string& path, std::string_view position) const {
  std::string text;
  json::Writer writer(text);
  writer.BeginObject().Key("version").Int(kVersion).Key("position").String(position);
  writer.Key("totals").BeginArray();
  for (const auto& [budget, totals] : totals_) {
    WriteRow(*budget, totals.before, writer);
    WriteRow(*budget, totals.latest, writer);
  }
  writer.EndArray().EndObject();
  return config::ReplaceFile(path, text);
}

core::Status Book::ReadRow(std::string_view code, std::string_view window, const Total& total) {
  core::Uuid id;
  std::string name;
  SB_TRY(const SubjectKind kind, ReadSubject(code, id, name));
  SB_TRY(const Window wanted, FindWindow(window));
  const Subject& subject = registry_.FindOrMake({kind, id, name});
  for (Budget* budget = subject.budgets.load(std::memory_order_acquire); budget != nullptr;
       budget = budget->next()) {
    if (budget->window() == wanted && budget->active()) {
      Put(*budget, total);
    }
  }
  return {};  // of a budget that is no more: nobody asks
}

// Rows of one budget come with the earlier window first.
void Book::Put(Budget& budget, const Total& total) {
  Totals& totals = totals_[&budget];
  totals.before = totals.latest;
  totals.latest = total;
}

core::Result<std::optional<std::string>> Book::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  std::stringstream bytes;
  bytes << file.rdbuf();
  const std::string text = std::move(bytes).str();
  json::Document document;
  if (!document.Parse(text)) {
    return std::unexpected(NoCheckpoint(path).error());
  }
  const json::Value root = document.Root();
  const auto version = root.Find("version");
  const auto position = root.Find("position");
  const auto rows = root.Find("totals");
  if (!version || version->AsInt() != kVersion || !position || !position->IsString() || !rows) {
    return std::unexpected(NoCheckpoint(path).error());
  }
  bool good = true;
  json::ForEachElement(*rows, [&](const json::Value& row) {
    std::vector<json::Value> cells;
    json::ForEachElement(row, [&](const json::Value& cell) { cells.push_back(cell); });
    good = good && cells.size() == 6 && cells[0].IsString() && cells[1].IsString();
    for (std::size_t i = 2; good && i < 6; ++i) {
      good = cells[i].AsInt().has_value();
    }
    good = good && ReadRow(*cells[0].AsString(), *cells[1].AsString(),
                           {.span = {*cells[2].AsInt(), *cells[3].AsInt()},
                            .spent = *cells[4].AsInt(),
                            .uncertain = *cells[5].AsInt()});
  });
  if (!good) {
    totals_.clear();
    return std::unexpected(NoCheckpoint(path).error());
  }
  return position->AsString();
}

}  // namespace signalbox::quota
