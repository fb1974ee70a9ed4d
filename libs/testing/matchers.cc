#include "libs/testing/matchers.h"

#include "google/protobuf/util/message_differencer.h"
#include "libs/rpc/problem.h"

namespace mynumber::testing {

std::string Differences(const google::protobuf::Message& actual, const google::protobuf::Message& expected) {
  std::string differences;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_message_field_comparison(google::protobuf::util::MessageDifferencer::EQUIVALENT);
  differencer.ReportDifferencesToString(&differences);
  return differencer.Compare(expected, actual) ? "" : differences;
}

std::string ReasonOf(const absl::Status& status) {
  const auto problem = rpc::ProblemOf(status);
  return problem ? problem->reason : "";
}

std::string FieldOf(const absl::Status& status) {
  const auto problem = rpc::ProblemOf(status);
  return problem && !problem->field_violations.empty() ? problem->field_violations.front().field : "";
}

bool SameRefusal(const absl::Status& a, const absl::Status& b) {
  return a.code() == b.code() && a.message() == b.message() && rpc::ProblemOf(a) == rpc::ProblemOf(b);
}

}  // namespace mynumber::testing
