// Everything that the card service may be asked. Photographs have a target of their own.

#include <string>

#include "libs/mailbox/email_address.h"
#include "libs/sealing/seeded_chance.h"
#include "mynumber/card/v1/card_service.pb.h"
#include "mynumber/card/v1/error_reason.pb.h"
#include "services/card/domain/refusals.h"
#include "services/card/domain/state_transitions.h"
#include "services/card/domain/validate.h"
#include "services/card/service_keys.h"
#include "tests/fuzz/requests.h"

namespace mynumber::card {
namespace {

using fuzz::FirstOf;
using fuzz::Holds;
using fuzz::Kind;
using fuzz::KindOf;

absl::Status Actor(const type::Actor& actor) { return serving::ValidateActor(kRefusals, actor, false); }

absl::Status Who(const type::Actor& actor, std::string_view authority, const absl::Status& others) {
  return FirstOf({Actor(actor), actor.authority() == authority ? absl::OkStatus() : others});
}

// A municipality acts by a clerk, and so does the hotline.
template <class Message>
absl::Status Asked(const Message& message) {
  const auto channel = ChannelOf(message.actor().authority());
  const bool needs_clerk = channel == events::v1::CHANNEL_COUNTER || channel == events::v1::CHANNEL_HOTLINE;
  return fuzz::ValidateAsked(kRefusals, message, needs_clerk);
}

absl::Status CardName(const std::string& name, const char* field = "name") {
  const auto card = ValidateCardName(name, field);
  if (card.ok()) Holds(FormatCardName(*card) == name && card->number > 0, "one card has one name");
  return card.status();
}

absl::Status ApplicationName(const std::string& name) {
  const auto application = ValidateApplicationName(name);
  if (application.ok()) Holds(FormatApplicationName(*application) == name, "one application has one name");
  return application.status();
}

absl::Status ResidentName(const std::string& name) {
  const auto resident = ValidateResidentName(name, "resident");
  if (resident.ok()) Holds(FormatResidentName(*resident) == name, "one resident has one name");
  return resident.status();
}

template <class IsValid>
absl::Status Known(IsValid is_valid, int value, const absl::Status& missing) {
  return value != 0 && is_valid(value) ? absl::OkStatus() : missing;
}

const ServiceKeys& Keys() {
  static const sealing::Keyring keyring = sealing::Keyring::Generate(sealing::SeededRandom(1));
  static const ServiceKeys keys(&keyring);
  return keys;
}

absl::Status Form(const std::string& application_id) {
  const auto id = ValidateApplicationId(application_id);
  if (!id.ok()) return id.status();
  const auto form = Keys().FormOf(*id);
  Holds(!form || form->number > 0, "forms count from 1");
  return form ? absl::OkStatus() : refusals::ApplicationIdUnknown();
}

absl::Status Serial(const std::string& text) {
  const auto serial = ValidateCardSerial(text, "serial");
  if (!serial.ok()) return serial.status();
  return Keys().CardOf(*serial) ? absl::OkStatus() : refusals::CardSerialUnknown();
}

// Of a mailed link. Whoever knows what a token says cannot make it, but we can.
absl::Status Token(const std::string& token) {
  LinkSaid said, again;
  const auto verdict = Keys().ReadToken(token, &said);
  if (verdict == ServiceKeys::TokenVerdict::kMalformed) return refusals::TokenMalformed();
  const std::string ours = Keys().TokenFor(said.resident, said.application, said.link);
  Holds(Keys().ReadToken(ours, &again) == ServiceKeys::TokenVerdict::kOurs && again.link == said.link &&
            again.application == said.application && again.resident == said.resident,
        "a link is read as it was made");
  Holds((ours == token) == (verdict == ServiceKeys::TokenVerdict::kOurs), "no other text opens the same");
  return ours == token ? absl::OkStatus() : refusals::LinkUnknown();
}

template <class Message>
absl::Status Express(const Message& r) {
  return FirstOf({ValidateExpressGround(r.express_ground()),
                  r.has_ground_date() ? ValidateDate(r.ground_date(), "ground_date") : absl::OkStatus()});
}

// ---- By what is asked

std::vector<Kind> Applications() {
  return {
      KindOf<v1::StartApplicationRequest>([](const v1::StartApplicationRequest& r) {
        return FirstOf({Asked(r), Known(events::v1::ApplicationWay_IsValid, r.way(), refusals::WayMissing()),
                        mailbox::IsEmailAddress(r.email()) ? absl::OkStatus() : refusals::EmailMalformed(),
                        Form(r.application_id())});
      }),
      KindOf<v1::ConfirmEmailRequest>([](const v1::ConfirmEmailRequest& r) {
        return FirstOf({Token(r.token()), Asked(r)});
      }),
      KindOf<v1::SubmitApplicationRequest>([](const v1::SubmitApplicationRequest& r) {
        const bool is_booth = r.actor().authority() == "photo-booth";
        return FirstOf({is_booth ? ValidateText(r.payment_reference(), "payment_reference", 64) : absl::OkStatus(),
                        ValidateRepresentative(r.representative()), Asked(r),
                        is_booth ? Form(r.application_id()) : ApplicationName(r.name())});
      }),
      KindOf<v1::RecordMailedApplicationRequest>([](const v1::RecordMailedApplicationRequest& r) {
        return FirstOf({r.resident().empty() ? Form(r.application_id()) : ResidentName(r.resident()),
                        r.has_received_date() ? ValidateDate(r.received_date(), "received_date") : absl::OkStatus(),
                        ValidateDocuments(r.documents()), Express(r), ValidateRepresentative(r.representative()),
                        Asked(r)});
      }),
      KindOf<v1::RenewRequest>([](const v1::RenewRequest& r) {
        return FirstOf({CardName(r.name()), ValidateRepresentative(r.representative()), Asked(r)});
      }),
      KindOf<v1::ReissueRequest>([](const v1::ReissueRequest& r) {
        return FirstOf({CardName(r.name()),
                        Known(events::v1::ReissueGround_IsValid, r.ground(), refusals::GroundMissing()),
                        ValidateText(r.police_receipt(), "police_receipt", 64),
                        ValidateText(r.fee_receipt(), "fee_receipt", 64), Express(r),
                        ValidateRepresentative(r.representative()), Asked(r)});
      }),
      KindOf<v1::WithdrawApplicationRequest>([](const v1::WithdrawApplicationRequest& r) {
        return FirstOf({Asked(r), ApplicationName(r.name())});
      }),
      KindOf<v1::ReviewPhotoRequest>([](const v1::ReviewPhotoRequest& r) {
        return FirstOf({ApplicationName(r.name()), ValidateDefects(r.defects()), Asked(r)});
      }),
      KindOf<v1::GetApplicationStatusRequest>([](const v1::GetApplicationStatusRequest& r) {
        return FirstOf({Form(r.application_id()), ValidateDate(r.birth_date(), "birth_date")});
      }),
  };
}

std::vector<Kind> Production() {
  return {
      KindOf<v1::GetProductionBatchRequest>([](const v1::GetProductionBatchRequest& r) {
        return FirstOf({Who(r.actor(), "factory", refusals::FactoryOnly()),
                        ValidateDate(r.batch_date(), "batch_date")});
      }),
      // Results are judged one by one.
      KindOf<v1::ReportProductionRequest>([](const v1::ReportProductionRequest& r) {
        absl::Status status = Who(r.actor(), "factory", refusals::FactoryOnly());
        for (const auto& row : r.results()) {
          const bool has_failed = row.outcome() == v1::ProductionResult::OUTCOME_FAILED;
          status.Update(FirstOf({ValidateCardName(row.card(), "results.card").status(),
                                 has_failed ? absl::OkStatus() : ValidateDate(row.day(), "day"),
                                 ValidateText(row.failure(), "failure", 200)}));
        }
        return status;
      }),
      KindOf<v1::DestroyCardRequest>([](const v1::DestroyCardRequest& r) {
        return FirstOf({CardName(r.name()),
                        Known(events::v1::DestructionGround_IsValid, r.ground(), refusals::GroundMissing()),
                        r.record().empty() ? refusals::RecordMissing() : ValidateText(r.record(), "record", 200),
                        Asked(r)});
      }),
      KindOf<v1::IssueCardRequest>([](const v1::IssueCardRequest& r) {
        return FirstOf({CardName(r.name()), ValidateDocuments(r.documents()), ValidatePins(r.pins_set()), Asked(r)});
      }),
  };
}

std::vector<Kind> Use() {
  return {
      KindOf<v1::RecordChangeRequest>([](const v1::RecordChangeRequest& r) {
        return FirstOf({CardName(r.name()),
                        Known(events::v1::CardChange_IsValid, r.change(), refusals::ChangeMissing()),
                        ValidateDate(r.changed_date(), "changed_date"), Asked(r)});
      }),
      KindOf<v1::ContinueUseRequest>([](const v1::ContinueUseRequest& r) {
        return FirstOf({CardName(r.name()), ValidateDate(r.declared_move_out_date(), "declared_move_out_date"),
                        ValidateDate(r.moved_date(), "moved_date"),
                        ValidateDate(r.move_in_notified_date(), "move_in_notified_date"), Asked(r)});
      }),
      KindOf<v1::ExtendValidityRequest>([](const v1::ExtendValidityRequest& r) {
        return FirstOf({CardName(r.name()), r.has_new_period_of_stay_end() ? ValidateDate(r.new_period_of_stay_end(),
                                                                                         "new_period_of_stay_end")
                                                                          : absl::OkStatus(),
                        Asked(r)});
      }),
      KindOf<v1::UnlockPinRequest>([](const v1::UnlockPinRequest& r) {
        return FirstOf({CardName(r.name()), Known(events::v1::Pin_IsValid, r.pin(), refusals::PinMissing()),
                        ValidateDocuments(r.documents()), Asked(r)});
      }),
      KindOf<v1::IssueCertificateRequest>([](const v1::IssueCertificateRequest& r) {
        return FirstOf({CardName(r.name()), Known(events::v1::Certificate_IsValid, r.certificate(),
                                                  refusals::CertificateMissing()), Asked(r)});
      }),
      KindOf<v1::SetCodeWordRequest>([](const v1::SetCodeWordRequest& r) {
        return FirstOf({ResidentName(r.resident()), ValidateCodeWord(r.code_word()), Asked(r)});
      }),
  };
}

std::vector<Kind> Loss() {
  return {
      KindOf<v1::SuspendCardRequest>([](const v1::SuspendCardRequest& r) {
        return FirstOf({CardName(r.name()), Known(events::v1::SuspensionReason_IsValid, r.reason(),
                                                  refusals::SuspensionReasonMissing()),
                        ValidateText(r.case_name(), "case_name", 100), Asked(r)});
      }),
      KindOf<v1::ReportLossRequest>([](const v1::ReportLossRequest& r) {
        return FirstOf({CardName(r.name()), ValidateText(r.police_receipt(), "police_receipt", 64), Asked(r)});
      }),
      KindOf<v1::LiftSuspensionRequest>([](const v1::LiftSuspensionRequest& r) {
        return FirstOf({CardName(r.name()), r.person_present() ? ValidateDocuments(r.documents()) : absl::OkStatus(),
                        ValidateText(r.police_receipt(), "police_receipt", 64), Asked(r)});
      }),
      KindOf<v1::RevokeCardRequest>([](const v1::RevokeCardRequest& r) {
        return FirstOf({CardName(r.name()),
                        Known(events::v1::RevocationGround_IsValid, r.ground(), refusals::GroundMissing()), Asked(r)});
      }),
  };
}

std::vector<Kind> Reads() {
  return {
      KindOf<v1::GetCardStatusRequest>([](const v1::GetCardStatusRequest& r) {
        return FirstOf({r.serial().empty() ? CardName(r.name()) : Serial(r.serial()), Actor(r.actor())});
      }),
      KindOf<v1::ListCardsRequest>([](const v1::ListCardsRequest& r) {
        return FirstOf({Actor(r.actor()), ValidateMunicipality(r.municipality_code()),
                        fuzz::ValidatePage(kRefusals, r, 17),
                        Known(v1::Card::State_IsValid, r.state(), refusals::StateMissing())});
      }),
      KindOf<v1::ListDeadlinesRequest>([](const v1::ListDeadlinesRequest& r) {
        return FirstOf({Actor(r.actor()), ValidateMunicipality(r.municipality_code()),
                        fuzz::ValidatePage(kRefusals, r, 4 + 1 + 17),
                        r.has_until() ? ValidateDate(r.until(), "until") : absl::OkStatus()});
      }),
      KindOf<v1::FindHoldersRequest>([](const v1::FindHoldersRequest& r) {
        return FirstOf({Who(r.actor(), "hotline", refusals::HotlineOnly()),
                        r.name().empty() ? refusals::SearchMissing() : ValidateText(r.name(), "name", 200),
                        ValidateDate(r.birth_date(), "birth_date")});
      }),
      KindOf<v1::ConfirmHolderRequest>([](const v1::ConfirmHolderRequest& r) {
        return FirstOf({ResidentName(r.resident()), Who(r.actor(), "hotline", refusals::HotlineOnly()),
                        ValidateText(r.address(), "address", 300),
                        r.has_birth_date() ? ValidateDate(r.birth_date(), "birth_date") : absl::OkStatus(),
                        ValidateCodeWord(r.code_word())});
      }),
      KindOf<v1::SetMunicipalityRequest>([](const v1::SetMunicipalityRequest& r) {
        return FirstOf({fuzz::ValidateAsked(kRefusals, r, true), ValidateMunicipality(r.municipality_code()),
                        ValidateSettings(r.settings())});
      }),
  };
}

}  // namespace
}  // namespace mynumber::card

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber;  // NOLINT: two rooms
  static const fuzz::Asked asked = {
      &card::kRefusals, card::v1::ErrorReason_descriptor(),
      fuzz::Joined({card::Applications(), card::Production(), card::Use(), card::Loss(), card::Reads()})};
  fuzz::TryRequest(asked, fuzz::InputOf(data, size));
  return 0;
}
