#include "surface/cli/doctor_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json/writer.h"
#include "surface/cli/text_width.h"

namespace signalbox::cli {
namespace {

constexpr int kStateColumns = 9;    // "  warning"
constexpr int kMostCheckName = 20;  // longer names push their line to the right
constexpr int kNarrow = 60;         // below, what was found goes under its name

Paint PaintOf(CheckState state) {
  switch (state) {
    case CheckState::kOk:
      return Paint::kGood;
    case CheckState::kSkipped:
      return Paint::kDim;
    case CheckState::kWarning:
      return Paint::kWarn;
    case CheckState::kBad:
      return Paint::kBad;
  }
  return Paint::kPlain;
}

// Several lines in a pipe are several lines there too, each under the first.
void AddWrapped(const Terminal& terminal, std::string_view text, int indent, std::string& out) {
  out += Wrapped(text, terminal.columns, indent);
  out += '\n';
}

std::string Spaces(int count) {
  return std::string(static_cast<std::size_t>(std::max(0, count)), ' ');
}

void AddFinding(const Terminal& terminal, const Finding& finding, int name_columns,
                std::string& out) {
  const std::string_view state = Name(finding.state);
  out += Spaces(kStateColumns - Width(state));
  out += Painted(terminal, PaintOf(finding.state), state) + "  ";
  const bool narrow = terminal.columns != 0 && terminal.columns < kNarrow;
  int indent = kStateColumns + 2;
  if (narrow) {
    out += finding.check + "\n" + Spaces(indent);
  } else {
    out += finding.check + Spaces(name_columns - Width(finding.check)) + "  ";
    indent += name_columns + 2;
  }
  AddWrapped(terminal, finding.found, indent, out);
  if (!finding.next.empty()) {
    out += Spaces(indent) + Painted(terminal, Paint::kBold, "->") + " ";
    AddWrapped(terminal, finding.next, indent + 3, out);
  }
}

}  // namespace

std::string_view Name(CheckState state) {
  switch (state) {
    case CheckState::kOk:
      return "ok";
    case CheckState::kSkipped:
      return "skipped";
    case CheckState::kWarning:
      return "warning";
    case CheckState::kBad:
      return "bad";
  }
  return "bad";
}

void DoctorReport::Ok(std::string area, std::string check, std::string found) {
  Add({std::move(area), std::move(check), CheckState::kOk, std::move(found), {}});
}

void DoctorReport::Skip(std::string area, std::string check, std::string why) {
  Add({std::move(area), std::move(check), CheckState::kSkipped, std::move(why), {}});
}

void DoctorReport::Warn(std::string area, std::string check, std::string found, std::string next) {
  Add({std::move(area), std::move(check), CheckState::kWarning, std::move(found), std::move(next)});
}

void DoctorReport::Bad(std::string area, std::string check, std::string found, std::string next) {
  Add({std::move(area), std::move(check), CheckState::kBad, std::move(found), std::move(next)});
}

void DoctorReport::Add(DoctorReport other) {
  std::ranges::move(other.findings_, std::back_inserter(findings_));
}

std::size_t DoctorReport::Count(CheckState state) const {
  return static_cast<std::size_t>(std::ranges::count(findings_, state, &Finding::state));
}

CheckState DoctorReport::state() const {
  CheckState worst = CheckState::kOk;
  for (const Finding& finding : findings_) {
    if (finding.state != CheckState::kSkipped) {
      worst = std::max(worst, finding.state);
    }
  }
  return worst;
}

std::string DoctorReport::Text(const Terminal& terminal) const {
  std::vector<std::string_view> areas;
  int name_columns = 0;
  for (const Finding& finding : findings_) {
    if (std::ranges::find(areas, finding.area) == areas.end()) {
      areas.push_back(finding.area);
    }
    if (const int width = Width(finding.check); width <= kMostCheckName) {
      name_columns = std::max(name_columns, width);
    }
  }
  std::string out;
  for (const std::string_view area : areas) {
    out += Painted(terminal, Paint::kBold, area) + "\n";
    for (const Finding& finding : findings_) {
      if (finding.area == area) {
        AddFinding(terminal, finding, name_columns, out);
      }
    }
    out += '\n';
  }
  std::string counted;
  for (const CheckState each :
       {CheckState::kBad, CheckState::kWarning, CheckState::kOk, CheckState::kSkipped}) {
    if (const std::size_t count = Count(each); count != 0) {
      const bool plural = each == CheckState::kWarning && count > 1;
      counted += fmt::format("{}{} {}{}", counted.empty() ? "" : ", ", count, Name(each),
                             plural ? "s" : "");
    }
  }
  return out + Painted(terminal, PaintOf(state()), counted) + "\n";
}

std::string DoctorReport::Json() const {
  std::string out;
  json::Writer writer(out);
  writer.BeginObject().Key("state").String(Name(state())).Key("checks").BeginArray();
  for (const Finding& finding : findings_) {
    writer.BeginObject().Key("area").String(finding.area).Key("check").String(finding.check);
    writer.Key("state").String(Name(finding.state)).Key("found").String(finding.found);
    writer.Key("next");
    finding.next.empty() ? writer.Null() : writer.String(finding.next);
    writer.EndObject();
  }
  writer.EndArray().EndObject();
  return out;
}

}  // namespace signalbox::cli
