// A city compares its own register with this one: digests of each partition, computed by the published recipe
// (docs/howto/reconcile.md), and the rows behind them.

#include <array>
#include <map>

#include "libs/sealing/keyed_hash.h"
#include "tests/stories/story.h"

namespace mynumber::stories {
namespace {

using Sum = std::array<uint8_t, 16>;

// The recipe, written anew from its description: shares nothing but HMAC-SHA256 with the service.
std::string Part(const std::string& text) {
  std::string part;
  for (int shift = 24; shift >= 0; shift -= 8) part.push_back(static_cast<char>(text.size() >> shift));
  return part + text;
}

std::string DayText(const type::Date& date) {
  if (date.year() == 0) return "";
  char text[16];
  std::snprintf(text, sizeof text, "%04d%02d%02d", date.year(), date.month(), date.day());
  return text;
}

std::string CanonicalRow(const Person& person) {
  const events::ResidentDetails& d = person.details;
  return Part(person.record_code) + Part(d.full_name()) + Part(d.alias()) + Part(d.name_kana()) +
         Part(DayText(d.birth_date())) + Part(d.address()) + Part(d.postal_code()) + Part(d.municipality_code()) +
         Part(std::to_string(d.residence_status())) + Part(DayText(d.period_of_stay_end()));
}

Sum RowDigest(const std::string& key, const Person& person) {
  const auto mac = sealing::HmacSha256(key, CanonicalRow(person));
  Sum digest;
  std::copy_n(mac.begin(), digest.size(), digest.begin());
  return digest;
}

void Add(const Sum& summand, Sum* sum) {
  int carry = 0;
  for (int i = 15; i >= 0; --i) {
    carry += (*sum)[static_cast<size_t>(i)] + summand[static_cast<size_t>(i)];
    (*sum)[static_cast<size_t>(i)] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
}

class DigestStory : public Story {
 protected:
  // A city in which nobody has been registered yet.
  static City NewCity() {
    static const std::vector<std::string> codes = {"141003", "231002", "261009", "401005", "341002", "041009"};
    static size_t next = 0;
    return City(codes.at(next++));
  }
  struct Row {
    Person person;
    uint32_t partition;
  };
  // Registers people, and keeps the city's own register: by resident name.
  std::map<std::string, Row> Populate(const City& city, int people) {
    std::map<std::string, Row> own;
    for (int i = 0; i < people; ++i) {
      const Person person = Somebody(city.code());
      const v1::Resident resident = client_.Call(city.Registration(person)).value();
      own[resident.name()] = {person, static_cast<uint32_t>(std::stoul(resident.position()))};
    }
    return own;
  }
  // Whether the service's digests are those of the city's own register.
  void ExpectSame(const City& city, const std::map<std::string, Row>& own) {
    const auto digest = client_.Call(city.Digest());
    ASSERT_THAT(digest, IsOk());
    ASSERT_EQ(digest->partitions_size(), 4);
    EXPECT_EQ(digest->digest_key().size(), 32);
    std::map<uint32_t, std::pair<uint64_t, Sum>> sums;
    for (const auto& [name, row] : own) {
      ++sums[row.partition].first;
      Add(RowDigest(digest->digest_key(), row.person), &sums[row.partition].second);
    }
    for (const auto& partition : digest->partitions()) {
      const auto& [count, sum] = sums[partition.partition()];
      EXPECT_EQ(partition.count(), count) << partition.partition();
      EXPECT_EQ(partition.digest(), std::string(sum.begin(), sum.end())) << partition.partition();
    }
  }
};

TEST_F(DigestStory, ACityComesToTheSameDigestsFromItsOwnRegister) {
  const City city = NewCity();
  std::map<std::string, Row> own = Populate(city, 25);
  Person foreign = Alex();
  foreign.record_code = Somebody().record_code;
  foreign.details.set_municipality_code(city.code());
  const v1::Resident resident = client_.Call(city.Registration(foreign)).value();
  own[resident.name()] = {foreign, static_cast<uint32_t>(std::stoul(resident.position()))};
  ExpectSame(city, own);
}

TEST_F(DigestStory, TheyFollowWhateverIsRecorded) {
  const City city = NewCity();
  std::map<std::string, Row> own = Populate(city, 8);
  std::vector<std::string> names;
  for (const auto& [name, row] : own) names.push_back(name);
  const auto recorded = [&](const auto& request) { ASSERT_THAT(client_.Call(request), IsOk()); };

  recorded(city.Departure(names[0]));
  Row departed = own[names[0]];
  own.erase(names[0]);
  recorded(city.Death(names[1]));
  own.erase(names[1]);
  recorded(city.Voiding(names[2]));
  own.erase(names[2]);
  recorded(city.Move({names[3]}));
  own.erase(names[3]);
  Person& corrected = own[names[4]].person;
  corrected.details.set_name_kana("テイセイ");
  recorded(city.Correction(names[4], corrected.details));
  own[names[5]].person.record_code = Somebody().record_code;
  recorded(city.CodeChange(names[5], own[names[5]].person.record_code));
  recorded(city.Disclosure(names[6]));
  recorded(city.Replacement(names[6]));
  ExpectSame(city, own);

  departed.person.details.set_address("帰国町1番");
  recorded(city.Return(names[0], departed.person.details));
  own[names[0]] = departed;
  ExpectSame(city, own);
}

TEST_F(DigestStory, AnEmptyCityHasEmptyDigests) { ExpectSame(NewCity(), {}); }

TEST_F(DigestStory, EveryCityHasAKeyOfItsOwnThatStays) {
  const City city = NewCity();
  const std::string key = client_.Call(city.Digest())->digest_key();
  EXPECT_NE(key, client_.Call(city_.Digest())->digest_key());
  cluster_->Restart();
  client_ = cluster_->NewClient();
  EXPECT_EQ(client_.Call(city.Digest())->digest_key(), key);
}

TEST_F(DigestStory, TheRowsBehindADigestShowWhichOnesDiffer) {
  const City city = NewCity();
  const std::map<std::string, Row> own = Populate(city, 30);
  const auto streamed = client_.Call(city.Stream());
  ASSERT_THAT(streamed, IsOk());
  std::map<std::string, std::string> seen;
  for (const auto& answer : *streamed) {
    for (const auto& resident : answer.residents()) {
      EXPECT_EQ(own.at(resident.name()).partition, answer.partition());
      EXPECT_EQ(resident.individual_number(), "");
      seen[resident.name()] = resident.details().SerializeAsString();
    }
  }
  EXPECT_EQ(seen.size(), 30);
  for (const auto& [name, row] : own) EXPECT_EQ(seen[name], row.person.details.SerializeAsString());
}

TEST_F(DigestStory, OnePartitionsRowsMayBeAskedFor) {
  const City city = NewCity();
  const std::map<std::string, Row> own = Populate(city, 20);
  // By chance one of them may have nobody.
  std::map<uint32_t, size_t> expected;
  for (const auto& [name, row] : own) {
    if (row.partition == 1 || row.partition == 3) ++expected[row.partition];
  }
  v1::StreamResidentsRequest request = city.Stream();
  request.add_partitions(3);
  request.add_partitions(1);
  std::map<uint32_t, size_t> streamed;
  const auto answers = client_.Call(request);
  ASSERT_THAT(answers, IsOk());
  for (const auto& answer : *answers) streamed[answer.partition()] += static_cast<size_t>(answer.residents_size());
  EXPECT_EQ(streamed, expected);
  request.add_partitions(4);
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kInvalidArgument, "PARTITION_UNKNOWN"));
  request.set_partitions(2, 1);
  EXPECT_THAT(client_.Call(request), IsRefused(StatusCode::kInvalidArgument, "PARTITION_UNKNOWN")) << "named twice";
}

TEST_F(DigestStory, ALongStreamComesInPieces) {
  std::vector<Person> people;
  for (int i = 0; i < 1000; ++i) people.push_back(Somebody("141305"));
  const City city("141305");
  ASSERT_THAT(client_.Load({city.Batch(1, people)}), IsOk());
  const auto answers = client_.Call(city.Stream());
  ASSERT_THAT(answers, IsOk());
  int residents = 0;
  for (const auto& answer : *answers) {
    EXPECT_LE(answer.residents_size(), 200);
    residents += answer.residents_size();
  }
  EXPECT_EQ(residents, 1000);
}

TEST_F(DigestStory, AnotherCitysRegisterIsNotForThisOne) {
  v1::GetDigestRequest digest = city_.Digest();
  *digest.mutable_actor() = sapporo_.Clerk();
  EXPECT_THAT(client_.Call(digest), IsRefused(StatusCode::kPermissionDenied, "MUNICIPALITY_NOT_YOURS"));
  v1::StreamResidentsRequest stream = city_.Stream();
  *stream.mutable_actor() = sapporo_.Clerk();
  EXPECT_THAT(client_.Call(stream), IsRefused(StatusCode::kPermissionDenied, "MUNICIPALITY_NOT_YOURS"));
}

}  // namespace
}  // namespace mynumber::stories
