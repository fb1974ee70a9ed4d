#include "libs/rpc/problem.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <tuple>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace mynumber::rpc {
namespace {

constexpr char kPayload[] = "mynumber/problem";
constexpr char kNoDomain[] = "mynumber";
constexpr char kInsideText[] =
    "The service failed inside. Whether the request was accepted is unknown: ask GetOutcome with its request_id, or "
    "send it again with the same one.";
// gRPC refuses trailers beyond 8 KiB, and they hold the message too, three bytes for each that is not ASCII.
constexpr size_t kMaxDetailBytes = 3000;
constexpr size_t kMaxMessageBytes = 1000;

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "problem: %s\n", what);
  std::abort();
}

absl::Status WithPayload(absl::StatusCode code, std::string_view message, const google::rpc::Status& details) {
  absl::Status status(code, absl::string_view(message.data(), message.size()));
  status.SetPayload(kPayload, absl::Cord(details.SerializeAsString()));
  return status;
}

template <typename Detail>
void Pack(const Detail& detail, google::rpc::Status& status) {
  status.add_details()->PackFrom(detail);
}

google::rpc::ErrorInfo InfoOf(const Problem& problem) {
  google::rpc::ErrorInfo info;
  info.set_reason(problem.reason);
  info.set_domain(problem.domain.empty() ? kNoDomain : problem.domain);
  for (const auto& [key, value] : problem.metadata) (*info.mutable_metadata())[key] = value;
  return info;
}

google::rpc::BadRequest BadRequestOf(const Problem& problem) {
  google::rpc::BadRequest bad;
  for (const FieldViolation& violation : problem.field_violations) {
    auto& added = *bad.add_field_violations();
    added.set_field(violation.field);
    added.set_description(violation.description);
  }
  return bad;
}

google::rpc::PreconditionFailure PreconditionOf(const Problem& problem) {
  google::rpc::PreconditionFailure failure;
  for (const UnmetCondition& condition : problem.unmet_conditions) {
    auto& added = *failure.add_violations();
    added.set_type(condition.type);
    added.set_subject(condition.subject);
    added.set_description(condition.description);
  }
  return failure;
}

google::rpc::ResourceInfo ResourceOf(const NamedResource& resource) {
  google::rpc::ResourceInfo info;
  info.set_resource_type(resource.type);
  info.set_resource_name(resource.name);
  info.set_description(resource.description);
  return info;
}

google::rpc::RetryInfo RetryOf(int64_t retry_millis) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(retry_millis / 1000);
  info.mutable_retry_delay()->set_nanos(static_cast<int32_t>(retry_millis % 1000 * 1'000'000));
  return info;
}

google::rpc::Status RpcOf(const Problem& problem) {
  google::rpc::Status status;
  status.set_code(static_cast<int>(problem.code));
  status.set_message(problem.sentence);
  Pack(InfoOf(problem), status);
  if (!problem.field_violations.empty()) Pack(BadRequestOf(problem), status);
  if (!problem.unmet_conditions.empty()) Pack(PreconditionOf(problem), status);
  if (problem.resource.has_value()) Pack(ResourceOf(*problem.resource), status);
  if (problem.retry_millis.has_value()) Pack(RetryOf(*problem.retry_millis), status);
  return status;
}

void Take(const google::rpc::ErrorInfo& info, Problem& problem) {
  problem.reason = info.reason();
  problem.domain = info.domain();
  problem.metadata.assign(info.metadata().begin(), info.metadata().end());
  std::sort(problem.metadata.begin(), problem.metadata.end());  // a protobuf map has no order
}

void Take(const google::rpc::BadRequest& bad, Problem& problem) {
  for (const auto& violation : bad.field_violations()) {
    problem.field_violations.push_back({violation.field(), violation.description()});
  }
}

void Take(const google::rpc::PreconditionFailure& failure, Problem& problem) {
  for (const auto& violation : failure.violations()) {
    problem.unmet_conditions.push_back({violation.type(), violation.subject(), violation.description()});
  }
}

void Take(const google::rpc::ResourceInfo& info, Problem& problem) {
  problem.resource = NamedResource{info.resource_type(), info.resource_name(), info.description()};
}

void Take(const google::rpc::RetryInfo& info, Problem& problem) {
  problem.retry_millis = info.retry_delay().seconds() * 1000 + info.retry_delay().nanos() / 1'000'000;
}

