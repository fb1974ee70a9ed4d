// Looking at residents: one, a municipality's, those of a name.

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

class ReadStory : public Story {
 protected:
  // All pages of a list.
  std::vector<v1::Resident> Pages(const City& city, int page_size, int* pages = nullptr) {
    std::vector<v1::Resident> all;
    v1::ListResidentsRequest request = city.List(page_size);
    do {
      const auto page = client_.Call(request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      EXPECT_LE(page->residents_size(), page_size == 0 ? 50 : page_size);
      all.insert(all.end(), page->residents().begin(), page->residents().end());
      request.set_page_token(page->next_page_token());
      if (pages != nullptr) ++*pages;
    } while (!request.page_token().empty());
    return all;
  }
  // A city in which nobody has been registered yet.
  static City NewCity() {
    static const std::vector<std::string> codes = {"141003", "231002", "261009", "401005", "341002", "041009"};
    static size_t next = 0;
    return City(codes.at(next++));
  }
  std::set<std::string> Populate(const City& city, int people) {
    std::vector<Person> rows;
    for (int i = 0; i < people; ++i) rows.push_back(Somebody(city.code()));
    std::set<std::string> names;
    const auto loaded = client_.Load({city.Batch(1, rows)}).value();
    for (const auto& row : loaded.at(0).rows()) names.insert(row.name());
    EXPECT_EQ(names.size(), people);
    return names;
  }
};

TEST_F(ReadStory, AReadSeesWhatWasAnsweredBeforeIt) {
  const std::string name = Registered(Somebody()).name();
  for (uint64_t version = 2; version < 12; ++version) {
    v1::RecordMoveRequest move = sapporo_.Move({name});
    move.set_address("移転先町" + std::to_string(version) + "番");
    ASSERT_THAT(client_.Call(move), IsOk());
    EXPECT_EQ(Seen(name).version(), version);
  }
}

TEST_F(ReadStory, AStaleReadWithAPositionSeesAtLeastThat) {
  const v1::Resident resident = Registered(Somebody());
  v1::GetResidentRequest look = city_.Look(resident.name());
  look.set_freshness(v1::FRESHNESS_STALE);
  look.set_position(resident.position());
  const auto seen = client_.Call(look);
  ASSERT_THAT(seen, IsOk());
  EXPECT_EQ(seen->version(), 1);
  // Of a position that is still to come, whatever there is then.
  look.set_position(resident.position().substr(0, resident.position().find('@')) + "@4000000000.0");
  EXPECT_THAT(client_.Call(look), IsOk());
  look.set_position("nonsense");
  EXPECT_THAT(client_.Call(look), IsRefused(StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
  look.set_position("99@1.0");
  EXPECT_THAT(client_.Call(look), IsRefused(StatusCode::kInvalidArgument, "POSITION_MALFORMED"));
}

// Whoever brings it to another instance must not be shown something older there.
TEST_F(ReadStory, AReadsPositionIsNoOlderThanWhatItShows) {
  const auto sequence = [](const std::string& position) { return std::stoll(position.substr(position.find('@') + 1)); };
  const v1::Resident resident = client_.Call(sapporo_.Registration(Somebody(kSapporo))).value();
  std::map<uint64_t, int64_t> written = {{1, sequence(resident.position())}};
  std::atomic<bool> done{false};
  std::vector<std::vector<v1::Resident>> seen(4);
  std::vector<std::thread> readers;
  for (std::vector<v1::Resident>& mine : seen) {
    readers.emplace_back([&, client = cluster_->NewClient()] {
      v1::GetResidentRequest look = sapporo_.Look(resident.name());
      look.set_freshness(v1::FRESHNESS_STALE);
      while (!done) mine.push_back(client.Call(look).value());
    });
  }
  for (int i = 0; i < 300; ++i) {
    v1::RecordMoveRequest move = sapporo_.Move({resident.name()});
    move.set_address("移転先町" + std::to_string(i) + "番");
    const auto moved = client_.Call(move).value();
    written[moved.results(0).resident().version()] = sequence(moved.results(0).resident().position());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  for (const auto& of_one : seen) {
    for (const v1::Resident& resident : of_one) {
      ASSERT_GE(sequence(resident.position()), written.at(resident.version()));
    }
  }
}

TEST_F(ReadStory, AnAnswersPositionGrowsWithEveryWrite) {
  const v1::Resident resident = Registered(Somebody());
  const auto moved = client_.Call(city_.Move({resident.name()}));
  ASSERT_THAT(moved, IsOk());
  const auto sequence = [](const std::string& position) { return std::stoll(position.substr(position.find('@') + 1)); };
  EXPECT_GT(sequence(moved->results(0).resident().position()), sequence(resident.position()));
}

TEST_F(ReadStory, ListsAMunicipalityInPagesEachResidentOnce) {
  const City city = NewCity();
  const std::set<std::string> names = Populate(city, 23);
  for (int page_size : {1, 2, 5, 7, 22, 23, 24, 0, 1000, 5000}) {
    const std::vector<v1::Resident> listed = Pages(city, page_size);
    std::set<std::string> seen;
    for (const v1::Resident& resident : listed) {
      seen.insert(resident.name());
      EXPECT_EQ(resident.individual_number(), "");
      EXPECT_EQ(resident.details().municipality_code(), city.code());
    }
    EXPECT_EQ(listed.size(), 23) << page_size;
    EXPECT_EQ(seen, names) << page_size;
  }
}

TEST_F(ReadStory, AListFollowsMovesAndLeavesOutWhatWasVoided) {
  const City city = NewCity();
  const std::set<std::string> names = Populate(city, 3);
  const std::string moved = *names.begin();
  const std::string voided = *names.rbegin();
  ASSERT_THAT(client_.Call(city.Move({moved})), IsOk());
  ASSERT_THAT(client_.Call(city.Voiding(voided)), IsOk());
  const std::vector<v1::Resident> left = Pages(city, 0);
  ASSERT_EQ(left.size(), 1);
  EXPECT_EQ(left[0].name(), *std::next(names.begin()));
  int found = 0;
  for (const v1::Resident& resident : Pages(sapporo_, 0)) found += resident.name() == moved;
  EXPECT_EQ(found, 1);
}

TEST_F(ReadStory, PagesGoOnAmongChanges) {
  const City city = NewCity();
  std::set<std::string> names = Populate(city, 10);
  v1::ListResidentsRequest request = city.List(4);
  std::set<std::string> seen;
  for (int page = 0; page < 20; ++page) {
    const auto answer = client_.Call(request);
    ASSERT_THAT(answer, IsOk());
    for (const auto& resident : answer->residents()) seen.insert(resident.name());
    // The last one seen moves away: its row, where the next page begins, is gone.
    if (answer->residents_size() > 0) {
      ASSERT_THAT(client_.Call(city.Move({answer->residents().rbegin()->name()})), IsOk());
    }
    request.set_page_token(answer->next_page_token());
    if (request.page_token().empty()) break;
  }
  EXPECT_EQ(seen, names);
}

TEST_F(ReadStory, AnotherMunicipalitysListIsNotForThisOne) {
  v1::ListResidentsRequest request = city_.List();
  *request.mutable_actor() = sapporo_.Clerk();
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kPermissionDenied, "MUNICIPALITY_NOT_YOURS"));
  request.mutable_actor()->set_authority("hotline");
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
}

TEST_F(ReadStory, APageTokenIsTakenAsItWasGivenOnly) {
  const City city = NewCity();
  Populate(city, 3);
  const std::string token = client_.Call(city.List(1))->next_page_token();
  ASSERT_NE(token, "");
  v1::ListResidentsRequest request = city.List(1);
  for (const std::string& bad :
       {std::string("nonsense"), std::string("zzzz"), token + "00", token.substr(1), "ffff" + token.substr(4),
        "0000" + std::string(32, 'z'), std::string(36, ' ')}) {
    request.set_page_token(bad);
    EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kInvalidArgument, "PAGE_TOKEN_MALFORMED")) << bad;
  }
}

