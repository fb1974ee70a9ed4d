#include "libs/sealing/chance.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "libs/sealing/require.h"

namespace mynumber::sealing {

Chance::~Chance() { OPENSSL_cleanse(block_.data(), block_.size()); }

void Chance::Fill(uint8_t* bytes, size_t size) {
  while (size > 0) {
    if (used_ == block_.size()) {
      Require(RAND_bytes(block_.data(), static_cast<int>(block_.size())) == 1,
              "drawing random bytes");
      used_ = 0;
    }
    const size_t taken = std::min(size, block_.size() - used_);
    std::memcpy(bytes, block_.data() + used_, taken);
    OPENSSL_cleanse(block_.data() + used_, taken);
    used_ += taken;
    bytes += taken;
    size -= taken;
  }
}

FillRandom SystemRandom() {
  return [chance = std::make_shared<Chance>()](uint8_t* bytes, size_t size) {
    chance->Fill(bytes, size);
  };
}

}  // namespace mynumber::sealing
