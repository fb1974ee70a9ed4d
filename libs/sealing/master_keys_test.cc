#include "libs/sealing/master_keys.h"

#include <gtest/gtest.h>

#include <string>

#include "libs/sealing/hex_for_tests.h"

namespace mynumber::sealing {
namespace {

std::string_view View(const WrappedKey& wrapped) {
  return {reinterpret_cast<const char*>(wrapped.bytes.data()), wrapped.bytes.size()};
}

const KeyBytes kData =
    ArrayFromHex<KeyBytes>("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");

// RFC 3394 section 4.6: 256 bits of key data under a 256-bit key.
TEST(MasterKeysTest, PublishedVector) {
  MasterKeys masters;
  masters.Add(1, FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  const WrappedKey wrapped = masters.Wrap(kData);
  EXPECT_EQ(wrapped.master_version, 1u);
  EXPECT_EQ(ToHex(wrapped.bytes),
            "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
  const auto key = masters.Unwrap(1, View(wrapped));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(*key, kData);
}

TEST(MasterKeysTest, TheNewestVersionWrapsAndOlderOnesStillUnwrap) {
  MasterKeys masters;
  masters.Add(2, std::string(32, 'b'));
  const WrappedKey old = masters.Wrap(kData);
  masters.Add(7, std::string(32, 'c'));
  masters.Add(1, std::string(32, 'a'));
  EXPECT_EQ(masters.newest_version(), 7u);
  const WrappedKey fresh = masters.Wrap(kData);
  EXPECT_EQ(fresh.master_version, 7u);
  EXPECT_NE(fresh.bytes, old.bytes);
  EXPECT_EQ(*masters.Unwrap(2, View(old)), kData);
  EXPECT_EQ(*masters.Unwrap(7, View(fresh)), kData);
  EXPECT_EQ(masters.Unwrap(7, View(old)).status().code(), absl::StatusCode::kDataLoss);
}

TEST(MasterKeysTest, AnUnknownVersionIsNamed) {
  MasterKeys masters;
  masters.Add(1, std::string(32, 'a'));
  const WrappedKey wrapped = masters.Wrap(kData);
  const auto key = masters.Unwrap(3, View(wrapped));
  EXPECT_EQ(key.status().code(), absl::StatusCode::kNotFound);
  EXPECT_NE(key.status().message().find("version 3"), absl::string_view::npos);
}

TEST(MasterKeysTest, EveryChangedBitAndEveryOtherLengthIsRefused) {
  MasterKeys masters;
  masters.Add(1, std::string(32, 'a'));
  const std::string wrapped(View(masters.Wrap(kData)));
  for (size_t bit = 0; bit < wrapped.size() * 8; ++bit) {
    std::string changed = wrapped;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(masters.Unwrap(1, changed).status().code(), absl::StatusCode::kDataLoss) << bit;
  }
  EXPECT_FALSE(masters.Unwrap(1, wrapped.substr(0, 39)).ok());
  EXPECT_FALSE(masters.Unwrap(1, wrapped + 'x').ok());
  EXPECT_FALSE(masters.Unwrap(1, "").ok());
}

TEST(MasterKeysDeathTest, MisuseIsABug) {
  MasterKeys masters;
  EXPECT_EQ(masters.newest_version(), 0u);
  EXPECT_DEATH(masters.Wrap(kData), "no master key");
  EXPECT_DEATH(masters.Add(0, std::string(32, 'a')), "version from 1");
  EXPECT_DEATH(masters.Add(1, "short"), "32 bytes");
  masters.Add(1, std::string(32, 'a'));
  EXPECT_DEATH(masters.Add(1, std::string(32, 'b')), "of one version");
}

}  // namespace
}  // namespace mynumber::sealing
