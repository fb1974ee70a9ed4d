// What an authority looked up, and was refused, as an auditor sees it.

#include <gmock/gmock.h>

#include "services/mynumberctl/command_fixture.h"

namespace mynumber::mynumberctl {
namespace {

using ::testing::HasSubstr;
namespace v1 = mynumber::issuance::v1;
class AccessRecordCommandsTest : public CommandLineTest {};

v1::AccessRecord LookUp() {
  v1::AccessRecord record;
  record.mutable_time()->set_seconds(1'795'489'200);
  record.set_clerk_id("clerk-7");
  record.set_service("issuance");
  record.set_method("FindResidents");
  record.set_count(1);
  record.set_asked(1);
  record.set_found(2);
  return record;
}

v1::AccessRecord Refused() {
  v1::AccessRecord record = LookUp();
  record.set_service("card");
  record.set_method("GetCard");
  record.set_reason("MUNICIPALITY_NOT_YOURS");
  record.set_count(1200);
  return record;
}

TEST_F(AccessRecordCommandsTest, ShowsWhatWasLookedUpAndWhatWasRefused) {
  v1::AccessRecord others;
  others.set_count(3);
  issuance_.access_records = {LookUp(), Refused(), others};
  EXPECT_EQ(Run({"accesses", "municipality/131016", "--month", "2026-11", "--authority", "auditor", "--clerk", "a"}),
            ExitCode::kDone)
      << err_;
  EXPECT_THAT(out_, HasSubstr("clerk-7  issuance  FindResidents  asked for 1, found 2"));
  EXPECT_THAT(out_, HasSubstr("card      GetCard        MUNICIPALITY_NOT_YOURS  1,200"));
  EXPECT_THAT(out_, HasSubstr("refused, of many kinds"));
  EXPECT_EQ(issuance_.last_access_records.authority(), "municipality/131016");
  EXPECT_EQ(issuance_.last_access_records.actor().authority(), "auditor");
  EXPECT_EQ(issuance_.last_access_records.month().year(), 2026);
  EXPECT_EQ(issuance_.last_access_records.month().month(), 11);
}

TEST_F(AccessRecordCommandsTest, SaysThatThereIsNothingAndWhatAMonthIs) {
  EXPECT_EQ(Run({"accesses", "unidentified", "--clerk", "a"}), ExitCode::kDone) << err_;
  EXPECT_THAT(err_, HasSubstr("Nothing was looked up, or refused, in that month."));
  EXPECT_GE(issuance_.last_access_records.month().year(), 2026) << "this month";
  EXPECT_EQ(Run({"accesses", "unidentified", "--month", "11/2026", "--clerk", "a"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("--month is no month as 2026-11"));
}

}  // namespace
}  // namespace mynumber::mynumberctl
