// The rows of each table of tables.h, as what happens puts them there and takes them away.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/matchers.h"
#include "services/issuance/projections/made_up_register.h"
#include "services/issuance/projections/tables.h"

namespace mynumber::issuance {
namespace {

using events::v1::IssuanceEvent;
using mynumber::testing::EqualsProto;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using namespace made_up;  // NOLINT: the vocabulary of this file

Register After(const std::vector<IssuanceEvent>& events, std::string_view record_code = kCode) {
  Register residents;
  for (const IssuanceEvent& event : events) {
    const bool is_access = !event.number_disclosed().resident().empty() || event.has_looked_up() ||
                           event.has_attempts_refused() || event.has_access_record_erased();
    residents.Write(is_access ? RecordIdOf(absl::CivilMonth(2026, 11)) : IdOf(record_code), event);
  }
  return residents;
}

std::vector<std::string> Keys(char table, const std::vector<IssuanceEvent>& events) {
  return After(events).rows().Keys(table);
}

// The key of kCode's row.
std::string Key(char table, const std::string& part) { return IndexKey(table, part, RawIdOf(kCode)); }
std::string HanakosHash(const std::string& name) { return NameHash(name, Hanako().birth_date()); }

IssuanceEvent Hanakos() { return Registered(Registration()); }

TEST(KeyTest, IsTableThenPartThenId) {
  EXPECT_EQ(IndexKey('m', "131016", "0123456789abcdef"), "m1310160123456789abcdef");
  EXPECT_EQ(IndexKey('m', "131016"), "m131016");
  EXPECT_EQ(IdOfKey("m131016" + RawIdOf(kCode)), IdOf(kCode));
  EXPECT_EQ(PlaceKey("l0123456789abcdef", 0x0102030405060708, 0x090a0b0c),
            std::string("l0123456789abcdef\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c"));
}

// ---- 'm': residents of a municipality

TEST(MunicipalityTableTest, HoldsWhoeverIsOnItsRecordWhateverBecameOfThem) {
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos()}), ElementsAre(Key('m', "131016")));
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos(), Departed()}), ElementsAre(Key('m', "131016")));
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos(), Died()}), ElementsAre(Key('m', "131016")));
}

TEST(MunicipalityTableTest, FollowsAMoveAReturnAndACorrection) {
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos(), Moved()}), ElementsAre(Key('m', "011002")));
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos(), Departed(), Returned()}), ElementsAre(Key('m', "271004")));
  IssuanceEvent corrected = Corrected();
  corrected.mutable_resident_corrected()->mutable_details()->set_municipality_code("141003");
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos(), corrected}), ElementsAre(Key('m', "141003")));
}

TEST(MunicipalityTableTest, AVoidedRegistrationIsNoResident) {
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos(), Voided()}), IsEmpty());
  EXPECT_THAT(Keys(kMunicipalityTable, {Hanakos(), Voided(), Registered(Registration(kCode, Jiro()), 1)}),
              ElementsAre(Key('m', "141003")));
}

// ---- 'n': look-up by name

TEST(NameTableTest, FindsByNameAndByKana) {
  EXPECT_THAT(Keys(kNameTable, {Hanakos()}),
              UnorderedElementsAre(Key('n', HanakosHash("見本 花子")), Key('n', HanakosHash("ミホン ハナコ"))));
  EXPECT_THAT(Keys(kNameTable, {Registered(Registration(kCode, Jiro()))}),
              ElementsAre(Key('n', NameHash("Jiro Mockup", Jiro().birth_date()))));
}

TEST(NameTableTest, ANameThatIsItsOwnKanaHasOneRow) {
  events::v1::ResidentDetails details = Hanako();
  details.set_full_name(details.name_kana());
  EXPECT_THAT(Keys(kNameTable, {Registered(Registration(kCode, details))}),
              ElementsAre(Key('n', HanakosHash("ミホン ハナコ"))));
}

