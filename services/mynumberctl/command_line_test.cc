#include "services/mynumberctl/command_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "absl/strings/str_format.h"
#include "libs/log_copy/copy_fold.h"
#include "libs/log_copy/export_file.h"
#include "libs/sealing/running_hash.h"

namespace mynumber::mynumberctl {
namespace {

namespace events = mynumber::issuance::events::v1;
namespace v1 = mynumber::issuance::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kSample[] =
    R"({"resident_record_code":"12345678901","full_name":"見本 太郎","birth_date":"1980-01-02",)"
    R"("address":"千代田区1-2","postal_code":"1000001","municipality_code":"131016"})";
constexpr char kSampleName[] = "residents/00000000000000000000012345678901";
constexpr char kKey[] = "00000000-0000-4000-8000-000000000001";

TEST_F(CommandLineTest, HelpIsDoneAndWrongUsageIsNot) {
  EXPECT_EQ(Run({"--help"}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("resident"), HasSubstr("  1  refused, or differences found")));
  EXPECT_EQ(Run({"resident", "register", "--help"}), ExitCode::kDone);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {},
           {"resident"},
           {"nonsense"},
           {"resident", "show"},
           {"resident", "show", "a", "b"},
           {"number", "disclose", kSampleName, "--reference", "R", "--purpose", "curiosity"},
           {"status", "--output", "xml"},
           {"status", "--output", "protobuf"},
           {"resident", "register", "--file", "/nowhere/r.csv"},
           {"resident", "register", "--file", "/dev/null", "--clerk", "c"}}) {
    EXPECT_EQ(Run(words), ExitCode::kUsage) << (words.empty() ? "" : words.back());
    EXPECT_THAT(err_, StartsWith("mynumberctl: "));
  }
  EXPECT_EQ(Run({"resident", "shw"}), ExitCode::kUsage);
  EXPECT_EQ(err_, "mynumberctl: there is no command 'shw': `mynumberctl resident --help` lists them\n");
  EXPECT_EQ(Run({"resident"}), ExitCode::kUsage);
  EXPECT_EQ(err_, "mynumberctl: a command is missing: `mynumberctl resident --help` lists them\n");
  EXPECT_EQ(Run({"resident", "show"}), ExitCode::kUsage);
  EXPECT_EQ(err_, "mynumberctl: NAME is required; `mynumberctl resident show --help` tells its options\n");
}

TEST_F(CommandLineTest, NoServer) {
  server_.reset();
  EXPECT_EQ(Run({"status", "--server", "127.0.0.1:1"}), ExitCode::kUnavailable);
  EXPECT_EQ(err_,
            "mynumberctl: no server answers at 127.0.0.1:1: start it with deploy/run, or name another with --server\n");
}

TEST_F(CommandLineTest, RegistersOneFromJson) {
  ASSERT_EQ(Run({"resident", "register", "--clerk", "clerk-7"}, kSample), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr(kSampleName), HasSubstr("********8901"), HasSubstr("見本 太郎"),
                          HasSubstr("131016 東京都千代田区"), HasSubstr("Registered (JST)  2016-04-01 09:00:00")));
  EXPECT_THAT(out_, Not(HasSubstr("912345678901")));
  const auto request = issuance_.Received().at(0);
  EXPECT_EQ(request.actor().authority(), "municipality/131016");
  EXPECT_EQ(request.actor().clerk_id(), "clerk-7");
  EXPECT_EQ(request.details().birth_date().year(), 1980);
}

TEST_F(CommandLineTest, ShowsNumbersOnlyWhenTold) {
  EXPECT_EQ(Run({"resident", "register", "--show-number"}, kSample), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("912345678901"));
  EXPECT_EQ(Run({"resident", "register", "--output", "json"}, kSample), ExitCode::kDone);
  EXPECT_EQ(nlohmann::json::parse(out_)["individual_number"], "********8901");
  EXPECT_EQ(Run({"resident", "register", "--output", "json", "--show-number"}, kSample), ExitCode::kDone);
  EXPECT_EQ(nlohmann::json::parse(out_)["individual_number"], "912345678901");
}

