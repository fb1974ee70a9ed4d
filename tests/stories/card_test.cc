// Cards, from the application ID on a notice to a suspension that is lifted: the leaflet's four ways, and what follows.

#include "tests/stories/card_story.h"

namespace mynumber::stories {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
namespace of_card = card::events::v1;

TEST_F(CardStory, BySmartphoneToTheCounterLostAndFound) {
  Register(Hanako());
  ApplyBySmartphone();
  EXPECT_THAT(Mails(2), SizeIs(2)) << "the link, and that it was received";
  EXPECT_EQ(AskStatus()->state(), Application::STATE_RECEIVED);

  const auto review = Review();
  ASSERT_THAT(review, IsOk());
  EXPECT_EQ(review->photo(), Photo());
  ASSERT_THAT(Judge({of_card::PHOTO_DEFECT_HAT_OR_SUNGLASSES}), IsOk());
  EXPECT_THAT(AskStatus()->defects(), ElementsAre(of_card::PHOTO_DEFECT_HAT_OR_SUNGLASSES));
  EXPECT_THAT(Mails(3), ::testing::Contains(HasSubstr("sunglasses")));
  ASSERT_THAT(Submit(Photo("2026:12:20 10:00:00")), IsOk());

  ApproveAndMake();
  EXPECT_EQ(AskStatus()->state(), Application::STATE_IN_PRODUCTION);
  EXPECT_EQ(Batch()->front().photo(), Photo("2026:12:20 10:00:00")) << "asked again: the same order";
  HandOver();
  EXPECT_EQ(AskStatus()->state(), Application::STATE_SHIPPED);
  EXPECT_TRUE(Status()->usable());

  const auto suspended = Suspend(Of("hotline"));
  ASSERT_THAT(suspended, IsOk());
  EXPECT_FALSE(suspended->was_suspended());
  EXPECT_FALSE(suspended->status().usable());
  EXPECT_FALSE(Status()->usable());
  EXPECT_FALSE(Status(/*stale=*/true)->usable());
  const auto again = Suspend(Of("hotline"));
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->was_suspended());
  EXPECT_EQ(again->effect_position(), suspended->effect_position());

  ASSERT_THAT(AskCard(&CardStub::ReportFound), IsOk());
  const auto lifted = AskCard(&CardStub::LiftSuspension, Lifting());
  ASSERT_THAT(lifted, IsOk());
  EXPECT_EQ(lifted->state(), Card::STATE_IN_USE);
  EXPECT_TRUE(Status()->usable());
  EXPECT_TRUE(client_->Verify()->clean());
}

TEST_F(CardStory, ByComputerWithALinkThatComesAgain) {
  Register(Hanako());
  ASSERT_THAT(StartBy(of_card::APPLICATION_WAY_COMPUTER), IsOk());
  const std::string first = TokenOf(Mails(1)[0]);
  const auto again = StartBy(of_card::APPLICATION_WAY_COMPUTER);
  ASSERT_THAT(again, IsOk());
  application_ = again->name();
  const auto mails = Mails(2);
  ASSERT_THAT(mails, SizeIs(2));
  const std::string second = TokenOf(mails[0]) == first ? TokenOf(mails[1]) : TokenOf(mails[0]);
  EXPECT_THAT(Confirm(first), IsRefused(StatusCode::kNotFound, "LINK_UNKNOWN"));
  ASSERT_THAT(Confirm(second), IsOk());
  EXPECT_THAT(Confirm(second), IsRefused(StatusCode::kFailedPrecondition, "LINK_USED"));
  const std::string request_id = NewRequestId();
  const auto submitted = Submit(Photo(), request_id);
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->way(), of_card::APPLICATION_WAY_COMPUTER);
  EXPECT_EQ(Submit(Photo(), request_id)->position(), submitted->position()) << "the same request, the same answer";
}