TEST(NameTableTest, AFormerNameFindsNobody) {
  EXPECT_THAT(Keys(kNameTable, {Hanakos(), Corrected()}),
              UnorderedElementsAre(Key('n', HanakosHash("見本 華子")), Key('n', HanakosHash("ミホン ハナコ"))));
}

TEST(NameTableTest, NameAndKanaThatChangePlacesKeepTheirRows) {
  IssuanceEvent swapped = Corrected();
  swapped.mutable_resident_corrected()->set_name_hash(HanakosHash("ミホン ハナコ"));
  swapped.mutable_resident_corrected()->set_kana_hash(HanakosHash("見本 花子"));
  EXPECT_EQ(Keys(kNameTable, {Hanakos(), swapped}), Keys(kNameTable, {Hanakos()}));
}

TEST(NameTableTest, TheDepartedAndTheDeceasedAreFoundVoidedOnesAreNot) {
  EXPECT_EQ(Keys(kNameTable, {Hanakos(), Departed()}).size(), 2);
  EXPECT_EQ(Keys(kNameTable, {Hanakos(), Died()}).size(), 2);
  EXPECT_THAT(Keys(kNameTable, {Hanakos(), Voided()}), IsEmpty());
}

// ---- 'd': might a new resident be one of these?

TEST(DepartedTableTest, HoldsTheDepartedAlone) {
  EXPECT_THAT(Keys(kDepartedTable, {Hanakos()}), IsEmpty());
  EXPECT_THAT(Keys(kDepartedTable, {Hanakos(), Departed()}),
              UnorderedElementsAre(Key('d', HanakosHash("見本 花子")), Key('d', HanakosHash("ミホン ハナコ"))));
  EXPECT_THAT(Keys(kDepartedTable, {Hanakos(), Departed(), Returned()}), IsEmpty());
  EXPECT_THAT(Keys(kDepartedTable, {Hanakos(), Departed(), Died()}), IsEmpty());
  EXPECT_THAT(Keys(kDepartedTable, {Hanakos(), Departed(), Voided()}), IsEmpty());
}

TEST(DepartedTableTest, FollowsACorrectionOfSomebodyAbroad) {
  EXPECT_THAT(Keys(kDepartedTable, {Hanakos(), Departed(), Corrected()}),
              UnorderedElementsAre(Key('d', HanakosHash("見本 華子")), Key('d', HanakosHash("ミホン ハナコ"))));
}

// ---- 'l': looks at the number

rows::v1::DisclosureRow Look(const events::v1::NumberDisclosed& disclosed, bool by_designation) {
  rows::v1::DisclosureRow row;
  *row.mutable_disclosed() = disclosed;
  // The key tells the one, the record's state the other.
  row.mutable_disclosed()->clear_resident();
  row.mutable_disclosed()->clear_erase_micros();
  row.set_time_micros(RegistrationMicros());
  row.set_by_designation(by_designation);
  return row;
}

events::v1::NumberDisclosed ByDesignation(uint32_t generation) {
  events::v1::NumberDisclosed disclosed;
  disclosed.set_way(events::v1::NumberDisclosed::WAY_SHOWN);
  *disclosed.mutable_actor() = Clerk();
  disclosed.set_generation(generation);
  return disclosed;
}

std::vector<rows::v1::DisclosureRow> Looks(const std::vector<IssuanceEvent>& events) {
  const Register residents = After(events);
  std::vector<rows::v1::DisclosureRow> looks;
  for (const std::string& key : residents.rows().Keys(kDisclosureTable)) {
    looks.emplace_back().ParseFromString(residents.rows().rows.at(key));
  }
  return looks;
}

TEST(DisclosureTableTest, TheFirstLookOfAllStandsInTheState) { EXPECT_THAT(Looks({Hanakos()}), IsEmpty()); }

TEST(DisclosureTableTest, HoldsEveryLookOldestFirst) {
  EXPECT_THAT(Looks({Hanakos(), Disclosed(0), Moved(), Searched(0)}),
              ElementsAre(EqualsProto(Look(Disclosed(0).number_disclosed(), false)),
                          EqualsProto(Look(Searched(0).number_disclosed(), false))));
}

