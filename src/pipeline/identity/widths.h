// What is within what: nobody gives more than they have.
//
// Pure. Errors: kForbidden that names the field that would be wider.
#pragma once

#include <string_view>

#include "base/core/error.h"
#include "pipeline/identity/nouns.h"

namespace signalbox::identity {

// Whether every name that `narrow` allows is allowed by `wide`. Never true when it is not; a rule
// of `narrow` that only several rules of `wide` cover together counts as wider.
bool Covers(const request::NameRules& wide, const request::NameRules& narrow);

// The field by which `narrow` allows something that `wide` does not; empty: it lies within. Whom a
// key belongs to is not looked at.
std::string_view WiderField(const KeyRights& wide, const KeyRights& narrow);

// What a credential has, in the form in which it gives.
KeyRights RightsOf(const request::Grant& grant);

core::Status CheckWithin(const request::Grant& maker, const KeyRights& wanted);

}  // namespace signalbox::identity