TEST_F(CardStory, ARepeatedRequestHasItsAnswerThoughThePhotographHasGrownTooOld) {
  Register(Hanako());
  const auto started = StartBy(of_card::APPLICATION_WAY_SMARTPHONE);
  ASSERT_THAT(started, IsOk());
  application_ = started->name();
  ASSERT_THAT(Confirm(TokenOf(Mails(1)[0])), IsOk());
  const std::string photo = Photo("2026:06:22 10:00:00"), request_id = NewRequestId();
  const auto first = Submit(photo, request_id);
  ASSERT_THAT(first, IsOk());
  PassTo(2026, 12, 24, 9);
  const auto again = Submit(photo, request_id);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->position(), first->position());
  EXPECT_THAT(Submit(photo), IsRefused(StatusCode::kInvalidArgument, "PHOTO_TOO_OLD")) << "another request";
  EXPECT_THAT(Submit(Photo("2026:06:21 10:00:00"), request_id),
              IsRefused(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));
}

TEST_F(CardStory, ByPhotoBoothAtOnce) {
  Register(Taro());
  card::v1::SubmitApplicationRequest request;
  *request.mutable_actor() = Of("photo-booth");
  request.set_application_id(application_id_);
  request.set_photo(Photo(""));
  EXPECT_THAT(Ask(request, &CardStub::SubmitApplication),
              IsRefused(StatusCode::kInvalidArgument, "PAYMENT_REFERENCE_MISSING"));
  request.set_payment_reference("BOOTH-0042");
  const auto submitted = Ask(request, &CardStub::SubmitApplication);
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->state(), Application::STATE_RECEIVED);
  EXPECT_EQ(submitted->way(), of_card::APPLICATION_WAY_PHOTO_BOOTH);
  application_ = submitted->name();
  ApproveAndMake();
  EXPECT_THAT(card_, HasSubstr("/cards/1"));
}

TEST_F(CardStory, ByMailWithAPhotographOnPaper) {
  Register(Taro());
  const auto recorded = Ask(Mailed(), &CardStub::RecordMailedApplication);
  ASSERT_THAT(recorded, IsOk());
  EXPECT_EQ(recorded->way(), of_card::APPLICATION_WAY_MAIL);
  application_ = recorded->name();
  const auto review = Review();
  ASSERT_THAT(review, IsOk());
  EXPECT_TRUE(review->photo().empty());
  ASSERT_THAT(Judge({}), IsOk());
  EXPECT_THAT(Batch(), IsOk());
}

TEST_F(CardStory, AReportedResultIsKnownAgainAndAWrongOneHasItsReason) {
  Register(Hanako());
  ApplyBySmartphone();
  ApproveAndMake();
  const auto first = Report(card::v1::ProductionResult::OUTCOME_SHIPPED);
  EXPECT_TRUE(first.taken());
  EXPECT_FALSE(first.repeated());
  EXPECT_TRUE(Report(card::v1::ProductionResult::OUTCOME_SHIPPED).repeated());
  EXPECT_EQ(Report(card::v1::ProductionResult::OUTCOME_UNSPECIFIED).refused_reason(), "OUTCOME_MISSING");
  EXPECT_EQ(Report(card::v1::ProductionResult::OUTCOME_FAILED).taken(), false);
}

TEST_F(CardStory, ACardThatIsLostBeforeTheHandOverIsHeld) {
  Register(Hanako());
  ApplyBySmartphone();
  ApproveAndMake();
  ASSERT_THAT(Suspend(Of("hotline")), IsOk());
  EXPECT_TRUE(Report(card::v1::ProductionResult::OUTCOME_SHIPPED).taken());
  ASSERT_THAT(AskCard(&CardStub::RecordArrival), IsOk());
  EXPECT_THAT(AskCard(&CardStub::SetUpCard), IsRefused(StatusCode::kFailedPrecondition, "CARD_HELD"));
  EXPECT_THAT(Issue(), IsRefused(StatusCode::kFailedPrecondition, "CARD_HELD"));
}

