#include "libs/eventsourcing/settings.h"

#include <gtest/gtest.h>

#include <functional>

#include "libs/eventsourcing/ownership.h"
#include "tests/simulation/simulated_log.h"

namespace mynumber::eventsourcing {
namespace {

using eventlog::v1::ClusterSettings;

ClusterSettings Settings() {
  ClusterSettings settings;
  settings.set_service("issuance");
  settings.set_partition_count(4);
  settings.set_identifier_key_fingerprint("0123456789abcdef");
  return settings;
}

// Rows of which only the head is kept.
class HeadOnly : public Tenant {
 public:
  const Head& head() const override { return head_; }
  absl::Status Fold(const eventlog::v1::Record&, const Head& after) override {
    head_ = after;
    return absl::OkStatus();
  }
  absl::Status FlushFolds() override { return absl::OkStatus(); }
  absl::Status StartOver() override {
    head_ = EmptyHead();
    return absl::OkStatus();
  }
  std::optional<BuiltBatch> Build(int64_t) override { return std::nullopt; }
  absl::Status Commit(const Head&) override { return absl::OkStatus(); }
  void Discard() override {}
  void Refuse(const absl::Status&) override {}

 private:
  Head head_ = EmptyHead();
};

class SettingsTest : public testing::Test {
 protected:
  // An instance with these settings on the rows' head, until it serves or stops.
  absl::Status Own(const ClusterSettings& settings, HeadOnly* rows) {
    auto handle = log_.Handle();
    OwnershipOptions options;
    options.settings = settings;
    Ownership ownership(
        handle.get(), rows, options,
        [](std::string_view, std::string_view record) { return std::string(record.substr(0, 32)); },
        [this](uint8_t* out, size_t size) {
          for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(++drawn_ >> (8 * (i % 4)));
        });
    ownership.Want(true);
    for (int step = 0; step < 1000 && !ownership.serving() && ownership.stopped().ok(); ++step) {
      log_.Tick();
      ownership.Step(int64_t{step} * 10'000);
    }
    EXPECT_NE(ownership.serving(), !ownership.stopped().ok());
    return ownership.stopped();
  }

  simulation::FaultCounts fired_;
  simulation::SimulatedLog log_{7, &fired_};
  uint32_t drawn_ = 0;
};

void AddKey(const std::string& name, uint32_t version, const std::string& fingerprint, ClusterSettings* settings) {
  eventlog::v1::KeyFingerprint* key = settings->add_keys();
  key->set_name(name);
  key->set_version(version);
  key->set_fingerprint(fingerprint);
}

TEST_F(SettingsTest, AnotherOrALackingKeyIsNamedAndOneMoreIsNoHarm) {
  ClusterSettings written = Settings();
  AddKey("master", 1, "aa", &written);
  AddKey("master", 2, "bb", &written);
  EXPECT_EQ(CheckSettings(written, Settings()).message(),
            "this log was written by an instance whose keyring has a key that ours lacks: 'master', version 1; give "
            "every instance of a cluster the same keyring file");
  ClusterSettings ours = Settings();
  AddKey("master", 1, "aa", &ours);
  AddKey("master", 2, "other", &ours);
  EXPECT_EQ(CheckSettings(written, ours).message(),
            "this log was written by an instance whose keyring has another key than ours: 'master', version 2; give "
            "every instance of a cluster the same keyring file");
  EXPECT_TRUE(CheckSettings(Settings(), ours).ok()) << "written before keys were told";
  AddKey("hotline-case", 1, "cc", &written);
  EXPECT_FALSE(CheckSettings(written, ours).ok());
  EXPECT_TRUE(CheckSettings(written, written).ok());
}

TEST_F(SettingsTest, EachDifferenceIsNamed) {
  EXPECT_TRUE(CheckSettings(Settings(), Settings()).ok());
  ClusterSettings ours = Settings();
  ours.set_service("notice");
  EXPECT_EQ(CheckSettings(Settings(), ours).message(), "this log belongs to the service 'issuance', not to 'notice'");
  ours = Settings();
  ours.set_partition_count(8);
  EXPECT_EQ(CheckSettings(Settings(), ours).message(),
            "this log was created with 4 partitions, and this instance was told 8: start it with the former number");
  ours = Settings();
  ours.set_identifier_key_fingerprint("another");
  EXPECT_EQ(CheckSettings(Settings(), ours).message(),
            "this log was written with another key of the numbers: start with the keyring it was created with");
}

TEST_F(SettingsTest, TheFirstClaimTellsAWrongStartAtOnce) {
  auto handle = log_.Handle();
  EXPECT_TRUE(absl::IsUnavailable(CheckFirstClaim(handle.get(), Settings())));
  HeadOnly rows;
  ASSERT_TRUE(Own(Settings(), &rows).ok());
  EXPECT_TRUE(CheckFirstClaim(handle.get(), Settings()).ok());
  ClusterSettings other = Settings();
  other.set_identifier_key_fingerprint("another");
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckFirstClaim(handle.get(), other)));
  log_.faults.read_unavailable = 1;
  EXPECT_TRUE(absl::IsUnavailable(CheckFirstClaim(handle.get(), other)));
}

TEST_F(SettingsTest, AnotherKeyIsRefusedThoughTheRowsHaveCaughtUp) {
  HeadOnly rows;
  ASSERT_TRUE(Own(Settings(), &rows).ok());
  ASSERT_EQ(log_.records().size(), 1u);
  ASSERT_EQ(rows.head().offset(), 0);
  ClusterSettings other = Settings();
  other.set_identifier_key_fingerprint("another");
  log_.faults.read_unavailable = 0.5;
  EXPECT_TRUE(absl::IsFailedPrecondition(Own(other, &rows)));
  EXPECT_EQ(log_.records().size(), 1u) << "nothing was claimed";
  log_.faults.read_unavailable = 0;
  EXPECT_TRUE(Own(Settings(), &rows).ok());
}

TEST(CheckSettingsTest, AFormerMasterKeyMayBeGoneAndNoOtherKey) {
  const auto with = [](std::vector<std::pair<std::string, uint32_t>> keys) {
    ClusterSettings settings = Settings();
    for (const auto& [name, version] : keys) {
      auto* key = settings.add_keys();
      key->set_name(name);
      key->set_version(version);
      key->set_fingerprint(name + std::to_string(version));
    }
    return settings;
  };
  const ClusterSettings written = with({{"master", 1}, {"request", 1}});
  EXPECT_EQ(CheckSettings(written, with({{"master", 2}, {"request", 1}})), absl::OkStatus());
  EXPECT_EQ(CheckSettings(written, with({{"master", 1}, {"master", 2}, {"request", 1}})), absl::OkStatus());
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckSettings(written, with({{"request", 1}}))));
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckSettings(written, with({{"master", 2}, {"request", 2}}))));
  const ClusterSettings newer = with({{"master", 1}, {"master", 2}, {"request", 1}});
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckSettings(newer, written))) << "the newest is needed";
}

}  // namespace
}  // namespace mynumber::eventsourcing
