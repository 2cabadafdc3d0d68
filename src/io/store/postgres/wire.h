// Values in PostgreSQL's binary form. Pure; any thread.
// Source: PostgreSQL 15, send and receive functions of the types (utils/adt), catalog/pg_type.dat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/store/value.h"

namespace signalbox::store::postgres {

using Oid = unsigned int;

inline constexpr Oid kBool = 16;
inline constexpr Oid kBytea = 17;
inline constexpr Oid kChar = 18;
inline constexpr Oid kName = 19;
inline constexpr Oid kInt8 = 20;
inline constexpr Oid kInt2 = 21;
inline constexpr Oid kInt4 = 23;
inline constexpr Oid kText = 25;
inline constexpr Oid kFloat4 = 700;
inline constexpr Oid kFloat8 = 701;
inline constexpr Oid kUnknown = 705;
inline constexpr Oid kBpchar = 1042;
inline constexpr Oid kVarchar = 1043;
inline constexpr Oid kNumeric = 1700;

// The type that stands for a Param; 0 for null.
Oid TypeOf(const Param& param);
// The one of our types that takes the same values as `type`; `type` itself when there is none.
Oid OurType(Oid type);
bool IsTextType(Oid type);

// Adds the bytes of `param` in the form of a column of `type`; false when they do not fit. Not of
// null.
bool AppendValue(std::string& out, const Param& param, Oid type);
void AppendInt16(std::string& out, std::int16_t value);
void AppendInt32(std::string& out, std::int32_t value);

// Nothing when `type` holds no such thing.
std::optional<std::int64_t> ReadInt(std::string_view bytes, Oid type);
std::optional<double> ReadNumber(std::string_view bytes, Oid type);

}  // namespace signalbox::store::postgres
