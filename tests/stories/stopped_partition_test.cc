// A partition meets something that it must not go on from: it stops and says why, and the others go on.

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>

#include "libs/embedded_log/embedded_log.h"
#include "libs/eventsourcing/authenticated_log.h"
#include "libs/eventsourcing/fold.h"
#include "libs/eventsourcing/sealed_rows.h"
#include "libs/log/log.h"
#include "libs/sealing/keyring.h"
#include "libs/sealing/record_code.h"
#include "libs/sealing/running_hash.h"
#include "libs/sealing/subject_vault.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using ::testing::HasSubstr;
using eventlog::v1::Record;

constexpr uint32_t kStopped = 1;

std::string ChainHash(std::string_view previous, std::string_view record) {
  sealing::Digest from{};
  std::copy_n(previous.begin(), from.size(), from.begin());
  const sealing::Digest next = sealing::Chain(from, record);
  return {next.begin(), next.end()};
}

// Writes into a partition's log as another instance of the service does: claims it, and appends a batch.
class OtherWriter {
 public:
  OtherWriter(const std::string& data, uint32_t partition)
      : keyring_(sealing::Keyring::Load(data + "/keyring").value()),
        vault_(keyring_.Masters()),
        log_(embedded_log::EmbeddedLog::Open(data + "/log").value()),
        handle_(eventsourcing::MakeAuthenticated(log_->Partition("issuance", partition, nullptr),
                                                 sealing::RecordCodeOf(keyring_, "issuance", partition), nullptr)) {
    while (true) {
      const auto records = handle_->Read(head_.offset() + 1, 1 << 20).value();
      if (records.empty()) break;
      for (const auto& entry : records) Advance(entry.bytes, entry.offset);
    }
  }

  // By a version that knows more: an event that is sealed and chained as it should be, and that nobody here knows.
  void AppendUnknownEvent() {
    Record claim;
    claim.mutable_opened()->set_claim_id("claim of sixteen");
    claim.mutable_opened()->set_instance("a newer one");
    *claim.mutable_opened()->mutable_settings() = settings_;
    claim.mutable_opened()->set_time_micros(head_.time_micros());
    Append(claim, "");

    Record record;
    auto* batch = record.mutable_batch();
    batch->set_claim_id(head_.claim_id());
    batch->set_claim_sequence(head_.next_claim_sequence());
    batch->set_running_hash(head_.running_hash());
    batch->set_sequence(head_.sequence() + 1);
    batch->set_time_micros(head_.time_micros());
    auto* command = batch->add_commands();
    command->set_request_id(std::string(16, 'r'));
    command->set_method("TeleportResident");
    command->set_caller("municipality/131016");
    const auto subject = eventsourcing::SubjectId::FromBytes("subject of sixte");
    const eventsourcing::SubjectKey key = vault_.NewKey();
    auto* event = command->add_events();
    event->set_type("resident_teleported");
    event->set_subject(std::string(subject.view()));
    event->set_version(1);
    event->set_key_id(std::string(key.id_view()));
    vault_.Seal(key, eventsourcing::EventAssociatedData(event->type(), subject, 1), "\xFA\x7F\x02hi",
                event->mutable_sealed_payload());
    eventlog::v1::KeyBlock block;
    block.add_keys()->set_key_id(event->key_id());
    block.mutable_keys(0)->set_master_version(key.master_version);
    block.mutable_keys(0)->set_wrapped(std::string(key.wrapped_view()));
    Append(record, block.SerializeAsString());
  }

 private:
  void Append(const Record& record, const std::string& key_block) {
    const std::string bytes = record.SerializeAsString();
    ASSERT_THAT(handle_->NewWriter(), IsOk());
    handle_->Append({bytes, {record.batch().claim_id(), record.batch().claim_sequence()}, key_block});
    std::optional<eventsourcing::AppendResult> result;
    while (!(result = handle_->Poll())) std::this_thread::yield();
    ASSERT_EQ(result->kind, eventsourcing::AppendResult::Kind::kAcknowledged);
    Advance(bytes, result->offset);
  }

  void Advance(const std::string& bytes, eventsourcing::Offset offset) {
    Record record;
    ASSERT_TRUE(record.ParseFromString(bytes));
    if (record.has_opened()) settings_ = record.opened().settings();
    head_ = eventsourcing::Advance(head_, record, bytes, offset, ChainHash);
  }

  sealing::Keyring keyring_;
  sealing::SubjectVault vault_;
  std::unique_ptr<embedded_log::EmbeddedLog> log_;
  std::unique_ptr<eventsourcing::PartitionLog> handle_;
  eventsourcing::Head head_ = eventsourcing::EmptyHead();
  eventlog::v1::ClusterSettings settings_;
};

