// A resident whose data must go, with a notice, a card and a photograph: at once nothing opens any more, the others are
// as they were, and rows folded afresh come to the same. Once the master key is another one, no copy opens either.

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
    const SubjectId id = IdOf(name);
    return Opened(data, id.PartitionOf(kPartitions),
                  [id](const eventlog::v1::Envelope& envelope) { return envelope.subject() == id.view(); });
  }
  using IsMeant = std::function<bool(const eventlog::v1::Envelope&)>;
  std::map<std::string, int> Opened(const std::string& data, uint32_t partition, const IsMeant& is_meant) {
    std::map<std::string, int> opened;
    const auto keyring = sealing::Keyring::Load(data + "/keyring").value();
    sealing::SubjectVault vault(keyring.Masters());
    const auto log = embedded_log::EmbeddedLog::Open(data + "/log").value();
    for (const std::string service : {"issuance", "notice", "card"}) {
      const auto handle = log->Partition(service, partition, [] {});
      const auto records = handle->Read(0, 1 << 30).value();
      for (const auto& entry : records) {
        eventlog::v1::Record record;
        EXPECT_TRUE(record.ParseFromString(entry.bytes));
        TakeKeys(record.batch(), handle.get());
        for (const auto& command : record.batch().commands()) {
          for (const auto& envelope : command.events()) {
            if (is_meant(envelope) && Opens(envelope, &vault)) ++opened[service + " " + envelope.type()];
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
  // A resident with all that there can be of one.
  void HaveACard() {
    Register(Hanako());
    ApplyBySmartphone();
    ApproveAndMake();
    HandOver();
  }
  // Of the folder, keyring and all; the cluster runs on.
  std::string Backup() {
    cluster_.Stop();
    std::string backup = cluster_.data() + "-backup";
    fs::copy(cluster_.data(), backup, fs::copy_options::recursive);
    Start();
    return backup;
  }
  void Restore(const std::string& backup) {
    cluster_.Stop();
    fs::remove_all(cluster_.data());
    fs::rename(backup, cluster_.data());
    Start();
  }

  static constexpr uint32_t kPartitions = 4;
  const std::map<std::string, int> left_ = {
      {"issuance resident_erased", 1}, {"notice resident_erased", 1}, {"card resident_erased", 1}};

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
  HaveACard();
  const std::string number = client_->Call(city_.Disclosure(resident_))->individual_number();
  events::ResidentDetails corrected = Hanako().details;
  corrected.set_full_name("訂正後 花子");
  const v1::CorrectResidentRequest correction = city_.Correction(resident_, corrected);
  ASSERT_THAT(client_->Call(correction), IsOk());

  const std::string backup = Backup();
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
  cluster_.AwaitZero("mynumber_keys_to_destroy");

  const auto erased = client_->Call(city_.Look(resident_));
  EXPECT_EQ(erased->details().ByteSizeLong(), 0u);
  EXPECT_EQ(erased->masked_individual_number(), "");
  EXPECT_EQ(erased->erasure().reference(), "order 7");
  const auto is_refused = IsRefused(StatusCode::kFailedPrecondition, "RESIDENT_ERASED");
  EXPECT_THAT(client_->Call(correction), is_refused) << "its receipt was kept for less than the waiting period";
  EXPECT_THAT(client_->Call(city_.Registration(Hanako())), is_refused);
  EXPECT_THAT(client_->Call(city_.Search(number)), is_refused);
  const auto looks = client_->Call(city_.Disclosures(resident_));
  ASSERT_EQ(looks->disclosures_size(), 1) << "who looked is kept for as long as the law says";
  EXPECT_EQ(looks->disclosures(0).purpose(), events::PURPOSE_TAX);
  EXPECT_EQ(client_->Call(std::vector{city_.Validation({number})})->at(0).verdicts(0),
            v1::ValidateNumbersResponse::VERDICT_ERASED);
  const auto status = Status();
  EXPECT_FALSE(status.ok() && status->usable()) << "no terminal takes the card for valid";
  EXPECT_THAT(client_->Call(city_.Look(other.name())), IsOk());
  EXPECT_TRUE(client_->Verify()->clean());

  cluster_.Stop();
  EXPECT_EQ(Opened(cluster_.data(), resident_), left_);
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
  cluster_.AwaitZero("mynumber_needs_former_masters");
  cluster_.Stop();
  EXPECT_EQ(sealing::Keyring::DestroyFormerMasters(cluster_.data() + "/keyring").value(), 1);
  fs::copy_file(cluster_.data() + "/keyring", backup + "/keyring", fs::copy_options::overwrite_existing);
  EXPECT_TRUE(Opened(backup, resident_).empty());
  EXPECT_EQ(Opened(cluster_.data(), resident_), left_);
  EXPECT_EQ(Opened(cluster_.data(), other.name()), known);
  Start();
  EXPECT_TRUE(client_->Verify()->clean());
  EXPECT_THAT(client_->Call(city_.Look(other.name())), IsOk());
  fs::remove_all(backup);
}

TEST_F(ErasingStory, ALogFromBeforeIsErasedAgainByTheRecord) {
  const v1::Resident other = client_->Call(city_.Registration(Taro())).value();
  HaveACard();
  const std::string backup = Backup();
  v1::ListErasuresRequest list;
  list.mutable_actor()->set_authority("operator");
  list.mutable_actor()->set_clerk_id("operator-1");
  EXPECT_EQ(client_->Call(list)->erasures_size(), 0);
  ASSERT_THAT(client_->Call(city_.Erasure(resident_)), IsOk());
  ASSERT_THAT(client_->Call(city_.Approval(resident_)), IsOk());
  PassTo(2027, 1, 21, 9);
  AwaitErased();

  const auto listed = client_->Call(list);
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->erasures_size(), 1);
  v1::EraseAgainRequest again;
  *again.mutable_actor() = list.actor();
  *again.mutable_record() = listed->erasures(0);
  EXPECT_EQ(again.record().name(), resident_);
  EXPECT_EQ(again.record().erasure().approved_by().clerk_id(), "chief-1");
  const auto ask = [&](v1::EraseAgainRequest request) {
    request.set_request_id(NewRequestId());
    return client_->Call(request);
  };
  ASSERT_THAT(ask(again), IsOk()) << "it is so already";

  Restore(backup);
  ASSERT_EQ(client_->Call(city_.Look(resident_))->state(), v1::Resident::STATE_REGISTERED) << "nothing was shown";
  v1::EraseAgainRequest forged = again;
  forged.mutable_record()->set_name(other.name());
  EXPECT_THAT(ask(forged), IsRefused(StatusCode::kInvalidArgument, "ERASURE_RECORD_NOT_OURS"));
  EXPECT_THAT(client_->Call(city_.Look(other.name())), IsOk());
  const auto erased = ask(again);
  ASSERT_THAT(erased, IsOk());
  EXPECT_EQ(erased->name(), resident_);
  AwaitErased();
  EXPECT_EQ(client_->Call(city_.Look(resident_))->erasure().requested_by().clerk_id(), "clerk-7");
  cluster_.AwaitZero("mynumber_keys_to_destroy");
  EXPECT_TRUE(client_->Verify()->clean());
  EXPECT_EQ(client_->Call(list)->erasures_size(), 1);
  cluster_.Stop();
  EXPECT_EQ(Opened(cluster_.data(), resident_), left_);
}

TEST_F(ErasingStory, WhoLookedIsKeptForSevenYearsAndNoLonger) {
  const v1::Resident resident = client_->Call(city_.Registration(Hanako())).value();
  ASSERT_THAT(client_->Call(city_.Disclosure(resident.name())), IsOk());
  ASSERT_THAT(client_->Call(city_.Find(Hanako().details.full_name(), Hanako().details.birth_date())), IsOk());
  v1::ListAccessRecordsRequest list;
  list.mutable_actor()->set_authority("auditor");
  list.mutable_actor()->set_clerk_id("auditor-1");
  list.set_authority(city_.authority());
  *list.mutable_month() = Today();
  const auto looks = [&] { return client_->Call(city_.Disclosures(resident.name()))->disclosures_size(); };
  const auto look_ups = [&] { return client_->Call(list)->access_records_size(); };
  PassTo(2033, 12, 31, 23);
  EXPECT_EQ(looks(), 2) << "the designation's, and the clerk's";
  EXPECT_EQ(look_ups(), 1);
  PassTo(2034, 1, 1, 1);
  for (int i = 0; i < 4000 && looks() + look_ups() > 1; ++i) Wait();
  EXPECT_EQ(looks(), 1) << "the designation's stays with the resident";
  EXPECT_EQ(look_ups(), 0);
  cluster_.AwaitZero("mynumber_keys_to_destroy");
  EXPECT_TRUE(client_->Verify()->clean());

  cluster_.Stop();
  const auto is_access = [](const eventlog::v1::Envelope& envelope) {
    return envelope.type() == "number_disclosed" || envelope.type() == "looked_up";
  };
  for (uint32_t p = 0; p < kPartitions; ++p) EXPECT_TRUE(Opened(cluster_.data(), p, is_access).empty());
  EXPECT_EQ(Opened(cluster_.data(), resident.name())["issuance resident_registered"], 1);
  fs::remove_all(cluster_.data() + "/issuance");
  Start();
  EXPECT_TRUE(client_->Verify()->clean());
  EXPECT_EQ(looks(), 1);
}

}  // namespace
}  // namespace mynumber::stories
