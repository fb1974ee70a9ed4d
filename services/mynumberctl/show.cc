#include "services/mynumberctl/show.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "libs/identifiers/municipality_code.h"

namespace mynumber::mynumberctl {

namespace events = mynumber::issuance::events::v1;

std::string ShowDate(const mynumber::type::Date& date) {
  if (date.year() == 0) return "";
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

std::string ShowTime(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(time.seconds()),
                          absl::FixedTimeZone(9 * 60 * 60));
}

std::string ShowEnum(const std::string& value_name, std::string_view prefix) {
  std::string name = value_name.substr(value_name.rfind(prefix, 0) == 0 ? prefix.size() : 0);
  for (char& c : name) c = c == '_' ? ' ' : absl::ascii_tolower(static_cast<unsigned char>(c));
  return name;
}

std::string ShowMunicipality(const std::string& code) {
  const auto* municipality = identifiers::FindMunicipality(code);
  if (municipality == nullptr) return code;
  return absl::StrCat(code, " ", std::string(municipality->prefecture), std::string(municipality->name));
}

namespace {

std::string ShowActor(const mynumber::type::Actor& actor) {
  return actor.authority().empty() ? "" : absl::StrCat(actor.authority(), " ", actor.clerk_id());
}

void AddErasure(const v1::Erasure& erasure, v1::Resident::State state, Sheet* sheet) {
  const char* const how_far = erasure.has_approved_by() ? "approved" : "asked for";
  sheet->Add("Erasure", state == v1::Resident::STATE_ERASED ? "done" : how_far);
  sheet->Add("  ground", ShowEnum(events::ErasureGround_Name(erasure.ground()), "ERASURE_GROUND_"));
  sheet->Add("  reference", erasure.reference());
  sheet->Add("  asked for by", ShowActor(erasure.requested_by()));
  sheet->Add("  asked for (JST)", ShowTime(erasure.request_time()));
  sheet->Add("  approved by", ShowActor(erasure.approved_by()));
  sheet->Add("  approved (JST)", ShowTime(erasure.approve_time()));
  sheet->Add("  due (JST)", ShowTime(erasure.due_time()));
}

}  // namespace

void ShowResident(const Session& session, const v1::Resident& resident) {
  if (session.json()) {
    session.PrintJson(resident);
    return;
  }
  const auto& details = resident.details();
  Sheet sheet;
  sheet.Add("Resident", resident.name());
  sheet.Add("Number", session.NumberToShow(resident.individual_number(), resident.masked_individual_number()));
  sheet.Add("State", ShowEnum(v1::Resident::State_Name(resident.state()), "STATE_"));
  sheet.Add("Full name", details.full_name());
  sheet.Add("Alias", details.alias());
  sheet.Add("Kana", details.name_kana());
  sheet.Add("Birth date", ShowDate(details.birth_date()));
  sheet.Add("Address", details.address());
  sheet.Add("Postal code", details.postal_code());
  sheet.Add("Municipality", ShowMunicipality(details.municipality_code()));
  if (details.residence_status() != events::RESIDENCE_STATUS_UNSPECIFIED) {
    sheet.Add("Residence status",
              ShowEnum(events::ResidenceStatus_Name(details.residence_status()), "RESIDENCE_STATUS_"));
  }
  sheet.Add("Period of stay until", ShowDate(details.period_of_stay_end()));
  sheet.Add("Registered (JST)", ShowTime(resident.register_time()));
  if (resident.has_erasure()) AddErasure(resident.erasure(), resident.state(), &sheet);
  sheet.Add("Last change (JST)", ShowTime(resident.update_time()));
  sheet.Add("Version", absl::StrCat(resident.version()));
  sheet.Print(session.console.out);
}

ExitCode ShowIfDone(const Session& session, ExitCode code, const v1::Resident& resident) {
  if (code == ExitCode::kDone) ShowResident(session, resident);
  return code;
}

Table ResidentTable() {
  return Table({{"RESIDENT"},
                {"NUMBER"},
                {"BORN", Align::kLeft, Fit::kDrop},
                {"STATE", Align::kLeft, Fit::kDrop},
                {"VERSION", Align::kRight, Fit::kDrop},
                {"NAME", Align::kLeft, Fit::kCut}});
}

void AddResident(const v1::Resident& resident, Table* table) {
  table->Add({resident.name(), resident.masked_individual_number(), ShowDate(resident.details().birth_date()),
              ShowEnum(v1::Resident::State_Name(resident.state()), "STATE_"), absl::StrCat(resident.version()),
              resident.details().full_name()});
}

}  // namespace mynumber::mynumberctl
