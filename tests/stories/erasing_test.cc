// A resident whose data must go, with a notice, a card and a photograph: at once nothing opens any more, the others are
// as they were, and rows folded afresh come to the same. Once the master key is another one, no copy opens either.

#include <cstdlib>
#include <filesystem>
#include <map>

#include "libs/embedded_log/embedded_log.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/eventsourcing/wrapped_key.h"
#include "libs/sealing/subject_vault.h"
#include "mynumber/notice/v1/notice_service.grpc.pb.h"
#include "services/issuance/domain/validate.h"
#include "tests/stories/card_story.h"

namespace mynumber::stories {
namespace {

namespace fs = std::filesystem;
using eventsourcing::SubjectId;
using NoticeStub = notice::v1::NoticeService::Stub;

class ErasingStory : public CardStory {
 protected:
  static SubjectId IdOf(const std::string& name) { return SubjectId{*issuance::ValidateResidentName(name, "")}; }

  // What whoever has this folder, keyring and all, can open of the subject's events: how many of each type.
  std::map<std::string, int> Opened(const std::string& data, const std::string& name) {
    std::map<std::string, int> opened;
    const auto keyring = sealing::Keyring::Load(data + "/keyring").value();
    sealing::SubjectVault vault(keyring.Masters());
    const auto log = embedded_log::EmbeddedLog::Open(data + "/log").value();
    const SubjectId id = IdOf(name);
    for (const std::string service : {"issuance", "notice", "card"}) {
      const auto handle = log->Partition(service, id.PartitionOf(kPartitions), [] {});
      const auto records = handle->Read(0, 1 << 30).value();
      for (const auto& entry : records) {
        eventlog::v1::Record record;
        EXPECT_TRUE(record.ParseFromString(entry.bytes));
        TakeKeys(record.batch(), handle.get());
        for (const auto& command : record.batch().commands()) {
          for (const auto& envelope : command.events()) {
            if (envelope.subject() == id.view() && Opens(envelope, &vault)) ++opened[service + " " + envelope.type()];
          }
        }
      }
    }
    return opened;
  }

  notice::v1::GetNoticeRequest NoticeOf(const std::string& name) {
    notice::v1::GetNoticeRequest request;
    *request.mutable_actor() = city_.Clerk();
    request.set_name(name + "/notices/1");
    return request;
  }
  absl::StatusOr<notice::v1::Notice> Notice(const std::string& name) {
    NoticeStub notices(std::shared_ptr<grpc::Channel>(client_->channel(), [](grpc::Channel*) {}));
    grpc::ClientContext context;
    notice::v1::Notice notice;
    const absl::Status status = rpc::FromGrpc(notices.GetNotice(&context, NoticeOf(name), &notice));
    if (!status.ok()) return status;
    return notice;
  }
  card::v1::GetCardRequest CardOf(const std::string& card) {
    card::v1::GetCardRequest request;
    request.set_name(card);
    return request;
  }

  // Once 30 days have passed, all services react to it some milliseconds later.
  void AwaitErased() {
    const auto reason = [](const absl::Status& status) { return ReasonOf(status); };
    for (int i = 0; i < 4000; ++i, Wait()) {
      const auto resident = client_->Call(city_.Look(resident_));
      const bool here = resident.ok() && resident->state() == v1::Resident::STATE_ERASED;
      if (here && reason(Notice(resident_).status()) == "RESIDENT_ERASED" &&
          reason(Ask(CardOf(card_), &CardStub::GetCard).status()) == "RESIDENT_ERASED") {
        return;
      }
    }
    FAIL() << "not everybody erased the resident";
  }
  // A gauge of all partitions of all services.
  double Sum(const std::string& metric) const {
    double sum = 0;
    const std::string text = cluster_.Get("/metrics").body, line = "\n" + metric + "{";
    for (size_t at = text.find(line); at != text.npos; at = text.find(line, at + 1)) {
      sum += std::atof(text.c_str() + text.find("} ", at) + 2);
    }
    return sum;
  }
  void AwaitZero(const std::string& metric) {
    for (int i = 0; i < 4000 && Sum(metric) > 0; ++i) Wait();
    EXPECT_EQ(Sum(metric), 0) << metric;
  }

  static constexpr uint32_t kPartitions = 4;

 private:
  void TakeKeys(const eventlog::v1::Batch& batch, eventsourcing::PartitionLog* log) {
    if (batch.claim_id().empty()) return;
    const auto block = eventsourcing::ReadKeys(log->ReadKeyBlock({batch.claim_id(), batch.claim_sequence()}));
    ASSERT_TRUE(block.ok()) << block.status();
    for (const auto& [id, key] : *block) keys_[id] = key;
  }
  bool Opens(const eventlog::v1::Envelope& envelope, eventsourcing::Vault* vault) {
    const auto found = keys_.find(envelope.key_id());
    if (found == keys_.end() || eventsourcing::IsDestroyed(found->second)) return false;
    eventsourcing::SubjectKey key = found->second;
    const std::string associated = eventsourcing::EventAssociatedData(
        envelope.type(), SubjectId::FromBytes(envelope.subject()), envelope.version());
    std::string plain;
    return vault->Unwrap(&key).ok() && vault->Open(key, associated, envelope.sealed_payload(), &plain).ok();
  }

