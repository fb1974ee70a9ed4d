#include "libs/serving/refusals.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace mynumber::serving {

using absl::StatusCode;
using rpc::Problem;

Problem Refusals::Make(StatusCode code, std::string_view reason, std::string sentence) const {
  Problem problem;
  problem.code = code;
  problem.reason = reason;
  problem.domain = domain;
  problem.sentence = std::move(sentence);
  return problem;
}

absl::Status Refusals::Invalid(std::string_view reason, std::string_view field, std::string sentence) const {
  Problem problem = Make(StatusCode::kInvalidArgument, reason, sentence);
  problem.metadata.emplace_back("field", field);
  problem.field_violations.push_back({std::string(field), std::move(sentence)});
  return rpc::ToStatus(problem);
}

absl::Status Refusals::Unmet(std::string_view reason, std::string_view subject, std::string sentence) const {
  Problem problem = Make(StatusCode::kFailedPrecondition, reason, sentence);
  problem.unmet_conditions.push_back({"STATE", std::string(subject), std::move(sentence)});
  return rpc::ToStatus(problem);
}

absl::Status Refusals::Retry(StatusCode code, std::string_view reason, int64_t retry_millis,
                             std::string sentence) const {
  Problem problem = Make(code, reason, std::move(sentence));
  problem.retry_millis = retry_millis;
  return rpc::ToStatus(problem);
}

absl::Status Refusals::RequestIdMissing() const {
  return Invalid("REQUEST_ID_MISSING", "request_id",
                 "Give every request an id of its own (a UUID), and the same one when you ask again.");
}
absl::Status Refusals::RequestIdMalformed() const {
  return Invalid("REQUEST_ID_MALFORMED", "request_id",
                 "The request id must be a UUID such as 3f2b8c1e-0d54-4c0e-9a55-7b1f6a2d9c10.");
}
absl::Status Refusals::AuthorityMissing() const {
  return Invalid("AUTHORITY_MISSING", "actor.authority",
                 "State the authority that asks, for example municipality/131016.");
}
absl::Status Refusals::AuthorityMalformed() const {
  return Invalid("AUTHORITY_MALFORMED", "actor.authority",
                 "The authority must be municipality/ and a known six-digit code, or one of post-office, hotline, "
                 "factory, operator, auditor, application-site, photo-booth, terminal, service/<name>.");
}
absl::Status Refusals::ClerkMissing() const {
  return Invalid("CLERK_MISSING", "actor.clerk_id", std::string(clerk_missing));
}
absl::Status Refusals::ClerkMalformed() const {
  return Invalid("CLERK_MALFORMED", "actor.clerk_id",
                 "The clerk's id may have 1 to 64 ASCII letters, digits and -._@/ signs.");
}
absl::Status Refusals::PageTokenMalformed() const {
  return Invalid("PAGE_TOKEN_MALFORMED", "page_token",
                 "Send next_page_token of the previous page unchanged, or leave it empty to begin anew.");
}
absl::Status Refusals::PageSizeNegative() const {
  return Invalid("PAGE_SIZE_NEGATIVE", "page_size", "The page size must not be negative.");
}
absl::Status Refusals::TooManyItems(std::string_view field, int64_t items_max) const {
  return Invalid("TOO_MANY_ITEMS", field, absl::StrCat("Send 1 to ", items_max, " items at a time."));
}
absl::Status Refusals::PositionMalformed() const {
  return Invalid("POSITION_MALFORMED", "position",
                 "Send the position of an earlier answer unchanged, or leave it empty.");
}
absl::Status Refusals::MethodUnknown() const {
  return Invalid("METHOD_UNKNOWN", "method",
                 absl::StrCat("Name the method that was called, for example ", std::string(example_method), "."));
}
absl::Status Refusals::RequestTooLarge(int64_t bytes_max) const {
  return rpc::ToStatus(Make(StatusCode::kInvalidArgument, "REQUEST_TOO_LARGE",
                            absl::StrCat("A request may have ", bytes_max >> 20,
                                         " MiB at most: send fewer rows in one.")));
}
absl::Status Refusals::RequestMalformed() const {
  return rpc::ToStatus(Make(StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                            "This request is no message of this method: build the client with the service's proto "
                            "files."));
}
absl::Status Refusals::PartitionUnknown(uint32_t partition_count) const {
  return Invalid("PARTITION_UNKNOWN", "partitions",
                 absl::StrCat("There are the partitions 0 to ", partition_count - 1,
                              ": name each of them once at most."));
}

