#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <istream>
#include <streambuf>
#include <string>

#include "absl/strings/str_join.h"
#include "libs/carrier_csv/tracking_row_reader.h"

namespace mynumber::carrier_csv {
namespace {

// So many lines, made as they are asked for; every tenth is broken.
class Lines final : public std::streambuf {
 public:
  explicit Lines(uint64_t count) : left_(count), text_(absl::StrJoin(kColumnNames, ",") + "\n") { Show(); }

 private:
  int_type underflow() override {
    if (left_ == 0) return traits_type::eof();
    text_ = left_ % 10 == 0
                ? "30100123454,yesterday,引受,,見本郵便局,東京都,100-8799\n"
                : "301-00-12345-4,11/28 9:10,ご不在のため持ち戻り,,見本郵便局,東京都,101-0099\n";
    --left_;
    Show();
    return traits_type::to_int_type(*gptr());
  }
  void Show() { setg(text_.data(), text_.data(), text_.data() + text_.size()); }

  uint64_t left_;
  std::string text_;
};

int64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t pages = 0;
  file >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

// Ten million lines: --test_env=CARRIER_CSV_LINES=10000000.
TEST(LongFileTest, MemoryDoesNotGrowWithTheFile) {
  const char* asked = std::getenv("CARRIER_CSV_LINES");
  const uint64_t lines = asked == nullptr ? 1'000'000 : std::stoull(asked);
  Lines source(lines);
  std::istream in(&source);
  auto reader = TrackingRowReader::Open(in);
  ASSERT_TRUE(reader.ok()) << reader.status();
  TrackingRow row;
  LineReason reason;
  uint64_t rows = 0, broken = 0;
  int64_t bytes_at_three_quarters = 0;
  for (;;) {
    const auto result = (*reader)->Read(&row, &reason);
    if (result == TrackingRowReader::Result::kEnd) break;
    (result == TrackingRowReader::Result::kRow ? rows : broken) += 1;
    if (rows + broken == lines * 3 / 4) bytes_at_three_quarters = ResidentBytes();
  }
  EXPECT_EQ(rows, lines - lines / 10);
  EXPECT_EQ(broken, lines / 10);
  EXPECT_EQ((*reader)->line(), lines + 1);
  EXPECT_LT(ResidentBytes() - bytes_at_three_quarters, 1 << 20);
  EXPECT_LT(ResidentBytes(), 80 << 20);
}

}  // namespace
}  // namespace mynumber::carrier_csv
