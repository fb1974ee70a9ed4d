// Bytes from anybody: no crash, no word on stderr, no unbounded work, whatever they are.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "libs/photo/made_photos.h"
#include "libs/photo/photo.h"

namespace mynumber::photo {
namespace {

const calendar::Day kToday(2026, 11, 27);
constexpr size_t kHeaderBytes = 900;

std::vector<std::string> Seeds() {
  MadePhoto photo;
  photo.height = 480;
  photo.quality = 30;
  photo.taken = "2026:11:27 12:34:56";
  std::vector<std::string> seeds = {Make(photo)};
  photo.is_progressive = true;
  seeds.push_back(Make(photo));
  photo.colours = MadeColours::kRgb;
  seeds.push_back(Make(photo));
  return seeds;
}

class Mutations {
 public:
  std::string Of(std::string jpeg) {
    // Every second in the header, where sizes, tables and EXIF stand.
    const size_t within = Below(2) == 0 ? kHeaderBytes : jpeg.size();
    const size_t count = 1 + Below(4);
    for (size_t i = 0; i < count; ++i) Mutate(&jpeg, 3 + Below(within - 3));
    if (Below(4) == 0) jpeg.resize(kBytesMin + Below(jpeg.size() - kBytesMin));
    return jpeg;
  }

 private:
  size_t Below(size_t end) { return random_() % end; }

  void Mutate(std::string* jpeg, size_t at) {
    constexpr std::array<char, 6> kEdges = {'\0', '\1', '\x7f', '\x80', '\xfe', '\xff'};
    switch (Below(5)) {
      case 0:
        (*jpeg)[at] = static_cast<char>(random_());
        return;
      case 1:
        (*jpeg)[at] = kEdges[Below(kEdges.size())];
        return;
      case 2:
        (*jpeg)[at] = static_cast<char>((*jpeg)[at] ^ (1 << Below(8)));
        return;
      case 3:
        jpeg->erase(at, 1 + Below(8));
        return;
      default:
        jpeg->insert(at, jpeg->substr(Below(kHeaderBytes), 1 + Below(64)));
        return;
    }
  }

  std::mt19937_64 random_{20'151'005};
};

TEST(HostilePhotoTest, MutatedAndCutOffFilesGetAVerdictAndNothingIsPrinted) {
  Mutations mutations;
  std::array<int, 12> seen = {};
  testing::internal::CaptureStderr();
  for (const std::string& seed : Seeds()) {
    ASSERT_EQ(Judge(seed, kToday, nullptr), PhotoVerdict::kValid);
    ASSERT_GT(seed.size(), kBytesMin);
    for (int i = 0; i < 2000; ++i) {
      PhotoFacts facts;
      const PhotoVerdict verdict = Judge(mutations.Of(seed), kToday, &facts);
      ++seen.at(static_cast<size_t>(verdict));
      if (verdict == PhotoVerdict::kValid) EXPECT_GE(facts.width_pixels, kPixelsMin);
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  for (PhotoVerdict common : {PhotoVerdict::kValid, PhotoVerdict::kDamaged, PhotoVerdict::kCutOff}) {
    EXPECT_GT(seen[static_cast<size_t>(common)], 50) << "the mutations miss what they are for";
  }
}

TEST(HostilePhotoTest, EveryByteOfTheHeaderMayBeAnything) {
  std::string jpeg = Seeds()[0];
  for (size_t at = 0; at < kHeaderBytes; ++at) {
    const char before = jpeg[at];
    for (const char now : {'\0', '\xff', static_cast<char>(before + 1)}) {
      jpeg[at] = now;
      Judge(jpeg, kToday, nullptr);
    }
    jpeg[at] = before;
  }
  EXPECT_EQ(Judge(jpeg, kToday, nullptr), PhotoVerdict::kValid);
}

TEST(HostilePhotoTest, ASizeThatIsOnlyClaimedCostsNothing) {
  std::string jpeg = Seeds()[1];
  const size_t frame = jpeg.find("\xff\xc2");
  jpeg.replace(frame + 5, 4, "\xff\xdc\xff\xdc");
  EXPECT_EQ(Judge(jpeg, kToday, nullptr), PhotoVerdict::kTooManyPixels);
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 200 << 10) << "KiB";
}

// 7 MB of scans, each of a few bytes and 36 million pixels, would take the decoder minutes.
TEST(HostilePhotoTest, ManyScansOfALargePictureEndSoon) {
  const std::string jpeg = MakeOfManyScans(6000, 6000, 2000);
  ASSERT_LT(jpeg.size(), kBytesMax);
  EXPECT_EQ(Judge(jpeg, kToday, nullptr), PhotoVerdict::kTooManyScans);
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 400 << 10) << "KiB";
}

}  // namespace
}  // namespace mynumber::photo