class StoppedPartitionStory : public Story {
 protected:
  // A cluster with residents, one of them abroad, whose partition 1 then met an unknown event.
  static void SetUpTestSuite() {
    Story::SetUpTestSuite();
    const Client client = cluster_->NewClient();
    const City city;
    for (int n = 0; there_.name().empty() || here_.name().empty() || abroad_.name().empty(); ++n) {
      const Person person = MadeUp(900'000 + n);
      const v1::Resident resident = client.Call(city.Registration(person)).value();
      if (PartitionOf(resident.position()) == kStopped) {
        there_ = resident;
      } else if (here_.name().empty()) {
        here_ = resident;
      } else {
        abroad_ = resident;
      }
    }
    EXPECT_THAT(client.Call(city.Departure(abroad_.name())), IsOk());
    cluster_->Stop();
    OtherWriter(cluster_->data(), kStopped).AppendUnknownEvent();
    log::Options options;
    options.sink = [](std::string_view line) {
      std::lock_guard<std::mutex> lock(mutex_);
      lines_.append(line).append("\n");
    };
    log::Configure(options);
    cluster_->Start();
  }
  static void TearDownTestSuite() {
    Story::TearDownTestSuite();
    log::Configure({});
  }
  static std::string LogLines() {
    std::lock_guard<std::mutex> lock(mutex_);
    return lines_;
  }

  static inline v1::Resident there_, here_, abroad_;
  static inline std::mutex mutex_;
  static inline std::string lines_;
};

TEST_F(StoppedPartitionStory, StatusSaysWhichOneAndWhy) {
  const auto status = client_.Call(operations::v1::GetStatusRequest());
  ASSERT_THAT(status, IsOk());
  for (const auto& partition : status->partitions()) {
    EXPECT_EQ(partition.phase(), partition.partition() == kStopped ? "stopped" : "serving");
    if (partition.partition() != kStopped) continue;
    EXPECT_THAT(partition.stopped(), HasSubstr("'resident_teleported'"));
    EXPECT_THAT(partition.stopped(), HasSubstr("start the version that wrote it, or a newer one"));
  }
  EXPECT_EQ(cluster_->Metric("mynumber_partition_stopped{partition=\"1\",service=\"issuance\"}"), 1);
  EXPECT_EQ(cluster_->Metric("mynumber_partition_serving{partition=\"1\",service=\"issuance\"}"), 0);
  EXPECT_EQ(cluster_->Metric("mynumber_partition_stopped{partition=\"0\",service=\"issuance\"}"), 0);
  while (LogLines().find("\"event\":\"partition_stopped\"") == std::string::npos) std::this_thread::yield();
  EXPECT_THAT(LogLines(), HasSubstr("resident_teleported"));
}

TEST_F(StoppedPartitionStory, ItsCallsAreRefusedAsSafeToRepeatOnceItIsMended) {
  const auto stopped = IsRefused(StatusCode::kUnavailable, "PARTITION_STOPPED");
  const auto refused = client_.Call(city_.Disclosure(there_.name()));
  ASSERT_THAT(refused, stopped);
  EXPECT_EQ(ProblemOf(refused.status()).retry_millis, 60'000);
  EXPECT_THAT(client_.Call(city_.Look(there_.name())), stopped);
  EXPECT_THAT(client_.Call(city_.Digest()), stopped) << "it is of all partitions";
  EXPECT_THAT(ErrorOf(client_.Call(city_.Move({here_.name(), there_.name()}))->results(1)), stopped);
}

TEST_F(StoppedPartitionStory, TheOthersGoOn) {
  // Who has moved by now.
  EXPECT_EQ(Seen(here_.name()).details().municipality_code(), kSapporo);
  EXPECT_THAT(client_.Call(sapporo_.Disclosure(here_.name())), IsOk());
  int registered = 0;
  std::vector<Person> people;
  for (int i = 0; i < 40; ++i) people.push_back(Somebody());
  const auto loaded = client_.Load({city_.Batch(1, people)});
  ASSERT_THAT(loaded, IsOk());
  for (const auto& row : loaded->at(0).rows()) {
    if (!row.has_error()) ++registered;
    if (row.has_error()) EXPECT_THAT(ErrorOf(row), IsRefused(StatusCode::kUnavailable, "PARTITION_STOPPED"));
  }
  EXPECT_GT(registered, 10);
  EXPECT_LT(registered, 40);
  EXPECT_EQ(client_.Health("mynumber.issuance.v1.IssuanceService"), "SERVING");
  EXPECT_EQ(cluster_->Get("/readyz").code, 200);
}

TEST_F(StoppedPartitionStory, WhoIsAbroadIsStillRecognised) {
  Person newcomer = Somebody();
  newcomer.details.set_full_name(abroad_.details().full_name());
  *newcomer.details.mutable_birth_date() = abroad_.details().birth_date();
  const auto refused = client_.Call(city_.Registration(newcomer));
  EXPECT_FALSE(refused.ok());
  if (ReasonOf(refused.status()) != "PARTITION_STOPPED") EXPECT_EQ(ReasonOf(refused.status()), "POSSIBLE_SAME_PERSON");
}

TEST_F(StoppedPartitionStory, VerifyIsNotCleanAndSaysSo) {
  const auto report = client_.Verify();
  ASSERT_THAT(report, IsOk());
  EXPECT_FALSE(report->clean());
  ASSERT_EQ(report->problems_size(), 1);
  EXPECT_THAT(report->problems(0), HasSubstr("partition 1 has stopped: the log holds an event 'resident_teleported'"));
}

}  // namespace
}  // namespace mynumber::stories
