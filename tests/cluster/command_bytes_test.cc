#include "libs/cluster/command_bytes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mynumber/type/type.pb.h"
#include "services/card/domain/commands.h"
#include "services/hotline/domain/commands.h"
#include "services/issuance/domain/commands.h"
#include "services/notice/domain/commands.h"

namespace mynumber::cluster {
namespace {

// Fills every field with something that is not empty, and differs from its neighbours.
struct Filler {
  int64_t next = 1;
  template <class T>
  void operator()(T& field) {
    if constexpr (std::is_same_v<T, std::string>) {
      field = "text " + std::to_string(next++);
    } else if constexpr (std::is_same_v<T, bool>) {
      field = true;
    } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      field = static_cast<T>(next++);
    } else if constexpr (std::is_same_v<T, type::Date>) {
      field.set_year(static_cast<int>(2000 + next++));
    } else if constexpr (std::is_same_v<T, type::Actor>) {
      field.set_clerk_id("clerk " + std::to_string(next++));
    } else if constexpr (std::is_base_of_v<google::protobuf::MessageLite, T>) {
      // Unknown to every message, and kept by all: what is sent on is what came.
      ASSERT_TRUE(field.ParseFromString("\xF8\x3F" + std::string(1, static_cast<char>(next++ % 100))));
    } else if constexpr (command_bytes::IsOptional<T>::value) {
      (*this)(field.emplace());
    } else if constexpr (command_bytes::IsVector<T>::value) {
      (*this)(field.emplace_back());
      (*this)(field.emplace_back());
    } else {
      boost::pfr::for_each_field(field, *this);
    }
  }
};

template <class Variant, size_t kIndex = 0>
void ExpectAllComeBack() {
  if constexpr (kIndex < std::variant_size_v<Variant>) {
    using One = std::variant_alternative_t<kIndex, Variant>;
    One full{};
    Filler fill;
    boost::pfr::for_each_field(full, [&](auto& field) { fill(field); });
    for (const One& one : {full, One{}}) {
      const std::string bytes = WriteCommand(Variant(one));
      Variant back;
      ASSERT_TRUE(ReadCommand(bytes, &back)) << command_bytes::NameOf<One>();
      EXPECT_EQ(back.index(), kIndex);
      EXPECT_EQ(WriteCommand(back), bytes) << command_bytes::NameOf<One>();
    }
    if (boost::pfr::tuple_size_v<One> > 0) {
      EXPECT_NE(WriteCommand(Variant(full)), WriteCommand(Variant(One{}))) << command_bytes::NameOf<One>();
    }
    ExpectAllComeBack<Variant, kIndex + 1>();
  }
}

TEST(CommandBytesTest, EveryCommandOfEveryServiceComesBackAsItWas) {
  ExpectAllComeBack<issuance::Command>();
  ExpectAllComeBack<notice::Command>();
  ExpectAllComeBack<card::Command>();
  ExpectAllComeBack<hotline::Command>();
}

TEST(CommandBytesTest, FieldsKeepTheirValues) {
  issuance::RegisterResident one;
  one.resident_record_code = "code";
  one.confirmed_distinct = true;
  one.look_alikes = {"a", std::string("\0b", 2)};
  one.actor.set_authority("municipality/131016");
  issuance::Command back;
  ASSERT_TRUE(ReadCommand(WriteCommand(issuance::Command(one)), &back));
  const auto& read = std::get<issuance::RegisterResident>(back);
  EXPECT_EQ(read.resident_record_code, "code");
  EXPECT_TRUE(read.confirmed_distinct);
  EXPECT_EQ(read.look_alikes, one.look_alikes);
  EXPECT_EQ(read.actor.authority(), "municipality/131016");
}

// Two versions of one command; they are told by their names, which must be the same, hence the namespaces.
namespace older {
struct Move {
  std::string where;
};
}  // namespace older
namespace newer {
struct Move {
  std::string where;
  int floor = 0;
};
}  // namespace newer

std::string As(std::string bytes, const std::string& from, const std::string& to) {
  return bytes.replace(bytes.find(from), from.size(), to);
}

TEST(CommandBytesTest, ANewFieldThatIsEmptyIsNoMatterAndOneThatIsNotIsRefused) {
  using Old = std::variant<older::Move>;
  using New = std::variant<newer::Move>;
  Old old;
  ASSERT_TRUE(ReadCommand(As(WriteCommand(New(newer::Move{"home", 0})), "newer", "older"), &old));
  EXPECT_EQ(std::get<0>(old).where, "home");
  EXPECT_FALSE(ReadCommand(As(WriteCommand(New(newer::Move{"home", 3})), "newer", "older"), &old));
  New fresh;
  ASSERT_TRUE(ReadCommand(As(WriteCommand(Old(older::Move{"home"})), "older", "newer"), &fresh));
  EXPECT_EQ(std::get<0>(fresh).where, "home");
}

TEST(CommandBytesTest, WhatIsCutOrUnknownIsRefused) {
  const std::string whole = WriteCommand(hotline::Command(hotline::AddNote{{}, "somebody called"}));
  hotline::Command back;
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    // Between two fields it is the command of an older version.
    if (ReadCommand(cut, &back)) EXPECT_EQ(cut.rfind(WriteCommand(back), 0), 0u) << size;
  }
  issuance::Command other;
  EXPECT_FALSE(ReadCommand(whole, &other));
}

}  // namespace
}  // namespace mynumber::cluster