  eventsourcing::KeyMap keys_;
};

TEST_F(ErasingStory, TheDataOfOneResidentGoesAndNobodyElses) {
  const v1::Resident other = client_->Call(city_.Registration(Taro())).value();
  Register(Hanako());
  ApplyBySmartphone();
  ApproveAndMake();
  HandOver();
  const std::string number = client_->Call(city_.Disclosure(resident_))->individual_number();
  events::ResidentDetails corrected = Hanako().details;
  corrected.set_full_name("訂正後 花子");
  const v1::CorrectResidentRequest correction = city_.Correction(resident_, corrected);
  ASSERT_THAT(client_->Call(correction), IsOk());

  cluster_.Stop();
  const std::string backup = cluster_.data() + "-backup";
  fs::copy(cluster_.data(), backup, fs::copy_options::recursive);
  Start();

  ASSERT_THAT(client_->Call(city_.Erasure(resident_)), IsOk());
  EXPECT_THAT(client_->Call(City(kSapporo).Approval(resident_)),
              IsRefused(StatusCode::kPermissionDenied, "MUNICIPALITY_NOT_YOURS"));
  const auto approved = client_->Call(city_.Approval(resident_));
  ASSERT_THAT(approved, IsOk());
  EXPECT_EQ(approved->erasure().approved_by().clerk_id(), "chief-1");
  PassTo(2027, 1, 19, 9);
  EXPECT_EQ(client_->Call(city_.Look(resident_))->state(), v1::Resident::STATE_REGISTERED) << "29 days";
  PassTo(2027, 1, 21, 9);
  AwaitErased();
  AwaitZero("mynumber_keys_to_destroy");

  const auto erased = client_->Call(city_.Look(resident_));
  EXPECT_EQ(erased->details().ByteSizeLong(), 0u);
  EXPECT_EQ(erased->masked_individual_number(), "");
  EXPECT_EQ(erased->erasure().reference(), "order 7");
  const auto is_refused = IsRefused(StatusCode::kFailedPrecondition, "RESIDENT_ERASED");
  EXPECT_THAT(client_->Call(correction), is_refused) << "its receipt was kept for less than the waiting period";
  EXPECT_THAT(client_->Call(city_.Registration(Hanako())), is_refused);
  EXPECT_THAT(client_->Call(city_.Search(number)), is_refused);
  EXPECT_THAT(client_->Call(city_.Disclosures(resident_)), is_refused);
  EXPECT_EQ(client_->Call(std::vector{city_.Validation({number})})->at(0).verdicts(0),
            v1::ValidateNumbersResponse::VERDICT_ERASED);
  const auto status = Status();
  EXPECT_FALSE(status.ok() && status->usable()) << "no terminal takes the card for valid";
  EXPECT_THAT(client_->Call(city_.Look(other.name())), IsOk());
  EXPECT_TRUE(client_->Verify()->clean());

  cluster_.Stop();
  const std::map<std::string, int> left = {
      {"issuance resident_erased", 1}, {"notice resident_erased", 1}, {"card resident_erased", 1}};
  EXPECT_EQ(Opened(cluster_.data(), resident_), left);
  auto of_other = Opened(cluster_.data(), other.name());
  for (const auto& [type, count] : Opened(backup, other.name())) EXPECT_EQ(of_other[type], count) << type;
  const auto before = Opened(backup, resident_);
  EXPECT_EQ(before.count("issuance resident_registered") + before.count("notice notice_prepared") +
                before.count("card application_submitted"), 3u)
      << "the search itself finds what there is";

  // Folded afresh, without the key.
  for (const char* service : {"issuance", "notice", "card"}) fs::remove_all(cluster_.data() + "/" + service);
  Start();
  AwaitErased();
  EXPECT_TRUE(client_->Verify()->clean());
  EXPECT_THAT(client_->Call(city_.Look(other.name())), IsOk());
  cluster_.Stop();

  // And in no copy, once the master key has gone that wrapped it.
  const auto known = Opened(cluster_.data(), other.name());
  EXPECT_EQ(sealing::Keyring::AddMaster(cluster_.data() + "/keyring").value(), 2u);
  Start();
  AwaitZero("mynumber_needs_former_masters");
  cluster_.Stop();
  EXPECT_EQ(sealing::Keyring::DestroyFormerMasters(cluster_.data() + "/keyring").value(), 1);
  fs::copy_file(cluster_.data() + "/keyring", backup + "/keyring", fs::copy_options::overwrite_existing);
  EXPECT_TRUE(Opened(backup, resident_).empty());
  EXPECT_EQ(Opened(cluster_.data(), resident_), left);
  EXPECT_EQ(Opened(cluster_.data(), other.name()), known);
  Start();
  EXPECT_TRUE(client_->Verify()->clean());
  EXPECT_THAT(client_->Call(city_.Look(other.name())), IsOk());
  fs::remove_all(backup);
}

}  // namespace
}  // namespace mynumber::stories
