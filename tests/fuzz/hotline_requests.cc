// Everything that the hotline's operators may ask.

#include <string>

#include "libs/identifiers/resource_name.h"
#include "mynumber/hotline/v1/error_reason.pb.h"
#include "mynumber/hotline/v1/hotline_service.pb.h"
#include "services/hotline/domain/refusals.h"
#include "services/hotline/domain/validate.h"
#include "tests/fuzz/requests.h"

namespace mynumber::hotline {
namespace {

using fuzz::FirstOf;
using fuzz::Holds;
using fuzz::Kind;
using fuzz::KindOf;

absl::Status Operator(const type::Actor& actor, bool clerk_required) {
  return FirstOf({serving::ValidateActor(kRefusals, actor, clerk_required),
                  actor.authority() == "hotline" ? absl::OkStatus() : refusals::HotlineOnly()});
}

absl::Status Name(const std::string& name) {
  const auto id = ValidateCaseName(name);
  if (id.ok()) Holds(FormatCaseName(*id) == name, "one case has one name");
  return id.status();
}

// Of a text that may stand in a case.
absl::Status Text(const std::string& text, const char* field, int characters_max) {
  absl::Status status = ValidateText(text, field, characters_max);
  if (status.ok()) Holds(!HoldsIndividualNumber(text), "no number is written into a case");
  return status;
}

template <class Message>
absl::Status Asked(const Message& message) {
  return FirstOf({fuzz::ValidateAsked(kRefusals, message, true), Operator(message.actor(), true),
                  Name(message.name())});
}

absl::Status Search(const v1::Search& search) {
  const auto kind = ValidateSearch(search);
  if (!kind.ok()) return kind.status();
  const int said = !search.card_serial().empty() + !search.application_id().empty() + !search.name().empty();
  Holds(said == 1 && *kind != events::v1::SEARCH_KIND_UNSPECIFIED, "a search goes one way");
  Holds(!LooksLikeIndividualNumber(search.name()), "nobody is sought by number");
  return absl::OkStatus();
}

std::vector<Kind> Kinds() {
  return {
      KindOf<v1::OpenCaseRequest>([](const v1::OpenCaseRequest& r) {
        return FirstOf({fuzz::ValidateAsked(kRefusals, r, true), Operator(r.actor(), true),
                        ValidateLanguage(r.language()).status(), ValidateCallerKind(r.caller_kind()),
                        Text(r.note(), "note", kNoteCharactersMax)});
      }),
      KindOf<v1::IdentifyCallerRequest>([](const v1::IdentifyCallerRequest& r) {
        return FirstOf({Asked(r), r.has_claim()    ? ValidateClaim(r.claim())
                                  : r.has_search() ? Search(r.search())
                                                   : refusals::SearchMissing()});
      }),
      KindOf<v1::SuspendCardRequest>([](const v1::SuspendCardRequest& r) {
        return FirstOf({Asked(r), ValidateCardName(r.card()), ValidateReason(r.reason())});
      }),
      KindOf<v1::RecordPoliceReportRequest>([](const v1::RecordPoliceReportRequest& r) {
        return FirstOf({Asked(r), r.receipt_number().empty()
                                      ? refusals::ReceiptNumberMissing()
                                      : Text(r.receipt_number(), "receipt_number", kReceiptCharactersMax)});
      }),
      KindOf<v1::AddNoteRequest>([](const v1::AddNoteRequest& r) {
        return FirstOf({Asked(r), r.text().empty() ? refusals::NoteMissing()
                                                   : Text(r.text(), "text", kNoteCharactersMax)});
      }),
      KindOf<v1::CloseCaseRequest>([](const v1::CloseCaseRequest& r) { return Asked(r); }),
      KindOf<v1::GetOpenLinesRequest>([](const v1::GetOpenLinesRequest& r) {
        return FirstOf({ValidateLanguage(r.language()).status(),
                        r.time().empty() ? absl::OkStatus() : ValidateTime(r.time()).status()});
      }),
      KindOf<v1::GetCaseRequest>([](const v1::GetCaseRequest& r) {
        return FirstOf({Name(r.name()), Operator(r.actor(), true)});
      }),
      KindOf<v1::ListCasesRequest>([](const v1::ListCasesRequest& r) {
        return FirstOf({Operator(r.actor(), false), fuzz::ValidatePage(kRefusals, r, 8 + 16)});
      }),
  };
}

}  // namespace
}  // namespace mynumber::hotline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: two rooms
  static const fuzz::Asked asked = {&hotline::kRefusals, hotline::v1::ErrorReason_descriptor(), hotline::Kinds()};
  fuzz::TryRequest(asked, fuzz::InputOf(data, size));
  return 0;
}