// The numbers that a client has seen, by partition, after what it was told from `cursor` on.
std::vector<uint64_t> CursorAfter(const std::vector<card::v1::WatchSuspensionsResponse>& told,
                                  std::vector<uint64_t> cursor = std::vector<uint64_t>(4)) {
  for (const auto& one : told) {
    if (one.snapshot_number() != 0) cursor[one.partition()] = one.snapshot_number();
    for (const auto& change : one.changes()) {
      EXPECT_EQ(change.number(), cursor[one.partition()] + 1) << "no gap";
      cursor[one.partition()] = change.number();
    }
  }
  return cursor;
}

TEST_F(CardStory, TerminalsAreToldFirstWhatHoldsAndThenWhatChanges) {
  Register(Hanako());
  ApplyBySmartphone();
  ApproveAndMake();
  HandOver();
  ASSERT_THAT(Suspend(Of("hotline")), IsOk());
  const auto snapshot = Watch();
  ASSERT_THAT(snapshot, IsOk());
  ASSERT_THAT(*snapshot, SizeIs(1));
  EXPECT_THAT(snapshot->front().suspended(), ElementsAre(card_));
  const auto cursor = CursorAfter(*snapshot);
  EXPECT_THAT(*Watch(cursor), SizeIs(0));
  ASSERT_THAT(AskCard(&CardStub::LiftSuspension, Lifting()), IsOk());
  const auto changes = Watch(cursor);
  ASSERT_THAT(*changes, SizeIs(1));
  EXPECT_EQ(changes->front().changes(0).card(), card_);
  EXPECT_EQ(changes->front().changes(0).state(), Card::STATE_IN_USE);
  EXPECT_EQ(CursorAfter(*Watch({0, 0, 0, 0})), CursorAfter(*changes, cursor)) << "from the first change on";
  EXPECT_THAT(Watch({1, 2}), IsRefused(StatusCode::kInvalidArgument, "CURSOR_MALFORMED"));
}

TEST_F(CardStory, ListsGoByStateAndDayAndAreTheMunicipalitysOwn) {
  Register(Hanako());
  ApplyBySmartphone();
  card::v1::ListApplicationsRequest applications;
  applications.set_municipality_code(kChiyoda);
  applications.set_state(Application::STATE_RECEIVED);
  EXPECT_THAT(Ask(applications, &CardStub::ListApplications)->applications(), SizeIs(1));
  ApproveAndMake();
  HandOver();
  EXPECT_THAT(Ask(applications, &CardStub::ListApplications)->applications(), SizeIs(0));
  card::v1::ListCardsRequest cards;
  cards.set_municipality_code(kChiyoda);
  cards.set_state(Card::STATE_IN_USE);
  const auto listed = Ask(cards, &CardStub::ListCards);
  ASSERT_THAT(listed->cards(), SizeIs(1));
  EXPECT_EQ(listed->cards(0).name(), card_);
  EXPECT_THAT(listed->cards(0).masked_serial(), HasSubstr(serial_.substr(16)));
  EXPECT_THAT(listed->cards(0).masked_serial(), Not(HasSubstr(serial_.substr(0, 16))));
  card::v1::ListDeadlinesRequest deadlines;
  deadlines.set_municipality_code(kChiyoda);
  EXPECT_THAT(Ask(deadlines, &CardStub::ListDeadlines)->deadlines(), SizeIs(0)) << "nothing within 60 days";
  *deadlines.mutable_until() = Day(2099, 1, 1);
  const auto due = Ask(deadlines, &CardStub::ListDeadlines);
  ASSERT_THAT(due->deadlines(), SizeIs(1));
  EXPECT_EQ(due->deadlines(0).kind(), of_card::DEADLINE_KIND_EXPIRY);
  EXPECT_EQ(calendar::DayNumber(due->deadlines(0).day()), 20360525) << "her tenth birthday from now";
}

