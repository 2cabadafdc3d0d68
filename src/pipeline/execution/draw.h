// One uniform draw, spent on several independent choices.
//
// Plain data. Each choice uses up the part of the draw that made it and leaves the rest uniform, so
// that Next() needs one draw an event however much it has to choose: 53 bits last for several.
#pragma once

#include <algorithm>

namespace signalbox::execution {

class Draw {
 public:
  // `value` in [0, 1).
  explicit Draw(double value) : value_(value) {}

  // True in `part` of `whole` cases; 0 <= part <= whole, 0 < whole.
  bool Hits(double part, double whole) {
    const double edge = part / whole;
    const bool hit = value_ < edge;
    value_ = hit ? value_ / edge : (value_ - edge) / (1 - edge);
    value_ = std::min(value_, 0x1.fffffffffffffp-1);  // rounding may not reach 1
    return hit;
  }

  // What is left, for a last choice.
  double value() const { return value_; }

 private:
  double value_;
};

}  // namespace signalbox::execution
