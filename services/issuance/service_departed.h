#ifndef MYNUMBER_SERVICES_ISSUANCE_SERVICE_DEPARTED_H_
#define MYNUMBER_SERVICES_ISSUANCE_SERVICE_DEPARTED_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

namespace mynumber::issuance {

// Whether a keyed hash of name and birth date may be a departed resident's: a Bloom filter of fixed size in front of
// the table 'd', so that a national load need not search every partition for each new resident. Sized for three million
// departed residents at one needless search in a hundred. Never forgets; filled from the rows at the start. Any thread.
class DepartedFilter {
 public:
  DepartedFilter() : words_(new std::atomic<uint64_t>[kWords]()) {}

  // `hash` of 16 bytes; shorter ones are ignored.
  void Add(std::string_view hash) {
    if (hash.size() != 16) return;
    const Probes probes(hash);
    for (int i = 0; i < kProbes; ++i) {
      words_[probes.word(i)].fetch_or(probes.bit(i), std::memory_order_relaxed);
    }
  }

  bool MayContain(std::string_view hash) const {
    if (hash.size() != 16) return false;
    const Probes probes(hash);
    for (int i = 0; i < kProbes; ++i) {
      if ((words_[probes.word(i)].load(std::memory_order_relaxed) & probes.bit(i)) == 0) return false;
    }
    return true;
  }

 private:
  static constexpr uint64_t kWords = uint64_t{1} << 20;  // 8 MiB
  static constexpr int kProbes = 5;

  // The hash is evenly spread, so its halves serve for double hashing.
  struct Probes {
    explicit Probes(std::string_view hash) : a(Word(hash)), b(Word(hash.substr(8)) | 1) {}
    static uint64_t Word(std::string_view bytes) {
      uint64_t value = 0;
      for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
      return value;
    }
    uint64_t at(int i) const { return a + static_cast<uint64_t>(i) * b; }
    uint64_t word(int i) const { return (at(i) >> 6) % kWords; }
    uint64_t bit(int i) const { return uint64_t{1} << (at(i) & 63); }
    uint64_t a, b;
  };

  std::unique_ptr<std::atomic<uint64_t>[]> words_;
};

}  // namespace mynumber::issuance

#endif  // MYNUMBER_SERVICES_ISSUANCE_SERVICE_DEPARTED_H_