TEST_F(CommandLineTest, AsksAtPrompts) {
  ASSERT_EQ(
      Run({"resident", "register"},
          "12345678901\n\nJohn Sample\nジョン\n\n1980-01-02\n千代田区1-2\n1000001\n131016\nPERMANENT_RESIDENT\n\n",
          true),
      ExitCode::kDone)
      << err_;
  EXPECT_THAT(err_, AllOf(HasSubstr("Resident record code (eleven digits): "), HasSubstr("Full name: Full name: ")));
  const auto details = issuance_.Received().at(0).details();
  EXPECT_EQ(details.full_name(), "John Sample");
  EXPECT_EQ(details.alias(), "ジョン");
  EXPECT_EQ(details.residence_status(), events::RESIDENCE_STATUS_PERMANENT_RESIDENT);
  EXPECT_EQ(Run({"resident", "register"}, "12345678901\n", true), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("input ended"));
}

TEST_F(CommandLineTest, InputThatIsNoObjectIsWrongUsage) {
  for (const char* input : {"", "[]", "{", "{\"fullname\":\"x\"}", "{\"full_name\":5}", "{\"full_name\":\"\xFF\"}"}) {
    EXPECT_EQ(Run({"resident", "register"}, input), ExitCode::kUsage) << input;
    EXPECT_THAT(err_, HasSubstr("mynumberctl: "));
  }
  EXPECT_EQ(Run({"resident", "register"}, R"({"birth_date":"02.01.1980"})"), ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("(DATE_MALFORMED, field birth_date)"));
}

TEST_F(CommandLineTest, RefusalsSayWhatToDo) {
  issuance_.next_answer = FakeRefusal(absl::StatusCode::kInvalidArgument, "RECORD_CODE_WRONG_CHECK_DIGIT",
                                      "the last digit does not fit: check the code", "resident_record_code");
  EXPECT_EQ(Run({"resident", "register"}, kSample), ExitCode::kRefused);
  EXPECT_EQ(err_, "mynumberctl: the last digit does not fit: check the code (RECORD_CODE_WRONG_CHECK_DIGIT, field "
                  "resident_record_code)\n");
  EXPECT_EQ(Run({"resident", "show", "residents/1", "--output", "json"}), ExitCode::kRefused);
  const auto error = nlohmann::json::parse(err_)["error"];
  EXPECT_EQ(error["reason"], "RESIDENT_UNKNOWN");
  EXPECT_EQ(error["exit_code"], 1);
}

TEST_F(CommandLineTest, NotNowIsSafeToRepeat) {
  issuance_.next_answer = FakeRefusal(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "The server is stopping.");
  EXPECT_EQ(Run({"resident", "register", "--request-id", kKey}, kSample), ExitCode::kUnavailable);
  EXPECT_THAT(err_, HasSubstr(std::string("is stopping; nothing was done: repeat it with --request-id ") + kKey));
}