TEST_F(ReadStory, FindsByNameOrKanaHoweverTheyAreSpelled) {
  const City city = NewCity();
  Person person = Somebody(city.code());
  person.details.set_full_name("見出し カナコ");
  person.details.set_name_kana("ミダシ カナコ");
  const std::string name = Registered(person).name();
  for (const char* spelling : {"見出し カナコ", "見出しかなこ", "見出し　ｶﾅｺ", "ミダシカナコ", "みだし かなこ"}) {
    const auto found = client_.Call(city.Find(spelling, person.details.birth_date()));
    ASSERT_THAT(found, IsOk());
    ASSERT_EQ(found->candidates_size(), 1) << spelling;
    EXPECT_EQ(found->candidates(0).name(), name);
    EXPECT_FALSE(found->truncated());
  }
  EXPECT_EQ(client_.Call(city.Find("見出し カナコ", Day(1901, 1, 1)))->candidates_size(), 0);
  EXPECT_EQ(client_.Call(city_.Find("見出し カナコ", person.details.birth_date()))->candidates_size(), 0)
      << "another municipality's resident";
}

TEST_F(ReadStory, ShowsAtMostTwentyCandidatesMasked) {
  const City city = NewCity();
  std::vector<Person> people;
  for (int i = 0; i < 21; ++i) {
    people.push_back(Somebody(city.code()));
    people.back().details.set_full_name("同姓 同名");
    *people.back().details.mutable_birth_date() = Day(1980, 8, 8);
  }
  const auto loaded = client_.Load({city.Batch(1, people)});
  ASSERT_THAT(loaded, IsOk());
  auto found = client_.Call(city.Find("同姓 同名", Day(1980, 8, 8)));
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->candidates_size(), 20);
  EXPECT_TRUE(found->truncated());
  for (const v1::ResidentCandidate& candidate : found->candidates()) {
    EXPECT_EQ(candidate.masked_full_name(), "同****");
    EXPECT_THAT(candidate.masked_address(), ::testing::MatchesRegex("例[*]+"));
    EXPECT_EQ(candidate.state(), v1::Resident::STATE_REGISTERED);
  }
  ASSERT_THAT(client_.Call(city.Voiding(loaded->at(0).rows(0).name())), IsOk());
  found = client_.Call(city.Find("同姓 同名", Day(1980, 8, 8)));
  EXPECT_EQ(found->candidates_size(), 20);
  EXPECT_FALSE(found->truncated()) << "there are no more than these";
}

TEST_F(ReadStory, ALookUpByNameIsForMunicipalities) {
  v1::FindResidentsRequest request = city_.Find("見本 花子", Day(1987, 5, 25));
  request.mutable_actor()->set_authority("post-office");
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kPermissionDenied, "METHOD_NOT_ALLOWED"));
}

}  // namespace
}  // namespace mynumber::stories
