#include "services/mynumberctl/bulk_send.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <thread>

#include "absl/strings/str_format.h"
#include "services/mynumberctl/fake_server.h"

namespace mynumber::mynumberctl {
namespace {

namespace v1 = mynumber::issuance::v1;
using std::chrono::milliseconds;

class BulkSendTest : public ::testing::Test {
 protected:
  BulkSendTest() {
    options_.rows_per_batch = 10;
    options_.batches_in_flight = 3;
    options_.first_wait = milliseconds(1);
    options_.longest_wait = milliseconds(10);
    StartServer();
    stub_ = v1::IssuanceService::NewStub(Connect());
  }

  void StartServer() {
    server_ = std::make_unique<FakeServer>(std::vector<grpc::Service*>{&issuance_}, server_port_);
    server_port_ = server_->port();
  }

  std::shared_ptr<grpc::Channel> Connect() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 10);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
    return grpc::CreateCustomChannel(server_->address(), grpc::InsecureChannelCredentials(), arguments);
  }

  // Rows 1 to `rows`; line n has record code n and request id n.
  absl::Status Load(uint64_t rows) {
    uint64_t next = 0;
    return BulkSend<RegisterResidents>(
        *stub_, options_,
        [&](v1::RegisterResidentRequest* row, uint64_t* line) {
          if (next == rows) return false;
          *line = ++next;
          row->set_request_id(absl::StrFormat("00000000-0000-4000-8000-%012d", *line));
          row->set_resident_record_code(absl::StrFormat("%011d", *line));
          row->mutable_details()->set_full_name(*line % 7 == 0 && refuse_every_seventh_ ? "" : "見本");
          return true;
        },
        [&](const BulkAnswer<RegisterResidents>& answer) {
          ++answers_[answer.line];
          order_.push_back(answer.line);
          EXPECT_EQ(answer.row.resident_record_code(), absl::StrFormat("%011d", answer.line));
          if (!answer.answer.has_error()) {
            EXPECT_EQ(answer.answer.individual_number(), absl::StrFormat("9%011d", answer.line));
          }
          if (on_answer_) on_answer_(answer.line);
        },
        &totals_);
  }

  void ExpectEachAnsweredOnce(uint64_t rows) {
    EXPECT_EQ(answers_.size(), rows);
    for (const auto& [line, count] : answers_) EXPECT_EQ(count, 1) << line;
  }

  BulkOptions options_;
  FakeIssuance issuance_;
  int server_port_ = 0;
  std::unique_ptr<FakeServer> server_;
  std::unique_ptr<v1::IssuanceService::Stub> stub_;
  bool refuse_every_seventh_ = false;
  std::function<void(uint64_t)> on_answer_;
  BulkTotals totals_;
  std::map<uint64_t, int> answers_;
  std::vector<uint64_t> order_;
};

TEST_F(BulkSendTest, AnswersEachRowOnceInOrder) {
  refuse_every_seventh_ = true;
  ASSERT_TRUE(Load(1005).ok());
  ExpectEachAnsweredOnce(1005);
  EXPECT_TRUE(std::is_sorted(order_.begin(), order_.end()));
  EXPECT_EQ(totals_.refused, 1005u / 7);
  EXPECT_EQ(totals_.accepted, 1005 - 1005u / 7);
  EXPECT_EQ(totals_.sent_again, 0u);
  EXPECT_EQ(totals_.connections, 1u);
}

TEST_F(BulkSendTest, NoRowsIsDoneAtOnce) {
  EXPECT_TRUE(Load(0).ok());
  EXPECT_EQ(totals_.accepted, 0u);
}

TEST_F(BulkSendTest, WithoutReconnectABrokenStreamEndsTheLoad) {
  issuance_.rows_until_cut = 25;
  const absl::Status end = Load(200);
  EXPECT_EQ(end.code(), absl::StatusCode::kUnavailable) << end;
  EXPECT_EQ(totals_.accepted, 20u);
}

TEST_F(BulkSendTest, ReconnectSendsWhatIsUnansweredUnderTheSameIds) {
  options_.reconnect = true;
  issuance_.rows_until_cut = 25;
  ASSERT_TRUE(Load(200).ok());
  ExpectEachAnsweredOnce(200);
  EXPECT_EQ(totals_.connections, 2u);
  EXPECT_GE(totals_.sent_again, 10u);
  EXPECT_EQ(issuance_.residents().size(), 200u);
  for (const auto& row : issuance_.Received()) {
    EXPECT_EQ(row.request_id(), "00000000-0000-4000-8000-0" + row.resident_record_code());
  }
}

TEST_F(BulkSendTest, SurvivesARestartOfTheServer) {
  options_.reconnect = true;
  std::thread restart;
  on_answer_ = [&](uint64_t line) {
    if (line != 55) return;
    restart = std::thread([this] {
      server_.reset();
      StartServer();
    });
  };
  ASSERT_TRUE(Load(5000).ok());
  restart.join();
  ExpectEachAnsweredOnce(5000);
  EXPECT_EQ(issuance_.residents().size(), 5000u);
}

TEST_F(BulkSendTest, NotNowIsSentAgain) {
  options_.reconnect = true;
  issuance_.rows_not_now = 33;
  ASSERT_TRUE(Load(200).ok());
  ExpectEachAnsweredOnce(200);
  EXPECT_EQ(totals_.accepted, 200u);
  EXPECT_GE(totals_.sent_again, 33u);
}

TEST_F(BulkSendTest, NotNowIsTheAnswerWithoutReconnect) {
  issuance_.rows_not_now = 33;
  ASSERT_TRUE(Load(200).ok());
  ExpectEachAnsweredOnce(200);
  EXPECT_EQ(totals_.refused, 33u);
}

TEST_F(BulkSendTest, EndsWhenNothingIsAnswered) {
  options_.reconnect = true;
  options_.silence_max = milliseconds(100);
  issuance_.silent = true;
  const absl::Status end = Load(200);
  EXPECT_EQ(end.code(), absl::StatusCode::kUnavailable) << end;
  EXPECT_EQ(totals_.accepted, 0u);
}

TEST_F(BulkSendTest, EndsWhenTheServerNeverComesBack) {
  options_.reconnect = true;
  options_.silence_max = milliseconds(100);
  server_.reset();
  EXPECT_EQ(Load(200).code(), absl::StatusCode::kUnavailable);
}

TEST_F(BulkSendTest, ABatchEndsWithTheRowThatFillsIt) {
  options_.batch_bytes = 1;
  ASSERT_TRUE(Load(30).ok());
  ExpectEachAnsweredOnce(30);
}

}  // namespace
}  // namespace mynumber::mynumberctl
