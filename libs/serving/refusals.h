#ifndef MYNUMBER_LIBS_SERVING_REFUSALS_H_
#define MYNUMBER_LIBS_SERVING_REFUSALS_H_

// The "no"s that every service has, and what its own are made with. No gRPC here: the pure domain may include it.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "libs/rpc/problem.h"

namespace mynumber::serving {

// Reasons that stand by these names in every service's ErrorReason.
inline constexpr std::string_view kSharedReasons[] = {
    "REQUEST_ID_MISSING", "REQUEST_ID_MALFORMED", "AUTHORITY_MISSING", "AUTHORITY_MALFORMED", "CLERK_MISSING",
    "CLERK_MALFORMED",    "PAGE_TOKEN_MALFORMED", "PAGE_SIZE_NEGATIVE", "TOO_MANY_ITEMS",     "POSITION_MALFORMED",
    "METHOD_UNKNOWN",     "REQUEST_TOO_LARGE",    "REQUEST_MALFORMED",  "PARTITION_UNKNOWN",  "REQUEST_ID_REUSED",
    "ANSWER_ERASED",
    "PARTITION_NOT_SERVING", "PARTITION_STOPPED", "QUEUE_FULL",         "OUTCOME_UNKNOWN",    "SHUTTING_DOWN",
    "STORAGE_FULL",       "DEADLINE_PASSED",      "NOT_IDENTIFIED",     "AUTHORITY_NOT_YOURS",
    "METHOD_NOT_ALLOWED", "LIMIT_REACHED",
};

// One service's way to say no: a value, made once as a constant. Reasons are names of the service's ErrorReason; the
// sentences tell a clerk what to do, and never repeat personal data.
struct Refusals {
  // As "issuance.mynumber".
  std::string_view domain;
  // Why a clerk must be named, where one must.
  std::string_view clerk_missing;
  // A writing call of the service, as "RegisterResident".
  std::string_view example_method;

  // What a service's own refusals are made with.
  rpc::Problem Make(absl::StatusCode code, std::string_view reason, std::string sentence) const;
  absl::Status Invalid(std::string_view reason, std::string_view field, std::string sentence) const;
  absl::Status Unmet(std::string_view reason, std::string_view subject, std::string sentence) const;
  absl::Status Retry(absl::StatusCode code, std::string_view reason, int64_t retry_millis, std::string sentence) const;

  // INVALID_ARGUMENT
  absl::Status RequestIdMissing() const;
  absl::Status RequestIdMalformed() const;
  absl::Status AuthorityMissing() const;
  absl::Status AuthorityMalformed() const;
  absl::Status ClerkMissing() const;
  absl::Status ClerkMalformed() const;
  absl::Status PageTokenMalformed() const;
  absl::Status PageSizeNegative() const;
  absl::Status TooManyItems(std::string_view field, int64_t items_max) const;
  absl::Status PositionMalformed() const;
  absl::Status MethodUnknown() const;
  absl::Status RequestTooLarge(int64_t bytes_max) const;
  absl::Status RequestMalformed() const;
  absl::Status PartitionUnknown(uint32_t partition_count) const;
  // Of services that take free text (text.h): TEXT_NOT_UTF8, TEXT_TOO_LONG.
  absl::Status TextNotUtf8(std::string_view field) const;
  absl::Status TextTooLong(std::string_view field, int characters_max) const;

  // ALREADY_EXISTS
  absl::Status RequestIdReused() const;
  // The request was accepted once, and what it was answered is not known any more.
  absl::Status AnswerErased() const;

  // UNAUTHENTICATED, PERMISSION_DENIED: see gate.h.
  absl::Status NotIdentified() const;
  absl::Status AuthorityNotYours() const;
  absl::Status MethodNotAllowed() const;

  // UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED: safe to send again as it is.
  absl::Status PartitionNotServing() const;
  absl::Status PartitionStopped() const;
  absl::Status QueueFull() const;
  // `wait_millis`: until what was asked for is within the limits again.
  absl::Status LimitReached(int64_t wait_millis) const;
  absl::Status OutcomeUnknown() const;
  absl::Status ShuttingDown() const;
  absl::Status StorageFull() const;
  absl::Status DeadlinePassed() const;
};

}  // namespace mynumber::serving

#endif  // MYNUMBER_LIBS_SERVING_REFUSALS_H_
