#include "libs/photo/photo.h"

#include <gtest/gtest.h>

#include <string>

#include "libs/photo/made_photos.h"

namespace mynumber::photo {
namespace {

using calendar::Day;
using Verdict = PhotoVerdict;

const Day kToday(2026, 11, 27);

Verdict VerdictOn(const std::string& jpeg) { return Judge(jpeg, kToday, nullptr); }

Verdict VerdictOn(const MadePhoto& photo) { return VerdictOn(Make(photo)); }

MadePhoto OfSize(int width, int height) {
  MadePhoto photo;
  photo.width = width;
  photo.height = height;
  return photo;
}

MadePhoto OfColours(MadeColours colours) {
  MadePhoto photo;
  photo.colours = colours;
  return photo;
}

MadePhoto TakenOn(const std::string& taken) {
  MadePhoto photo;
  photo.taken = taken;
  return photo;
}

TEST(PhotoTest, ACamerasPhotographIsValidAndItsFactsAreTold) {
  PhotoFacts facts;
  EXPECT_EQ(Judge(Make(TakenOn("2026:11:26 23:59:59")), kToday, &facts), Verdict::kValid);
  EXPECT_EQ(facts.width_pixels, 480);
  EXPECT_EQ(facts.height_pixels, 640);
  EXPECT_EQ(facts.taken, Day(2026, 11, 26));
  EXPECT_EQ(Judge(Make({}), kToday, &facts), Verdict::kValid);
  EXPECT_EQ(facts.taken, std::nullopt) << "facts of the one before do not stay";
}

TEST(PhotoTest, ProgressiveAndPlainRgbAreValid) {
  MadePhoto progressive;
  progressive.is_progressive = true;
  EXPECT_EQ(VerdictOn(progressive), Verdict::kValid);
  EXPECT_EQ(VerdictOn(OfColours(MadeColours::kRgb)), Verdict::kValid);
}

TEST(PhotoTest, WhatIsNoJpeg) {
  const std::string jpeg = Make({});
  EXPECT_EQ(VerdictOn(""), Verdict::kNotJpeg);
  EXPECT_EQ(VerdictOn("\x89PNG\r\n\x1a\n" + std::string(30'000, 'x')), Verdict::kNotJpeg);
  EXPECT_EQ(VerdictOn(jpeg.substr(1)), Verdict::kNotJpeg);
  EXPECT_EQ(VerdictOn("\xff\xd8"), Verdict::kNotJpeg);
}

TEST(PhotoTest, BytesAreBoundedBeforeAnythingIsDecoded) {
  const std::string start = "\xff\xd8\xff";
  EXPECT_EQ(VerdictOn(start + std::string(kBytesMin - 4, 'x')), Verdict::kTooSmall);
  EXPECT_EQ(VerdictOn(start + std::string(kBytesMin - 3, 'x')), Verdict::kDamaged) << "it was looked into";
  EXPECT_EQ(VerdictOn(start + std::string(kBytesMax - 2, 'x')), Verdict::kTooLarge);
  EXPECT_EQ(VerdictOn(start + std::string(kBytesMax - 3, 'x')), Verdict::kDamaged);
}

TEST(PhotoTest, OnlyColoursOfAScreen) {
  for (MadeColours colours : {MadeColours::kGrey, MadeColours::kCmyk, MadeColours::kYcck}) {
    EXPECT_EQ(VerdictOn(OfColours(colours)), Verdict::kNotRgb) << static_cast<int>(colours);
  }
}

TEST(PhotoTest, EachSideIsBounded) {
  EXPECT_EQ(VerdictOn(OfSize(480, 480)), Verdict::kValid);
  EXPECT_EQ(VerdictOn(OfSize(479, 640)), Verdict::kTooFewPixels);
  EXPECT_EQ(VerdictOn(OfSize(640, 479)), Verdict::kTooFewPixels);
  EXPECT_EQ(VerdictOn(OfSize(6000, 480)), Verdict::kValid);
  EXPECT_EQ(VerdictOn(OfSize(6001, 480)), Verdict::kTooManyPixels);
  EXPECT_EQ(VerdictOn(OfSize(480, 6001)), Verdict::kTooManyPixels);
}

TEST(PhotoTest, TheGreatestSizeFitsItsMemoryEvenIfProgressive) {
  MadePhoto photo = OfSize(6000, 6000);
  photo.is_noisy = false;
  photo.is_progressive = true;
  EXPECT_EQ(VerdictOn(photo), Verdict::kValid);
  photo.colours = MadeColours::kRgb;
  EXPECT_EQ(VerdictOn(photo), Verdict::kValid) << "three planes of full size";
}

TEST(PhotoTest, AFileThatEndsEarlyIsCutOff) {
  for (bool is_progressive : {false, true}) {
    MadePhoto photo;
    photo.is_progressive = is_progressive;
    const std::string jpeg = Make(photo);
    for (size_t kept : {jpeg.size() - 1, jpeg.size() - 2, jpeg.size() - 3, jpeg.size() / 2}) {
      EXPECT_EQ(VerdictOn(jpeg.substr(0, kept)), Verdict::kCutOff) << kept;
    }
  }
}

TEST(PhotoTest, OneWarningIsDamage) {
  const std::string jpeg = Make({});
  std::string zeros = jpeg;
  zeros.replace(jpeg.size() / 2, 2000, std::string(2000, '\0'));
  EXPECT_EQ(VerdictOn(zeros), Verdict::kDamaged);
  std::string ended = jpeg;
  ended.replace(jpeg.size() / 2, 2, "\xff\xd9");
  EXPECT_EQ(VerdictOn(ended), Verdict::kDamaged) << "an end marker in the middle";
  std::string tables = jpeg;
  const size_t table = tables.find("\xff\xc4");
  tables[table + 5] = '\x7f';
  EXPECT_EQ(VerdictOn(tables), Verdict::kDamaged);
}

TEST(PhotoTest, WhatStandsBehindThePictureIsTheCamerasAffair) {
  EXPECT_EQ(VerdictOn(Make({}) + std::string(5000, 'x')), Verdict::kValid);
}

TEST(PhotoTest, ScansAreBounded) {
  EXPECT_EQ(VerdictOn(MakeOfManyScans(6000, 6000, kScansMax - 4)), Verdict::kValid);
  EXPECT_EQ(VerdictOn(MakeOfManyScans(6000, 6000, kScansMax - 3)), Verdict::kTooManyScans);
}

TEST(PhotoTest, TakenWithinSixMonths) {
  EXPECT_EQ(VerdictOn(TakenOn("2026:11:27 23:59:59")), Verdict::kValid);
  EXPECT_EQ(VerdictOn(TakenOn("2026:11:28 00:00:00")), Verdict::kTakenInTheFuture);
  EXPECT_EQ(VerdictOn(TakenOn("2026:05:27 00:00:00")), Verdict::kValid);
  EXPECT_EQ(VerdictOn(TakenOn("2026:05:26 23:59:59")), Verdict::kTooOld);
  EXPECT_EQ(VerdictOn(TakenOn("1999:01:01 00:00:00")), Verdict::kTooOld);
}

TEST(PhotoTest, ADayThatIsNoneIsNotAsked) {
  for (const char* taken : {"0000:00:00 00:00:00", "    :  :     :  :  ", "2026:02:30 00:00:00", "2026-11-27", "2026",
                            "20261127123456789", "-001:01:01 00:00:00"}) {
    PhotoFacts facts;
    EXPECT_EQ(Judge(Make(TakenOn(taken)), kToday, &facts), Verdict::kValid) << taken;
    EXPECT_EQ(facts.taken, std::nullopt) << taken;
  }
}

TEST(PhotoTest, WhatIsWrongFirstIsSaid) {
  MadePhoto photo = OfSize(6001, 479);
  photo.taken = "1999:01:01 00:00:00";
  EXPECT_EQ(VerdictOn(photo), Verdict::kTooFewPixels);
  photo.colours = MadeColours::kGrey;
  EXPECT_EQ(VerdictOn(photo), Verdict::kNotRgb);
  const std::string old = Make(TakenOn("1999:01:01 00:00:00"));
  EXPECT_EQ(VerdictOn(old.substr(0, old.size() - 100)), Verdict::kCutOff);
}

TEST(PhotoTest, EveryVerdictHasASentence) {
  EXPECT_TRUE(ToStatus(Verdict::kValid).ok());
  for (int verdict = static_cast<int>(Verdict::kNotJpeg); verdict <= static_cast<int>(Verdict::kTooOld); ++verdict) {
    const absl::Status status = ToStatus(static_cast<Verdict>(verdict));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message().back(), '.');
  }
}

}  // namespace
}  // namespace mynumber::photo
