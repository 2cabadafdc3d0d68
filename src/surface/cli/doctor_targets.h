// What GET /api/health/targets says, as findings.
//
// Threads: pure. Errors: an answer that cannot be read is a finding. Cancel: nothing waits.
#pragma once

#include <string>
#include <string_view>

#include "surface/cli/doctor_report.h"

namespace signalbox::cli {

void JudgeTargets(std::string_view body, const std::string& area, DoctorReport& report);

}  // namespace signalbox::cli