TEST(DisclosureTableTest, ALaterDesignationIsALookToo) {
  EXPECT_THAT(Looks({Hanakos(), Replaced(kCode, 1)}), ElementsAre(EqualsProto(Look(ByDesignation(1), true))));
  EXPECT_THAT(Looks({Hanakos(), Voided(), Registered(Registration(), 1)}),
              ElementsAre(EqualsProto(Look(ByDesignation(1), true))));
}

const eventsourcing::SubjectId kRecord = RecordIdOf(absl::CivilMonth(2026, 11));

TEST(DisclosureTableTest, LooksAreSealedWithTheRecordsKeyAndFoundByTheResident) {
  const Issuance issuance = Service();
  eventsourcing::EventMeta meta;
  meta.subject = kRecord;
  meta.version = 2;
  meta.sequence = 3;
  meta.index = 4;
  std::vector<eventsourcing::RowChange> changes;
  const rows::v1::ResidentState state = After({Disclosed(0)}).Of(kRecord);
  issuance.Project(state, state, Disclosed(0), meta, &changes);
  ASSERT_EQ(changes.size(), 1);
  EXPECT_EQ(changes.front().kind, eventsourcing::RowChange::Kind::kPutSealed);
  EXPECT_EQ(changes.front().key, PlaceKey(IndexKey('l', kRecord.view(), RawIdOf(kCode)), 3, 4));
  EXPECT_EQ(changes.front().key.substr(1, 16), kRecord.view()) << "the engine finds the data key by it";
  EXPECT_EQ(Looks({Hanakos(), Disclosed(0), Voided()}).size(), 1);
}

TEST(DisclosureTableTest, LooksOfBeforeThereWereRecordsStandWithTheResident) {
  IssuanceEvent before = Disclosed(0);
  before.mutable_number_disclosed()->clear_resident();
  const auto keys = Keys(kDisclosureTable, {Hanakos(), before});
  ASSERT_EQ(keys.size(), 1);
  EXPECT_EQ(keys.front().substr(0, 17), IndexKey('l', RawIdOf(kCode)));
  EXPECT_EQ(keys.front().size(), 1u + 16 + 12);
}

// ---- 'k': what was looked up, and refused; the deadline of a record

TEST(AccessTableTest, IsFoundByTheRecordAndTheAuthority) {
  const Register residents = After({LookedUp(), Refused()});
  const auto keys = residents.rows().Keys(kAccessTable);
  ASSERT_EQ(keys.size(), 2);
  const std::string prefix = IndexKey('k', kRecord.view(), AuthorityId().view());
  for (const std::string& key : keys) EXPECT_EQ(key.substr(0, prefix.size()), prefix);
  rows::v1::AccessRow first, second;
  first.ParseFromString(residents.rows().rows.at(keys[0]));
  second.ParseFromString(residents.rows().rows.at(keys[1]));
  EXPECT_THAT(first.looked_up(), EqualsProto(LookedUp().looked_up()));
  EXPECT_THAT(second.refused(), EqualsProto(Refused().attempts_refused()));
  EXPECT_EQ(second.time_micros(), RegistrationMicros());
}

TEST(AccessTableTest, ARecordHasOneDeadlineUntilItIsErased) {
  const auto deadline = eventsourcing::DeadlineKey({EraseMicros(), kRecord, kAccessRecordDue});
  EXPECT_THAT(Keys(eventsourcing::kDeadlineTable, {LookedUp(), Disclosed(0), Refused()}), ElementsAre(deadline));
  EXPECT_THAT(Keys(eventsourcing::kDeadlineTable, {LookedUp(), RecordErased()}), IsEmpty());
}

// ---- 'g': what a municipality compares its register with

struct Total {
  int64_t count;
  std::string sum;
  bool operator==(const Total& other) const { return count == other.count && sum == other.sum; }
};

