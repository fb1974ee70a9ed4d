#ifndef MYNUMBER_SERVICES_CARD_DOMAIN_REFUSALS_SENTENCES_H_
#define MYNUMBER_SERVICES_CARD_DOMAIN_REFUSALS_SENTENCES_H_

#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "mynumber/card/v1/error_reason.pb.h"

namespace mynumber::card::refusals {

struct Sentence {
  v1::ErrorReason reason;
  absl::StatusCode code;
  // Of INVALID_ARGUMENT: the field that is wrong, where it is always the same.
  std::string_view field;
  std::string_view sentence;
};
// Of all reasons but those that all services share, and those with words of their own (refusals.cc).
absl::Span<const Sentence> Sentences();

}  // namespace mynumber::card::refusals

#endif  // MYNUMBER_SERVICES_CARD_DOMAIN_REFUSALS_SENTENCES_H_
