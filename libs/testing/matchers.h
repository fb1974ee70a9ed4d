#ifndef MYNUMBER_LIBS_TESTING_MATCHERS_H_
#define MYNUMBER_LIBS_TESTING_MATCHERS_H_

#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/message.h"

namespace mynumber::testing {

// The fields in which `actual` differs from `expected`, one a line; empty if there are none. An unset field and one
// that is set to its default are the same, as they are on the wire.
std::string Differences(const google::protobuf::Message& actual, const google::protobuf::Message& expected);

MATCHER_P(EqualsProto, expected, "equals\n" + expected.DebugString()) {
  const std::string differences = Differences(arg, expected);
  *result_listener << "differences (from expected to actual):\n" << differences;
  return differences.empty();
}

// What a refusal says of itself, "" where it does not: the ErrorInfo's reason, and the first BadRequest violation's
// field.
std::string ReasonOf(const absl::Status& status);
std::string FieldOf(const absl::Status& status);
// Whether all that they say is the same; their bytes may differ, since metadata is a map.
bool SameRefusal(const absl::Status& a, const absl::Status& b);

// The enumerator's name.
template <class ErrorReason>
const std::string& NameOf(ErrorReason reason) {
  return google::protobuf::GetEnumDescriptor<ErrorReason>()->FindValueByNumber(reason)->name();
}
// Of reasons that every service has, and which therefore have no enum of their own.
inline std::string NameOf(std::string_view reason) { return std::string(reason); }

// For an absl::Status that carries a rpc::Problem.
MATCHER_P(HasReason, reason, "is a refusal with reason " + NameOf(reason)) {
  *result_listener << "status: " << arg.ToString(absl::StatusToStringMode::kWithNoExtraData);
  return ReasonOf(arg) == NameOf(reason);
}
MATCHER_P(HasCode, code, "has gRPC code " + absl::StatusCodeToString(code)) { return arg.code() == code; }
MATCHER_P(NamesField, field, "names the field " + std::string(field)) {
  *result_listener << "names '" << FieldOf(arg) << "'";
  return FieldOf(arg) == field;
}

}  // namespace mynumber::testing

#endif  // MYNUMBER_LIBS_TESTING_MATCHERS_H_