TEST_F(CommandLineTest, UnknownOutcomeTellsWhatToAsk) {
  issuance_.next_answer = grpc::Status(grpc::StatusCode::UNAVAILABLE, "Socket closed");
  issuance_.do_it_though = true;
  EXPECT_EQ(Run({"resident", "register", "--request-id", kKey}, kSample), ExitCode::kUnknown);
  EXPECT_THAT(err_, HasSubstr(std::string("ask `mynumberctl outcome ") + kKey + " --method RegisterResident`"));
  EXPECT_EQ(Run({"outcome", kKey}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(StartsWith("Accepted.\n"), HasSubstr(kSampleName)));
  EXPECT_EQ(Run({"outcome", "00000000-0000-4000-8000-000000000002"}), ExitCode::kRefused);
  EXPECT_THAT(out_, HasSubstr("safe to send again"));
  issuance_.next_answer = grpc::Status(grpc::StatusCode::UNAVAILABLE, "Socket closed");
  EXPECT_EQ(Run({"resident", "show", kSampleName}), ExitCode::kUnavailable);  // reading changes nothing
  issuance_.next_answer = grpc::Status(grpc::StatusCode::INTERNAL, "Received RST_STREAM with error code 2");
  EXPECT_EQ(Run({"resident", "register"}, kSample), ExitCode::kUnknown);  // the server's own faults say so
  issuance_.next_answer = grpc::Status(grpc::StatusCode::INTERNAL, "broken");
  EXPECT_EQ(Run({"resident", "show", kSampleName}), ExitCode::kInternal);
}

TEST_F(CommandLineTest, LoadsAFileAndReportsRefusedRows) {
  const std::string file =
      WriteFile("residents.csv",
                "resident_record_code,full_name,name_kana,birth_date,address,postal_code,municipality_code\n"
                "00000000001,見本 一,,1980-01-02,a,1000001,131016\n"
                "00000000002,見本 二,,1980-01-99x,a,1000001,131016\n"
                "00000000003,,,1980-01-02,a,1000001,131016\n"
                "00000000004\n"
                "00000000005,見本 \xFF,,1980-01-02,a,1000001,131016\n"
                "00000000006,見本 六,,1980-01-02,\"a,b\",1000001,131016\n");
  const std::string results = ::testing::TempDir() + "/results.jsonl";
  EXPECT_EQ(Run({"resident", "register", "--file", file, "--clerk", "c", "--results", results, ids_}),
            ExitCode::kRefused)
      << err_;
  EXPECT_THAT(out_, HasSubstr("   3  DATE_MALFORMED   "));
  EXPECT_THAT(out_, HasSubstr("   4  NAME_EMPTY       full_name is empty: write the name as registered\n"));
  EXPECT_THAT(out_, HasSubstr("   5  COLUMNS_MISSING  "));
  EXPECT_THAT(out_, HasSubstr("   6  TEXT_NOT_UTF8    full_name is not UTF-8"));
  EXPECT_THAT(out_, HasSubstr("2 residents are registered, 4 rows were refused"));
  const std::string lines = ReadFile(results);
  EXPECT_THAT(lines, AllOf(HasSubstr("\"name\":\"residents/00000000000000000000000000000006\",\"version\":1,"
                                     "\"number\":\"********0006\""),
                           HasSubstr("{\"line\":4,"), HasSubstr("\"reason\":\"NAME_EMPTY\"")));
  struct stat mode {};
  ASSERT_EQ(stat(results.c_str(), &mode), 0);
  EXPECT_EQ(mode.st_mode & 0777, 0600u);

  // The same file again asks under the same ids.
  const auto before = issuance_.Received();
  EXPECT_EQ(Run({"resident", "register", "--file", file, "--clerk", "c", "--results", results, "--show-number", ids_}),
            ExitCode::kRefused);
  const auto after = issuance_.Received();
  ASSERT_EQ(after.size(), 2 * before.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[before.size() + i].SerializeAsString(), before[i].SerializeAsString());
  }
  EXPECT_THAT(ReadFile(results), HasSubstr("\"number\":\"900000000006\""));
}

TEST_F(CommandLineTest, LoadsJsonLinesFromStandardInput) {
  EXPECT_EQ(Run({"resident", "register", "--file", "-", "--clerk", "c", "--format", "jsonl", "--output", "json",
                 "--authority", "operator", ids_},
                std::string(kSample) + "\n{}\n"),
            ExitCode::kRefused);
  const auto summary = nlohmann::json::parse(out_);
  EXPECT_EQ(summary["registered"], 1);
  EXPECT_EQ(summary["refused"], 1);
  EXPECT_EQ(summary["unanswered"], 0);
  EXPECT_FALSE(issuance_.Received().at(0).has_actor());  // the batch's
}

TEST_F(CommandLineTest, ABrokenLoadIsSafeToRepeat) {
  std::string rows = "resident_record_code,full_name,name_kana,birth_date,address,postal_code,municipality_code\n";
  for (int i = 0; i < 90; ++i) rows += absl::StrFormat("%011d", i) + ",見本,,1980-01-02,a,1000001,131016\n";
  const std::string file = WriteFile("ninety.csv", rows);
  issuance_.rows_until_cut = 25;
  EXPECT_EQ(Run({"resident", "register", "--file", file, "--clerk", "c", "--batch-rows", "10", ids_}),
            ExitCode::kUnavailable);
  EXPECT_THAT(err_, HasSubstr("run the same command again, nobody is registered twice"));
  issuance_.rows_until_cut = 25;
  EXPECT_EQ(Run({"resident", "register", "--file", file, "--clerk", "c", "--batch-rows", "10", "--reconnect", ids_}),
            ExitCode::kDone)
      << err_;
  EXPECT_THAT(out_,
              AllOf(HasSubstr("90 residents are registered, 0 rows were refused"), HasSubstr("connected 2 times")));
  EXPECT_EQ(issuance_.residents().size(), 90u);
}

