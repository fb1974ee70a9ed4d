#include "services/card/service_photos.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "libs/photo/made_photos.h"
#include "libs/sealing/seeded_chance.h"
#include "libs/sealing/subject_vault.h"
#include "libs/testing/matchers.h"
#include "mynumber/card/v1/error_reason.pb.h"

namespace mynumber::card {
namespace {

using mynumber::testing::HasReason;

class ServicePhotosTest : public ::testing::Test {
 protected:
  ServicePhotosTest() : folder_(::testing::TempDir() + "/photos") {
    std::filesystem::remove_all(folder_);
    store_ = PhotoStore::Open(folder_, &keys_).value();
  }
  std::string OnlyFile() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) return entry.path();
    return "";
  }
  size_t Files() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder_),
                                             std::filesystem::directory_iterator()));
  }

  const sealing::Keyring keyring_ = sealing::Keyring::Generate(sealing::SeededRandom(1));
  const ServiceKeys keys_{&keyring_};
  sealing::SubjectVault vault_{keyring_.Masters()};
  const eventsourcing::SubjectKey key_ = vault_.NewKey();
  const eventsourcing::SubjectId resident_ = keys_.IdOf("0123456789");
  const std::string jpeg_ = std::string(30'000, 'j');
  const std::string digest_ = PhotoDigest(jpeg_);
  std::string folder_;
  std::unique_ptr<PhotoStore> store_;
};

TEST_F(ServicePhotosTest, WhatIsKeptIsFoundAndCannotBeReadOnTheDisk) {
  ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, digest_, jpeg_).ok());
  ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, digest_, jpeg_).ok());
  EXPECT_EQ(Files(), 1u);
  EXPECT_EQ(store_->Find(resident_, key_, &vault_, digest_).value(), jpeg_);
  std::ifstream file(OnlyFile(), std::ios::binary);
  const std::string sealed{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_THAT(sealed, ::testing::Not(::testing::HasSubstr("jjjjjjjj")));
  struct stat seen;
  ASSERT_EQ(stat(OnlyFile().c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777, 0600u);
}

TEST_F(ServicePhotosTest, WhatIsGoneOrChangedIsLostAndCanBeKeptAgain) {
  EXPECT_THAT(store_->Find(resident_, key_, &vault_, digest_).status(), HasReason(v1::PHOTO_LOST));
  ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, digest_, jpeg_).ok());
  std::fstream file(OnlyFile(), std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(100);
  const char sealed = static_cast<char>(file.get());
  file.seekp(100);
  file.put(static_cast<char>(sealed ^ 1));
  file.close();
  EXPECT_THAT(store_->Find(resident_, key_, &vault_, digest_).status(), HasReason(v1::PHOTO_LOST));
  ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, digest_, jpeg_).ok());
  EXPECT_EQ(store_->Find(resident_, key_, &vault_, digest_).value(), jpeg_);
}

TEST_F(ServicePhotosTest, OnePersonsFileIsNotAnothersAndNeedsTheKey) {
  ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, digest_, jpeg_).ok());
  EXPECT_FALSE(store_->Find(keys_.IdOf("9876543210"), key_, &vault_, digest_).ok());
  EXPECT_FALSE(store_->Find(resident_, vault_.NewKey(), &vault_, digest_).ok());
}

TEST_F(ServicePhotosTest, WhatIsOldAndOfNoUseIsSweptAway) {
  const auto age = [](const std::filesystem::path& path, int hours) {
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  const auto of_no_use = [](const eventsourcing::SubjectId&, std::string_view) { return false; };
  ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, digest_, jpeg_).ok());
  EXPECT_EQ(store_->Sweep(of_no_use, 100), 0u) << "its command may be under way";
  age(OnlyFile(), 23);
  EXPECT_EQ(store_->Sweep(of_no_use, 100), 0u);
  age(OnlyFile(), 25);
  const std::string name = std::filesystem::path(OnlyFile()).filename();
  EXPECT_EQ(store_->Sweep([&](const auto& resident, std::string_view file) {
    EXPECT_EQ(resident, resident_);
    EXPECT_EQ(file, name);
    return true;
  }, 100), 0u) << "it is named";
  ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, digest_, jpeg_).ok());
  EXPECT_EQ(store_->Sweep(of_no_use, 100), 0u) << "the same again is young again";
  age(OnlyFile(), 25);
  EXPECT_EQ(store_->Sweep(of_no_use, 100), 1u);
  EXPECT_EQ(Files(), 0u);
  std::ofstream(folder_ + "/.begun-abcdef") << "half of one";
  EXPECT_EQ(store_->Sweep(of_no_use, 100), 0u);
  age(folder_ + "/.begun-abcdef", 25);
  EXPECT_EQ(store_->Sweep(of_no_use, 100), 1u);
}

TEST_F(ServicePhotosTest, ASweepLooksAtSoManyAndGoesOn) {
  for (char c = 'a'; c < 'k'; ++c) {
    const std::string jpeg(100, c);
    ASSERT_TRUE(store_->Keep(resident_, key_, &vault_, PhotoDigest(jpeg), jpeg).ok());
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    std::filesystem::last_write_time(entry, std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
  }
  int asked = 0;
  const auto of_use = [&](const eventsourcing::SubjectId&, std::string_view) { return ++asked > 0; };
  store_->Sweep(of_use, 4);
  EXPECT_LE(asked, 4);
  for (int i = 0; i < 2; ++i) store_->Sweep(of_use, 4);
  EXPECT_EQ(asked, 10) << "each once; \".\" and \"..\" were seen too";
  EXPECT_EQ(Files(), 10u);
}

TEST_F(ServicePhotosTest, NobodyCanKeepAnythingWhereThereIsNoFolder) {
  std::filesystem::remove_all(folder_);
  EXPECT_TRUE(absl::IsUnavailable(store_->Keep(resident_, key_, &vault_, digest_, jpeg_)));
}

TEST_F(ServicePhotosTest, EachKindOfBadPhotographHasItsReason) {
  const calendar::Day today(2026, 11, 27);
  photo::MadePhoto made;
  made.taken = "2026:11:01 12:00:00";
  const std::string good = photo::Make(made);
  const auto judged = JudgePhoto(good, today);
  ASSERT_TRUE(judged.ok());
  EXPECT_EQ(judged->digest(), PhotoDigest(good));
  EXPECT_EQ(judged->width_pixels(), 480u);
  EXPECT_EQ(judged->taken_date().month(), 11);
  EXPECT_THAT(JudgePhoto(std::string(30'000, 'x'), today).status(), HasReason(v1::PHOTO_NOT_JPEG));
  EXPECT_THAT(JudgePhoto(good.substr(0, 25'000), today).status(), HasReason(v1::PHOTO_DAMAGED));
  EXPECT_THAT(JudgePhoto(good.substr(0, 1'000), today).status(), HasReason(v1::PHOTO_TOO_SMALL));
  EXPECT_THAT(JudgePhoto(good, calendar::Day(2027, 6, 1)).status(), HasReason(v1::PHOTO_TOO_OLD));
  EXPECT_THAT(JudgePhoto(good, calendar::Day(2026, 10, 1)).status(), HasReason(v1::PHOTO_IN_THE_FUTURE));
  made.colours = photo::MadeColours::kGrey;
  EXPECT_THAT(JudgePhoto(photo::Make(made), today).status(), HasReason(v1::PHOTO_NOT_RGB));
}

}  // namespace
}  // namespace mynumber::card
