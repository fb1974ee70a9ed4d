#ifndef MYNUMBER_SERVICES_HOTLINE_DOMAIN_VALIDATE_H_
#define MYNUMBER_SERVICES_HOTLINE_DOMAIN_VALIDATE_H_

// What is wrong with a request whatever the state: the first thing, as a refusal.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/eventsourcing/subject.h"
#include "mynumber/card/events/v1/events.pb.h"
#include "mynumber/hotline/events/v1/events.pb.h"
#include "mynumber/hotline/v1/hotline_service.pb.h"

namespace mynumber::hotline {

constexpr int kNoteCharactersMax = 2000;
constexpr int kReceiptCharactersMax = 100;

std::string FormatCaseName(const eventsourcing::SubjectId& id);
absl::StatusOr<eventsourcing::SubjectId> ValidateCaseName(std::string_view name);
absl::Status ValidateCardName(std::string_view name);
absl::Status ValidateResidentName(std::string_view name, std::string_view field);
// As Languages() has it.
absl::StatusOr<std::string_view> ValidateLanguage(std::string_view tag);
// RFC 3339 with an offset, in micros.
absl::StatusOr<int64_t> ValidateTime(std::string_view text);
// No control characters, and no Individual Number in it; may be empty.
absl::Status ValidateText(std::string_view text, std::string_view field, int characters_max);
absl::Status ValidateCallerKind(events::v1::CallerKind kind);
absl::StatusOr<events::v1::SearchKind> ValidateSearch(const v1::Search& search);
absl::Status ValidateClaim(const v1::Claim& claim);
absl::Status ValidateReason(card::events::v1::SuspensionReason reason);

// Twelve digits and nothing else, however they are typed.
bool LooksLikeIndividualNumber(std::string_view text);
// Somewhere in it stand twelve digits whose check digit is right.
bool HoldsIndividualNumber(std::string_view text);

}  // namespace mynumber::hotline

#endif  // MYNUMBER_SERVICES_HOTLINE_DOMAIN_VALIDATE_H_