TEST_F(CommandLineTest, ListsAllPages) {
  std::string rows;
  for (int i = 10; i < 35; ++i)
    rows += R"({"full_name":"見本","resident_record_code":")" + absl::StrFormat("%011d", i) + "\"}\n";
  ASSERT_EQ(Run({"resident", "register", "--file", "-", "--clerk", "c", "--format", "jsonl", ids_}, rows),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(Run({"resident", "list", "--municipality", "131016", "--limit", "0", "--output", "json"}), ExitCode::kDone);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 25);
  EXPECT_EQ(Run({"resident", "list", "--municipality", "131016", "--limit", "10"}), ExitCode::kDone);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 11);
  EXPECT_THAT(err_, HasSubstr("There are more"));
}

TEST_F(CommandLineTest, MovesAHouseholdAndReportsEach) {
  ASSERT_EQ(Run({"resident", "register"}, kSample), ExitCode::kDone);
  EXPECT_EQ(Run({"resident", "move", kSampleName, "residents/9", "--authority", "municipality/131016"},
                R"({"move_date":"2026-04-01","address":"横浜市","postal_code":"2310005","municipality_code":"141003"})"),
            ExitCode::kRefused);
  EXPECT_THAT(out_, HasSubstr(kSampleName));
  EXPECT_THAT(err_, HasSubstr("residents/9: nobody has this name: check it (RESIDENT_UNKNOWN)"));
  EXPECT_EQ(issuance_.last_move.move_date().year(), 2026);
  EXPECT_EQ(issuance_.last_move.actor().authority(), "municipality/131016");
  EXPECT_EQ(issuance_.last_move.address(), "横浜市");
}