absl::Status Refusals::TextNotUtf8(std::string_view field) const {
  return Invalid("TEXT_NOT_UTF8", field,
                 "The text is not UTF-8, or has control characters. Check the encoding of its source.");
}
absl::Status Refusals::TextTooLong(std::string_view field, int characters_max) const {
  return Invalid("TEXT_TOO_LONG", field, absl::StrCat("Shorten the text to ", characters_max, " characters."));
}
absl::Status Refusals::RequestIdReused() const {
  return rpc::ToStatus(Make(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                            "This request id was used for another request: send this one under a new id."));
}

absl::Status Refusals::AnswerErased() const {
  return rpc::ToStatus(Make(StatusCode::kNotFound, "ANSWER_ERASED",
                            "This request was accepted. Its answer is gone: the resident's data was erased since, on a "
                            "legal ground."));
}

absl::Status Refusals::NotIdentified() const {
  return rpc::ToStatus(Make(StatusCode::kUnauthenticated, "NOT_IDENTIFIED",
                            "Your certificate does not say which authority you are: ask the operator for another."));
}
absl::Status Refusals::AuthorityNotYours() const {
  return rpc::ToStatus(Make(StatusCode::kPermissionDenied, "AUTHORITY_NOT_YOURS",
                            "The request names another authority than your certificate: ask in your own name."));
}
absl::Status Refusals::MethodNotAllowed() const {
  return rpc::ToStatus(Make(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED",
                            "Your authority may not do this. If it is a task of yours, ask the operator to grant it."));
}

absl::Status Refusals::PartitionNotServing() const {
  return Retry(StatusCode::kUnavailable, "PARTITION_NOT_SERVING", 500,
               "This part of the register is not being served at the moment: send the same request again.");
}
absl::Status Refusals::PartitionStopped() const {
  return Retry(StatusCode::kUnavailable, "PARTITION_STOPPED", 60'000,
               "This part of the register has stopped until the operator has mended it: tell the operator, and send "
               "the same request again after that.");
}
absl::Status Refusals::QueueFull() const {
  return Retry(StatusCode::kResourceExhausted, "QUEUE_FULL", 200,
               "Too many requests wait: send the same request again, a little later.");
}
absl::Status Refusals::LimitReached(int64_t wait_millis) const {
  return Retry(StatusCode::kResourceExhausted, "LIMIT_REACHED", wait_millis,
               "More was asked for in a short time than your authority or you may ask for: go on later, or ask the "
               "operator whether the limit is right for you.");
}
absl::Status Refusals::OutcomeUnknown() const {
  return Retry(StatusCode::kUnavailable, "OUTCOME_UNKNOWN", 1000,
               "The outcome is not known yet: send the same request again, or ask GetOutcome.");
}
absl::Status Refusals::ShuttingDown() const {
  // In a cluster others have taken over before this one says so.
  return Retry(StatusCode::kUnavailable, "SHUTTING_DOWN", 200,
               "This instance is stopping: send the same request again.");
}
absl::Status Refusals::StorageFull() const {
  return Retry(StatusCode::kUnavailable, "STORAGE_FULL", 5000,
               "The disk is full: nothing that was answered is lost; send the same request again when there is room.");
}
absl::Status Refusals::DeadlinePassed() const {
  return Retry(StatusCode::kDeadlineExceeded, "DEADLINE_PASSED", 0,
               "The time given was over: send the same request again, or ask GetOutcome what became of it.");
}

}  // namespace mynumber::serving
