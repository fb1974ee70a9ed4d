#ifndef MYNUMBER_TESTS_FUZZ_REQUESTS_H_
#define MYNUMBER_TESTS_FUZZ_REQUESTS_H_

// Requests as bytes from anybody: read as a service's edge reads them, then handed to its validators.

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "libs/serving/caller.h"
#include "libs/serving/pages.h"
#include "libs/serving/refusals.h"
#include "tests/fuzz/law.h"

namespace mynumber::fuzz {

// One kind of request: an empty message of it, and all that its service asks of it before it looks at any row.
struct Kind {
  std::function<std::unique_ptr<google::protobuf::Message>()> make;
  std::function<absl::Status(const google::protobuf::Message&)> validate;
};

// `validate` takes const Message&.
template <class Message, class Validate>
Kind KindOf(Validate validate) {
  return {[] { return std::make_unique<Message>(); },
          [validate](const google::protobuf::Message& message) {
            return validate(static_cast<const Message&>(message));
          }};
}

// A service: how it says no, and what it may be asked. The order of `kinds` is that of the kept inputs: new ones go to
// the end.
struct Asked {
  const serving::Refusals* refusals;
  const google::protobuf::EnumDescriptor* reasons;
  std::vector<Kind> kinds;
};

// All of them, in order.
inline std::vector<Kind> Joined(std::initializer_list<std::vector<Kind>> groups) {
  std::vector<Kind> all;
  for (const auto& group : groups) all.insert(all.end(), group.begin(), group.end());
  return all;
}

// The first byte of `input` chooses the kind, the rest is the request. Holds that it is read without loss or not at
// all, that it is judged the same when it comes again, and that a refusal is one of the service's own, names a field of
// this request where it blames one, says the same sentence as ever, and arrives whole.
void TryRequest(const Asked& asked, std::string_view input);

// ---- What every service asks

// The first of these statuses that is not OK.
inline absl::Status FirstOf(std::initializer_list<absl::Status> all) {
  for (const absl::Status& status : all) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Of a writing call: who asks, and under which request id.
template <class Message>
absl::Status ValidateAsked(const serving::Refusals& refusals, const Message& message, bool clerk_required) {
  return FirstOf({serving::ValidateActor(refusals, message.actor(), clerk_required),
                  serving::ValidateRequestId(refusals, message.request_id()).status()});
}

// Of a list: how much, and from where on.
template <class Message>
absl::Status ValidatePage(const serving::Refusals& refusals, const Message& message, size_t last_bytes) {
  if (message.page_size() < 0) return refusals.PageSizeNegative();
  Holds(serving::PageSize(message.page_size()) <= 1000, "a page has its limit");
  const auto cursor = serving::ParseCursor(message.page_token(), /*partition_count=*/4, last_bytes);
  return cursor ? absl::OkStatus() : refusals.PageTokenMalformed();
}

}  // namespace mynumber::fuzz

#endif  // MYNUMBER_TESTS_FUZZ_REQUESTS_H_