TEST_F(CommandLineTest, CorrectsOnlyWhatIsGiven) {
  ASSERT_EQ(Run({"resident", "register"}, kSample), ExitCode::kDone);
  EXPECT_EQ(Run({"resident", "correct", kSampleName, "--reason", "spelling"}, R"({"name_kana":"ミホン"})"),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(issuance_.last_correct.details().name_kana(), "ミホン");
  EXPECT_EQ(issuance_.last_correct.details().full_name(), "見本 太郎");
  EXPECT_EQ(issuance_.last_correct.details().birth_date().year(), 1980);
  EXPECT_EQ(issuance_.last_correct.expected_version(), 1u);
}

TEST_F(CommandLineTest, DisclosesWithItsPurpose) {
  EXPECT_EQ(Run({"number", "disclose", kSampleName, "--purpose", "tax", "--reference", "T-1", "--clerk", "c",
                 "--request-id", kKey}),
            ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("********9018"));
  EXPECT_THAT(err_, HasSubstr(std::string("--show-number --request-id ") + kKey));
  EXPECT_EQ(issuance_.last_disclose.purpose(), events::PURPOSE_TAX);
  EXPECT_EQ(issuance_.last_disclose.reference(), "T-1");
  EXPECT_EQ(Run({"number", "disclose", kSampleName, "--purpose", "resident-request", "--reference", "T-1",
                 "--identity-confirmed", "--show-number"}),
            ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("123456789018"));
  EXPECT_TRUE(issuance_.last_disclose.identity_confirmed());
}

TEST_F(CommandLineTest, FindsByANumberFromStandardInput) {
  EXPECT_EQ(Run({"number", "find", "--purpose", "disaster", "--reference", "D-1"}, "123456789018\r\n"),
            ExitCode::kDone);
  EXPECT_EQ(issuance_.last_find_by_number.individual_number(), "123456789018");
  EXPECT_THAT(err_, HasSubstr("former"));
}

TEST_F(CommandLineTest, ValidatesNumbersLineByLine) {
  EXPECT_EQ(Run({"number", "validate"}, "1234 5678 9018\n"), ExitCode::kDone);
  EXPECT_EQ(Run({"number", "validate"}, "123456789018\n\n123456789011\n一二\n"), ExitCode::kRefused);
  EXPECT_EQ(out_,
            "LINE  NUMBER        VERDICT\n"
            "   1  ********9018  issued\n"
            "   3  ********9011  wrong check digit\n"
            "   4  ************  wrong length\n");
  EXPECT_EQ(err_, "1 issued, 1 wrong check digit, 1 wrong length\n");
  EXPECT_EQ(Run({"number", "validate", "--output", "json", "--show-number"}, "123456789018\n"), ExitCode::kDone);
  EXPECT_EQ(out_, "{\"line\":1,\"number\":\"123456789018\",\"verdict\":\"VERDICT_ISSUED\"}\n");
}

TEST_F(CommandLineTest, ARefusedStreamOfNumbersSaysWhy) {
  issuance_.next_answer =
      FakeRefusal(absl::StatusCode::kInvalidArgument, "AUTHORITY_MISSING", "State who asks.", "actor.authority");
  EXPECT_EQ(Run({"number", "validate"}, "123456789018\n"), ExitCode::kRefused);
  EXPECT_EQ(err_, "mynumberctl: State who asks. Say it with --authority, or once for all in MYNUMBER_AUTHORITY. "
                  "(AUTHORITY_MISSING, field actor.authority)\n");
}

TEST_F(CommandLineTest, StatusEndsWithOneIfAPartitionStopped) {
  auto* partition = operations_.status.add_partitions();
  partition->set_service("issuance");
  partition->set_phase("serving");
  EXPECT_EQ(Run({"status"}), ExitCode::kDone);
  partition->set_phase("stopped");
  partition->set_stopped("unknown event");
  EXPECT_EQ(Run({"status"}), ExitCode::kRefused);
  EXPECT_THAT(out_, HasSubstr("unknown event"));
}

TEST_F(CommandLineTest, VerifyEndsWithOneOnAnyDifference) {
  operations_.verify.resize(2);
  operations_.verify[0].mutable_progress()->set_end_offset(10);
  auto* report = operations_.verify[1].mutable_report();
  report->set_residents(1234);
  report->set_clean(true);
  EXPECT_EQ(Run({"verify"}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("1,234 residents"), HasSubstr("Clean")));
  report->set_clean(false);
  report->add_problems("one row differs");
  EXPECT_EQ(Run({"verify"}), ExitCode::kRefused);
  EXPECT_THAT(out_, HasSubstr("problem: one row differs"));
  operations_.verify.pop_back();
  EXPECT_EQ(Run({"verify"}), ExitCode::kInternal);
}

TEST_F(CommandLineTest, ExportsAllPartitionsOrOne) {
  for (uint32_t p : {0, 1}) {
    auto* partition = operations_.status.add_partitions();
    partition->set_service("issuance");
    partition->set_partition(p);
    for (int64_t offset : {0, 1}) {
      operations::v1::ExportLogResponse entry;
      entry.set_offset(offset);
      entry.set_end_offset(2);
      operations_.log[p].push_back(entry);
    }
  }
  EXPECT_EQ(Run({"log", "export"}), ExitCode::kDone);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 4);
  EXPECT_EQ(Run({"log", "export", "--partition", "1"}), ExitCode::kDone);
  EXPECT_EQ(nlohmann::json::parse(out_.substr(0, out_.find('\n')))["partition"], 1);
  EXPECT_EQ(Run({"log", "export", "--service", "card"}), ExitCode::kRefused);
  const std::string file = ::testing::TempDir() + "/log.bin";
  EXPECT_EQ(Run({"log", "export", "--output", "protobuf", "--file", file}), ExitCode::kDone) << err_;
  std::istringstream in(ReadFile(file));
  log_copy::ExportReader reader(&in, sealing::ChainBytes);
  log_copy::CopyFold fold(sealing::ChainBytes);
  eventlog::v1::ExportItem item;
  for (absl::StatusOr<bool> more = true; *more;) {
    more = reader.Next(&item);
    ASSERT_TRUE(more.ok()) << more.status();
    if (*more) EXPECT_TRUE(fold.Take(item).ok());
  }
  EXPECT_TRUE(fold.Finish().ok());
  EXPECT_EQ(fold.header().partitions_size(), 2);

  operations_.log[1][1].set_offset(7);
  EXPECT_EQ(Run({"log", "export", "--output", "protobuf", "--file", file}), ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("partition 1, offset 1"));
  EXPECT_EQ(Run({"log", "import", "--file", file}), ExitCode::kUsage) << "nothing of it is sent";
}

}  // namespace
}  // namespace mynumber::mynumberctl
