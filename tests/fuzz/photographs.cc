// A photograph from anybody. Small pictures are padded behind their end, as some cameras do it: else every input would
// have to be as large as the least photograph.

#include <string>

#include "libs/photo/photo.h"
#include "tests/fuzz/law.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace mynumber::photo;  // NOLINT: all of one room
  using mynumber::fuzz::Holds;
  const mynumber::calendar::Day today(2026, 11, 27);
  std::string jpeg(mynumber::fuzz::InputOf(data, size));
  if (jpeg.size() < kBytesMin) {
    const PhotoVerdict small = Judge(jpeg, today, nullptr);
    Holds(small == PhotoVerdict::kTooSmall || small == PhotoVerdict::kNotJpeg, "a small file is not looked into");
    jpeg.resize(kBytesMin);
  }
  PhotoFacts facts;
  const PhotoVerdict verdict = Judge(jpeg, today, &facts);
  Holds(ToStatus(verdict).ok() == (verdict == PhotoVerdict::kValid), "every verdict but one is a refusal");
  Holds(facts.width_pixels >= 0 && facts.height_pixels >= 0, "no side is less than nothing");
  if (verdict == PhotoVerdict::kValid) {
    Holds(facts.width_pixels >= kPixelsMin && facts.width_pixels <= kPixelsMax && facts.height_pixels >= kPixelsMin &&
              facts.height_pixels <= kPixelsMax,
          "a photograph that is taken has the size that is asked for");
    Holds(!facts.taken || *facts.taken <= today, "and was not taken tomorrow");
  }
  Holds(Judge(jpeg, today, nullptr) == verdict, "the same photograph is judged the same");
  return 0;
}
