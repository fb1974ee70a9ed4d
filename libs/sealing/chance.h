#ifndef MYNUMBER_LIBS_SEALING_CHANCE_H_
#define MYNUMBER_LIBS_SEALING_CHANCE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace mynumber::sealing {

// How random bytes come into everything that must be repeatable in a test: fills all `size` bytes.
using FillRandom = std::function<void(uint8_t* bytes, size_t size)>;

// Random bytes fit for keys, ids and nonces, drawn from OpenSSL in blocks of 4 KiB and wiped as
// they leave. One owner, one thread; not to be used on both sides of a fork. Aborts if the system
// has no randomness.
class Chance {
 public:
  Chance() = default;
  ~Chance();
  // A copy would give out the same nonces again.
  Chance(const Chance&) = delete;
  Chance& operator=(const Chance&) = delete;

  void Fill(uint8_t* bytes, size_t size);

  template <size_t kSize>
  std::array<uint8_t, kSize> Bytes() {
    std::array<uint8_t, kSize> bytes;
    Fill(bytes.data(), kSize);
    return bytes;
  }

 private:
  std::array<uint8_t, 4096> block_;
  size_t used_ = sizeof(block_);
};

// A Chance of its own as a FillRandom; copies share it, so they too belong to one thread.
FillRandom SystemRandom();

}  // namespace mynumber::sealing

#endif  // MYNUMBER_LIBS_SEALING_CHANCE_H_