Total TotalOf(const Register& residents, const std::string& municipality) {
  const auto found = residents.rows().sums.find(IndexKey(kDigestTable, municipality));
  const eventsourcing::Sum sum = found == residents.rows().sums.end() ? eventsourcing::Sum{} : found->second;
  return {sum.count, eventsourcing::EncodeSum(sum).substr(8)};
}

Total Nobody() { return {0, std::string(16, '\0')}; }

TEST(DigestTableTest, SumsWhoLivesThere) {
  Register residents = After({Hanakos()});
  EXPECT_EQ(TotalOf(residents, "131016"), (Total{1, Digest(kCode, Hanako())}));
  residents.Write(IdOf(kOtherCode), Registered(Registration(kOtherCode)));
  const auto one = eventsourcing::SummandOf(Digest(kCode, Hanako()));
  const auto other = eventsourcing::SummandOf(Digest(kOtherCode, Hanako()));
  EXPECT_EQ(TotalOf(residents, "131016"), (Total{2, eventsourcing::EncodeSum({0, one + other}).substr(8)}));
}

TEST(DigestTableTest, WhoeverLeavesIsTakenAway) {
  EXPECT_EQ(TotalOf(After({Hanakos(), Departed()}), "131016"), Nobody());
  EXPECT_EQ(TotalOf(After({Hanakos(), Died()}), "131016"), Nobody());
  EXPECT_EQ(TotalOf(After({Hanakos(), Voided()}), "131016"), Nobody());
  EXPECT_EQ(TotalOf(After({Hanakos(), Moved()}), "131016"), Nobody());
  EXPECT_EQ(TotalOf(After({Hanakos(), Moved()}), "011002"), (Total{1, Digest(kCode, HanakoMoved())}));
}

TEST(DigestTableTest, FollowsWhatTheRegisterSays) {
  EXPECT_EQ(TotalOf(After({Hanakos(), Corrected()}), "131016"), (Total{1, Digest(kCode, HanakoCorrected())}));
  EXPECT_EQ(TotalOf(After({Hanakos(), CodeChanged()}), "131016"), (Total{1, Digest(kOtherCode, Hanako())}));
  EXPECT_EQ(TotalOf(After({Hanakos(), Departed(), Returned()}), "271004"), (Total{1, Digest(kCode, HanakoReturned())}));
}

TEST(DigestTableTest, CorrectionsOfTheDepartedDoNotCount) {
  EXPECT_EQ(TotalOf(After({Hanakos(), Departed(), Corrected()}), "131016"), Nobody());
  EXPECT_EQ(TotalOf(After({Hanakos(), Died(), CodeChanged()}), "131016"), Nobody());
}

TEST(DigestTableTest, ALookOrANewNumberChangesNothing) {
  EXPECT_EQ(TotalOf(After({Hanakos(), Disclosed(0), Replaced(kCode, 1)}), "131016"),
            (Total{1, Digest(kCode, Hanako())}));
}

// ---- 'x': changes of the record code that wait for an answer

TEST(PendingTableTest, HoldsAChangeUntilItIsAnswered) {
  EXPECT_THAT(Keys(kPendingTable, {Hanakos(), CodeChangeRequested()}), ElementsAre(Key('x', "")));
  EXPECT_THAT(Keys(kPendingTable, {Hanakos(), CodeChangeRequested(), Moved()}), ElementsAre(Key('x', "")));
  EXPECT_THAT(Keys(kPendingTable, {Hanakos(), CodeChangeRequested(), CodeChanged()}), IsEmpty());
  EXPECT_THAT(Keys(kPendingTable, {Hanakos(), CodeChangeRequested(), CodeChangeRefused()}), IsEmpty());
  EXPECT_THAT(Keys(kPendingTable, {Hanakos(), CodeChangeRequested(), Voided()}), IsEmpty());
}

// ---- What has no row

TEST(AliasTest, IsNobodyAndHasNoRow) {
  const Register residents = After({CodeAliased()}, kOtherCode);
  EXPECT_THAT(residents.rows().rows, IsEmpty());
  EXPECT_THAT(residents.rows().sums, IsEmpty());
}

}  // namespace
}  // namespace mynumber::issuance
