#include "libs/access/identity.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "libs/identifiers/municipality_code.h"

namespace mynumber::access {
namespace {

// What `actor.authority` of requests may say today, but municipalities.
const std::vector<std::string> kAuthorities = {
    "post-office",      "hotline",     "factory",  "operator",         "auditor",
    "application-site", "photo-booth", "terminal", "service/issuance", "service/notice",
    "service/card",     "service/hotline", "service/standalone"};

std::string Uri(const std::string& authority) { return "spiffe://mynumber/" + authority; }

IdentityVerdict Verdict(const std::string& name) {
  const std::vector<std::string> names = {name};
  return Identity::Judge(names);
}

std::vector<std::string> EveryName() {
  std::vector<std::string> names;
  for (const std::string& authority : kAuthorities) names.push_back(Uri(authority));
  for (const auto& municipality : identifiers::AllMunicipalities()) {
    names.push_back(Uri("municipality/" + std::string(municipality.code)));
  }
  return names;
}

TEST(Identity, EveryAuthorityHasOneNameAndBothSayTheSame) {
  absl::flat_hash_set<Identity> seen;
  for (const std::string& name : EveryName()) {
    const std::vector<std::string> names = {name};
    const auto identity = Identity::FromUriNames(names);
    ASSERT_TRUE(identity.ok()) << name << identity.status();
    EXPECT_EQ(identity->UriName(), name);
    const auto again = Identity::FromAuthority(identity->authority());
    ASSERT_TRUE(again.ok()) << name;
    EXPECT_EQ(*again, *identity);
    EXPECT_TRUE(seen.insert(*identity).second) << name;
  }
}

TEST(Identity, AMunicipalityIsKnownByItsCode) {
  const auto identity = Identity::FromAuthority("municipality/131016");
  ASSERT_TRUE(identity.ok());
  EXPECT_EQ(identity->role(), Role::kMunicipality);
  EXPECT_EQ(identity->authority(), "municipality/131016");
  EXPECT_EQ(identity->municipality(), "131016");
  EXPECT_EQ(Identity::FromAuthority("service/notice")->role(), Role::kNoticeService);
  EXPECT_EQ(Identity::FromAuthority("service/notice")->municipality(), "");
}

TEST(Identity, EveryRoleHasAWord) {
  for (size_t i = 0; i < kRoles; ++i) {
    const Role role = static_cast<Role>(i);
    EXPECT_EQ(RoleOf(NameOf(role)), role);
    if (role != Role::kMunicipality) EXPECT_EQ(Identity::FromAuthority(NameOf(role))->role(), role);
  }
  EXPECT_FALSE(RoleOf("authority").has_value());
}

TEST(Identity, ExactlyOneUriNameCounts) {
  EXPECT_EQ(Identity::Judge({}), IdentityVerdict::kNoUriName);
  const std::vector<std::string> twice = {Uri("hotline"), Uri("hotline")};
  EXPECT_EQ(Identity::Judge(twice), IdentityVerdict::kSeveralUriNames);
}

TEST(Identity, TheCodeIsThatOfAMunicipality) {
  EXPECT_EQ(Verdict(Uri("municipality/13101")), IdentityVerdict::kMunicipalityMalformed);
  EXPECT_EQ(Verdict(Uri("municipality/13101x")), IdentityVerdict::kMunicipalityMalformed);
  EXPECT_EQ(Verdict(Uri("municipality/")), IdentityVerdict::kMunicipalityMalformed);
  EXPECT_EQ(Verdict(Uri("municipality/131017")), IdentityVerdict::kMunicipalityCheckDigit);
  // The prefecture of Tokyo.
  EXPECT_EQ(Verdict(Uri("municipality/130001")), IdentityVerdict::kMunicipalityUnknown);
}

TEST(Identity, NothingIsDecodedFoldedOrForgiven) {
  for (const char* name : {"spiffe://other/hotline", "SPIFFE://mynumber/hotline", "spiffe://MYNUMBER/hotline", "",
                           "https://mynumber/hotline", "spiffe:/mynumber/hotline", " spiffe://mynumber/hotline",
                           "spiffe://mynumber", "spiffe://mynumber:443/hotline", "spiffe://a@mynumber/hotline"}) {
    EXPECT_EQ(Verdict(name), IdentityVerdict::kOtherDomain) << name;
  }
  for (const char* authority : {"", "/hotline", "hotline/", "hotline?x=1", "hotline#x", "hot%6Cine", "Hotline",
                                "hotline ", "./hotline", "municipality", "service", "service/", "service/echo",
                                "authority", "post_office", "MUNICIPALITY/131016"}) {
    EXPECT_EQ(Verdict(Uri(authority)), IdentityVerdict::kUnknownRole) << authority;
  }
  EXPECT_EQ(Verdict(Uri(std::string("hotline\0", 8))), IdentityVerdict::kUnknownRole);
  EXPECT_EQ(Verdict(Uri("municipality/131016/")), IdentityVerdict::kMunicipalityMalformed);
  EXPECT_EQ(Verdict(Uri("municipality//131016")), IdentityVerdict::kMunicipalityMalformed);
  EXPECT_EQ(Verdict(Uri("municipality/%3131016")), IdentityVerdict::kMunicipalityMalformed);
  EXPECT_EQ(Verdict(Uri(std::string(100'000, 'a'))), IdentityVerdict::kTooLong);
  EXPECT_EQ(Verdict(Uri("municipality/1310161310")), IdentityVerdict::kTooLong);
}

TEST(Identity, EveryErrorIsASentenceOfItsOwn) {
  std::vector<std::string> sentences;
  for (int i = 1; i <= static_cast<int>(IdentityVerdict::kMunicipalityUnknown); ++i) {
    const absl::Status status = ToStatus(static_cast<IdentityVerdict>(i));
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(status.message().back(), '.');
    sentences.emplace_back(status.message());
  }
  std::sort(sentences.begin(), sentences.end());
  EXPECT_EQ(std::unique(sentences.begin(), sentences.end()), sentences.end());
}

// What is taken is written back byte for byte: no two names are one identity.
void ExpectTakenOrRefusedWhole(const std::string& name) {
  const std::vector<std::string> names = {name};
  const auto identity = Identity::FromUriNames(names);
  RC_ASSERT(identity.ok() == (Identity::Judge(names) == IdentityVerdict::kValid));
  if (identity.ok()) RC_ASSERT(identity->UriName() == name);
}

RC_GTEST_PROP(IdentityProperty, AnyBytesAreTakenAsTheyAreOrRefused, (const std::string& bytes)) {
  ExpectTakenOrRefusedWhole(bytes);
  ExpectTakenOrRefusedWhole(Uri(bytes));
  ExpectTakenOrRefusedWhole(Uri("municipality/" + bytes));
}

RC_GTEST_PROP(IdentityProperty, ANameWithOneByteChangedIsAnotherNameOrNone, ()) {
  static const std::vector<std::string> every_name = EveryName();
  std::string name = *rc::gen::elementOf(every_name);
  const size_t at = *rc::gen::inRange<size_t>(0, name.size());
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      name[at] = *rc::gen::arbitrary<char>();
      break;
    case 1:
      name.erase(at, 1);
      break;
    default:
      name.insert(at, 1, *rc::gen::arbitrary<char>());
  }
  ExpectTakenOrRefusedWhole(name);
  const bool is_name = std::find(every_name.begin(), every_name.end(), name) != every_name.end();
  RC_ASSERT((Verdict(name) == IdentityVerdict::kValid) == is_name);
}

}  // namespace
}  // namespace mynumber::access