TEST_F(CardStory, TheHotlineFindsWhoCallsAndMasksThem) {
  Register(Hanako());
  ApplyBySmartphone();
  ApproveAndMake();
  HandOver();
  card::v1::FindHoldersRequest find;
  *find.mutable_actor() = Of("service/hotline");
  EXPECT_THAT(Ask(find, &CardStub::FindHolders), IsRefused(StatusCode::kInvalidArgument, "SEARCH_MISSING"));
  find.set_name("みほんはなこ");
  *find.mutable_birth_date() = person_.details.birth_date();
  const auto by_name = Ask(find, &CardStub::FindHolders);
  ASSERT_THAT(by_name, IsOk());
  ASSERT_THAT(by_name->candidates(), SizeIs(1));
  EXPECT_EQ(by_name->candidates(0).resident(), resident_);
  EXPECT_EQ(by_name->candidates(0).masked_name(), "見** 花**");
  EXPECT_EQ(by_name->candidates(0).cards(0).name(), card_);
  find.clear_name();
  find.set_card_serial(serial_);
  EXPECT_THAT(Ask(find, &CardStub::FindHolders)->candidates(), SizeIs(1));

  card::v1::SetCodeWordRequest word;
  word.set_resident(resident_);
  word.set_code_word("あんずの木");
  ASSERT_THAT(Ask(word, &CardStub::SetCodeWord), IsOk());
  card::v1::ConfirmHolderRequest confirm;
  *confirm.mutable_actor() = Of("service/hotline");
  confirm.mutable_actor()->set_clerk_id("operator-1");
  confirm.set_resident(resident_);
  *confirm.mutable_birth_date() = person_.details.birth_date();
  confirm.set_address("見本町一丁目２番３号");
  confirm.set_code_word("アンズノ木");
  const auto confirmed = Ask(confirm, &CardStub::ConfirmHolder);
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_TRUE(confirmed->birth_date_matches() && confirmed->address_matches() && confirmed->code_word_matches());
  confirm.set_code_word("柿の木の下");
  confirm.set_address("別の町");
  const auto other = Ask(confirm, &CardStub::ConfirmHolder);
  EXPECT_FALSE(other->address_matches() || other->code_word_matches());
}

TEST_F(CardStory, AMunicipalitysSettingsHoldForItsResidents) {
  Register(Hanako());
  card::v1::SetMunicipalityRequest request;
  request.set_municipality_code(kChiyoda);
  request.mutable_settings()->set_pick_up_months(1);
  request.mutable_settings()->add_store_services(of_card::STORE_SERVICE_TAX_CERTIFICATE);
  ASSERT_THAT(Ask(request, &CardStub::SetMunicipality), IsOk());
  card::v1::ListServicesRequest services;
  services.set_municipality_code(kChiyoda);
  EXPECT_THAT(Ask(services, &CardStub::ListServices)->services(),
              ElementsAre(of_card::STORE_SERVICE_TAX_CERTIFICATE));
  card::v1::GetMunicipalityRequest get;
  get.set_municipality_code(kChiyoda);
  EXPECT_EQ(Ask(get, &CardStub::GetMunicipality)->settings().reminder_months(), 3u) << "the default";
  ApplyBySmartphone();
  ApproveAndMake();
  Report(card::v1::ProductionResult::OUTCOME_SHIPPED);
  ASSERT_THAT(AskCard(&CardStub::RecordArrival), IsOk());
  ASSERT_THAT(AskCard(&CardStub::SetUpCard), IsOk());
  EXPECT_EQ(calendar::DayNumber(AskCard(&CardStub::SendIssueNotice)->pick_up_by()), 20270121);
  EXPECT_GT(Ask(card::v1::GetTransitionsRequest(), &CardStub::GetTransitions)->transitions_size(), 300);
}

TEST_F(CardStory, AfterAStartEverythingIsAsItWas) {
  Register(Hanako());
  ApplyBySmartphone();
  ApproveAndMake();
  HandOver();
  ASSERT_THAT(Suspend(Of("hotline")), IsOk());
  cluster_.Stop();
  std::filesystem::remove_all(cluster_.data() + "/card/0");
  std::filesystem::remove_all(cluster_.data() + "/card/1");
  Start();
  EXPECT_EQ(Status()->state(), Card::STATE_SUSPENDED);
  EXPECT_EQ(Batch()->front().photo(), Photo());
  EXPECT_THAT(*Watch(), SizeIs(1));
}

}  // namespace
}  // namespace mynumber::stories
