// What is wrong with a call about applications and cards is refused by name, and nothing is written.

#include "tests/stories/card_story.h"

namespace mynumber::stories {
namespace {

namespace of_card = card::events::v1;

TEST_F(CardStory, AWrongApplicationIdIsRefusedBeforeAnyLookUp) {
  Register(Hanako());
  const std::string good = application_id_;
  application_id_ = good.substr(1);
  EXPECT_THAT(AskStatus(), IsRefused(StatusCode::kInvalidArgument, "APPLICATION_ID_WRONG_LENGTH"));
  application_id_ = "x" + good.substr(1);
  EXPECT_THAT(AskStatus(), IsRefused(StatusCode::kInvalidArgument, "APPLICATION_ID_NOT_DIGITS"));
  application_id_ = good;
  application_id_.back() = good.back() == '0' ? '1' : '0';
  EXPECT_THAT(AskStatus(), IsRefused(StatusCode::kInvalidArgument, "APPLICATION_ID_WRONG_CHECK_DIGIT"));
  application_id_ = identifiers::ApplicationId::FromBody("1234567890123456789012").Format();
  EXPECT_THAT(AskStatus(), IsRefused(StatusCode::kNotFound, "APPLICATION_ID_UNKNOWN"));
}

TEST_F(CardStory, WrongBirthDatesAreCountedAndLimitedForADay) {
  Register(Hanako());
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(AskStatus(Day(1987, 5, 26)), IsRefused(StatusCode::kNotFound, "BIRTH_DATE_WRONG"));
  }
  EXPECT_THAT(AskStatus(), IsRefused(StatusCode::kResourceExhausted, "TOO_MANY_WRONG_BIRTH_DATES"));
  PassTo(2026, 12, 22, 9);
  EXPECT_THAT(AskStatus(), IsRefused(StatusCode::kNotFound, "BIRTH_DATE_WRONG")) << "nothing was applied for";
}

TEST_F(CardStory, ABadStartLinkOrPhotographHasItsReason) {
  Register(Hanako());
  EXPECT_THAT(StartBy(of_card::APPLICATION_WAY_MAIL), IsRefused(StatusCode::kInvalidArgument, "WAY_MISSING"));
  EXPECT_THAT(StartBy(of_card::APPLICATION_WAY_COMPUTER, "no address"),
              IsRefused(StatusCode::kInvalidArgument, "EMAIL_MALFORMED"));
  EXPECT_THAT(Confirm("abc"), IsRefused(StatusCode::kInvalidArgument, "TOKEN_MALFORMED"));
  const auto started = StartBy(of_card::APPLICATION_WAY_SMARTPHONE);
  ASSERT_THAT(started, IsOk());
  application_ = started->name();
  EXPECT_THAT(Submit(Photo()), IsRefused(StatusCode::kFailedPrecondition, "EMAIL_NOT_CONFIRMED"));
  const std::string token = TokenOf(Mails(1)[0]);
  ASSERT_THAT(Confirm(token), IsOk());
  EXPECT_THAT(Submit(""), IsRefused(StatusCode::kInvalidArgument, "PHOTO_MISSING"));
  EXPECT_THAT(Submit(std::string(30'000, 'x')), IsRefused(StatusCode::kInvalidArgument, "PHOTO_NOT_JPEG"));
  EXPECT_THAT(Submit(Photo("2026:01:01 10:00:00")), IsRefused(StatusCode::kInvalidArgument, "PHOTO_TOO_OLD"));
  EXPECT_THAT(Submit(std::string(7'500'000, 'x')), IsRefused(StatusCode::kInvalidArgument, "PHOTO_NOT_JPEG"));
  EXPECT_THAT(Submit(std::string(9 << 20, 'x')), IsRefused(StatusCode::kInvalidArgument, "REQUEST_TOO_LARGE"));
  EXPECT_TRUE(std::filesystem::is_empty(cluster_.data() + "/card/photos"));
}

TEST_F(CardStory, ALinkIsGoodForOneDay) {
  Register(Hanako());
  ASSERT_THAT(StartBy(of_card::APPLICATION_WAY_SMARTPHONE), IsOk());
  const std::string token = TokenOf(Mails(1)[0]);
  PassTo(2026, 12, 22, 10);
  EXPECT_THAT(Confirm(token), IsRefused(StatusCode::kFailedPrecondition, "LINK_EXPIRED"));
}

TEST_F(CardStory, WhoMayNotAskIsTold) {
  Register(Hanako());
  auto mailed = Mailed();
  mailed.set_return_envelope(false);
  EXPECT_THAT(Ask(mailed, &CardStub::RecordMailedApplication),
              IsRefused(StatusCode::kInvalidArgument, "RETURN_ENVELOPE_MISSING"));
  mailed = Mailed();
  *mailed.mutable_actor() = City(kSapporo).Clerk();
  EXPECT_THAT(Ask(mailed, &CardStub::RecordMailedApplication),
              IsRefused(StatusCode::kPermissionDenied, "MUNICIPALITY_NOT_YOURS"));
  card::v1::GetProductionBatchRequest batch;
  *batch.mutable_actor() = city_.Clerk();
  *batch.mutable_batch_date() = Today();
  EXPECT_THAT(Stream(batch, &CardStub::GetProductionBatch),
              IsRefused(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
  EXPECT_THAT(Ask(card::v1::FindHoldersRequest(), &CardStub::FindHolders),
              IsRefused(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
  card_ = resident_ + "/cards/1";
  EXPECT_THAT(Suspend(Of("hotline")), IsRefused(StatusCode::kNotFound, "CARD_UNKNOWN"));
}

TEST_F(CardStory, TheHotlineLiftsNothing) {
  Register(Hanako());
  ApplyBySmartphone();
  ApproveAndMake();
  HandOver();
  ASSERT_THAT(Suspend(Of("hotline")), IsOk());
  auto lifting = Lifting();
  *lifting.mutable_actor() = Of("hotline");
  EXPECT_THAT(AskCard(&CardStub::LiftSuspension, lifting),
              IsRefused(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
  lifting = Lifting();
  lifting.set_person_present(false);
  EXPECT_THAT(AskCard(&CardStub::LiftSuspension, lifting),
              IsRefused(StatusCode::kFailedPrecondition, "PERSON_NOT_PRESENT"));
  EXPECT_EQ(Status()->state(), Card::STATE_SUSPENDED);
}

}  // namespace
}  // namespace mynumber::stories
