#include "libs/sealing/keyed_hash.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "libs/sealing/hex_for_tests.h"

namespace mynumber::sealing {
namespace {

const std::string kKey(32, 'k');

std::string Text(const Digest& digest) { return {digest.begin(), digest.end()}; }

TEST(RunningHashTest, IsSha256OverThePreviousOneAndTheBytes) {
  // FIPS 180-4's example.
  EXPECT_EQ(ToHex(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const Digest first = Chain(Digest{}, "record one");
  EXPECT_EQ(first, Sha256(std::string(32, '\0') + "record one"));
  EXPECT_EQ(Chain(first, "record two"), Sha256(Text(first) + "record two"));
  EXPECT_NE(Chain(first, "record two"), Chain(Digest{}, "record two"));
}

// RFC 4231, cases 1, 2, 3 and 6.
TEST(HmacTest, PublishedVectors) {
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(ToHex(HmacSha256(std::string(131, '\xaa'),
                             "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(KeyedHashTest, IsHmacOfTheLabelsKeyOverPartsBehindTheirLengths) {
  const KeyedHash hash(kKey, "label");
  const std::string derived = Text(HmacSha256(kKey, "label"));
  EXPECT_EQ(hash.Hash32("a", std::string("bc")),
            HmacSha256(derived, std::string("\0\0\0\1a\0\0\0\2bc", 11)));
  const auto half = hash.Hash16("a", "bc");
  EXPECT_EQ(ToHex(half), ToHex(hash.Hash32("a", "bc")).substr(0, 32));
}

TEST(KeyedHashTest, PartsOfEveryLengthAreTakenWhole) {
  const KeyedHash hash(kKey, "label");
  const std::string derived = Text(HmacSha256(kKey, "label"));
  for (size_t length : {0, 1, 100, 244, 245, 248, 249, 252, 253, 256, 257, 1000}) {
    const std::string part(length, 'p');
    std::string encoded = std::string("\0\0\0\3abc", 7);
    for (int shift = 24; shift >= 0; shift -= 8)
      encoded.push_back(static_cast<char>(length >> shift));
    encoded += part + std::string("\0\0\0\1z", 5);
    EXPECT_EQ(hash.Hash32("abc", part, "z"), HmacSha256(derived, encoded)) << length;
  }
}

TEST(KeyedHashTest, BoundariesLabelsAndKeysCount) {
  const KeyedHash hash(kKey, "label");
  EXPECT_NE(hash.Hash32("ab", "c"), hash.Hash32("a", "bc"));
  EXPECT_NE(hash.Hash32("abc"), hash.Hash32("abc", ""));
  EXPECT_NE(hash.Hash32("abc"), KeyedHash(kKey, "other").Hash32("abc"));
  EXPECT_NE(hash.Hash32("abc"), KeyedHash(std::string(32, 'l'), "label").Hash32("abc"));
}

TEST(KeyedHashTest, ThreadsShareOneObject) {
  const KeyedHash hash(kKey, "label");
  const Digest expected = hash.Hash32("0123456789");
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&hash, &count, &expected] {
      for (int i = 0; i < 10'000; ++i) count += hash.Hash32("0123456789") != expected;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace mynumber::sealing
