// Records of erasures: kept in a file, and erased again by.

#include <gmock/gmock.h>

#include "services/mynumberctl/command_fixture.h"

namespace mynumber::mynumberctl {
namespace {

using ::testing::HasSubstr;
namespace v1 = mynumber::issuance::v1;
class ErasureCommandsTest : public CommandLineTest {};

v1::ErasureRecord RecordOf(const std::string& name) {
  v1::ErasureRecord record;
  record.set_name(name);
  record.mutable_erasure()->set_ground(issuance::events::v1::ERASURE_GROUND_ORDERED);
  record.mutable_erasure()->set_reference("order 7");
  record.mutable_erase_time()->set_seconds(1'795'890'729);
  record.set_public_key(std::string(32, '\x01'));
  record.set_signature(std::string("\x00\xff of ", 6) + name);
  return record;
}

TEST_F(ErasureCommandsTest, KeepsTheRecordsOfErasuresAndErasesAgainByThem) {
  issuance_.erasures = {RecordOf("residents/1"), RecordOf("residents/2"), RecordOf("residents/3")};
  const std::string file = ::testing::TempDir() + "/erasures.jsonl";
  EXPECT_EQ(Run({"erasure", "records", "--file", file, "--clerk", "o"}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("3 residents were erased, signed by 0101"));
  EXPECT_THAT(out_, HasSubstr("residents/3  ordered"));

  issuance_.erasures.pop_back();
  EXPECT_EQ(Run({"erasure", "again", "--file", file, "--authority", "operator", "--clerk", "o"}), ExitCode::kDone)
      << err_;
  EXPECT_EQ(out_, "2 residents are erased, 1 are not known here.\n");
  ASSERT_EQ(issuance_.erased_again.size(), 3u);
  EXPECT_EQ(issuance_.erased_again[2].record().SerializeAsString(), RecordOf("residents/3").SerializeAsString());
  EXPECT_EQ(issuance_.erased_again[2].actor().authority(), "operator");
  EXPECT_NE(issuance_.erased_again[2].request_id(), issuance_.erased_again[1].request_id());
}

TEST_F(ErasureCommandsTest, AnErasureThatIsRefusedSaysWhereAndAnUnreadableFileSendsNothing) {
  v1::ErasureRecord forged = RecordOf("residents/2");
  forged.set_signature("forged");
  issuance_.erasures = {RecordOf("residents/1"), forged};
  const std::string file = ::testing::TempDir() + "/forged.jsonl";
  ASSERT_EQ(Run({"erasure", "records", "--file", file}), ExitCode::kDone) << err_;
  EXPECT_EQ(Run({"erasure", "again", "--file", file}), ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("forged.jsonl, line 2, stopped here"));
  EXPECT_THAT(err_, HasSubstr("ERASURE_RECORD_NOT_OURS"));
  EXPECT_EQ(issuance_.erased_again.size(), 1u);
  EXPECT_EQ(Run({"erasure", "again", "--file", WriteFile("no.jsonl", ReadFile(file) + "{\n")}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("no.jsonl, line 3: this is no record"));
  EXPECT_EQ(issuance_.erased_again.size(), 1u);
}

}  // namespace
}  // namespace mynumber::mynumberctl