// Takes `any` if it is a Detail.
template <typename Detail>
bool TakeIf(const google::protobuf::Any& any, Problem& problem) {
  Detail detail;
  if (!any.Is<Detail>() || !any.UnpackTo(&detail)) return false;
  Take(detail, problem);
  return true;
}

std::optional<Problem> ProblemIn(const google::rpc::Status& status) {
  Problem problem;
  bool has_info = false;
  for (const google::protobuf::Any& any : status.details()) {
    has_info |= TakeIf<google::rpc::ErrorInfo>(any, problem);
    TakeIf<google::rpc::BadRequest>(any, problem);
    TakeIf<google::rpc::PreconditionFailure>(any, problem);
    TakeIf<google::rpc::ResourceInfo>(any, problem);
    TakeIf<google::rpc::RetryInfo>(any, problem);
  }
  if (!has_info) return std::nullopt;
  problem.code = static_cast<absl::StatusCode>(status.code());
  problem.sentence = status.message();
  return problem;
}

bool IsInside(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

Problem ProblemFor(const absl::Status& status) {
  if (std::optional<Problem> problem = ProblemOf(status)) return *std::move(problem);
  Problem problem;
  problem.code = status.code();
  problem.reason = absl::StatusCodeToString(status.code());
  problem.domain = kNoDomain;
  problem.sentence = IsInside(status.code()) ? kInsideText : std::string(status.message());
  return problem;
}

void Clip(std::string& text, size_t max_bytes) {
  if (text.size() <= max_bytes) return;
  size_t length = max_bytes;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
  text.resize(length);
}

// Drops the last one of the longest list; false if nothing is left to drop.
bool DropOne(Problem& problem) {
  const size_t longest = std::max(
      {problem.field_violations.size(), problem.unmet_conditions.size(), problem.metadata.size()});
  if (longest == 0) return false;
  if (problem.field_violations.size() == longest) {
    problem.field_violations.pop_back();
  } else if (problem.unmet_conditions.size() == longest) {
    problem.unmet_conditions.pop_back();
  } else {
    problem.metadata.pop_back();
  }
  return true;
}

auto Tie(const Problem& p) {
  return std::tie(p.code, p.reason, p.domain, p.sentence, p.metadata, p.retry_millis);
}

}  // namespace

bool operator==(const Problem& a, const Problem& b) {
  const auto same_field = [](const FieldViolation& x, const FieldViolation& y) {
    return x.field == y.field && x.description == y.description;
  };
  const auto same_condition = [](const UnmetCondition& x, const UnmetCondition& y) {
    return x.type == y.type && x.subject == y.subject && x.description == y.description;
  };
  const auto resource = [](const Problem& p) {
    const NamedResource named = p.resource.value_or(NamedResource{});
    return std::make_tuple(p.resource.has_value(), named.type, named.name, named.description);
  };
  return Tie(a) == Tie(b) && resource(a) == resource(b) &&
         std::equal(a.field_violations.begin(), a.field_violations.end(), b.field_violations.begin(),
                    b.field_violations.end(), same_field) &&
         std::equal(a.unmet_conditions.begin(), a.unmet_conditions.end(), b.unmet_conditions.begin(),
                    b.unmet_conditions.end(), same_condition);
}

absl::Status ToStatus(const Problem& problem) {
  if (problem.code == absl::StatusCode::kOk) Die("OK is no problem");
  if (problem.reason.empty()) Die("a problem needs a reason");
  return WithPayload(problem.code, problem.sentence, RpcOf(problem));
}

std::optional<Problem> ProblemOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayload);
  google::rpc::Status details;
  if (!payload.has_value() || !details.ParseFromString(std::string(*payload))) return std::nullopt;
  return ProblemIn(details);
}

google::rpc::Status ToRpc(const absl::Status& status) {
  if (status.ok()) return google::rpc::Status();
  Problem problem = ProblemFor(status);
  Clip(problem.sentence, kMaxMessageBytes);
  google::rpc::Status result = RpcOf(problem);
  while (result.ByteSizeLong() > kMaxDetailBytes && DropOne(problem)) result = RpcOf(problem);
  return result;
}

absl::Status FromRpc(const google::rpc::Status& status) {
  if (status.code() == 0) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.code());
  if (!ProblemIn(status).has_value()) return absl::Status(code, status.message());
  return WithPayload(code, status.message(), status);
}

}  // namespace mynumber::rpc
