#include "libs/csv/quoted_field.h"

#include <gtest/gtest.h>

namespace mynumber::csv {
namespace {

TEST(QuotedFieldTest, QuotesOnlyWhatNeedsThem) {
  std::string line;
  AppendLine({"架空 花子", "", "1-2, \"南\"", "二\n行"}, &line);
  EXPECT_EQ(line, "架空 花子,,\"1-2, \"\"南\"\"\",\"二\n行\"\r\n");
  AppendField("", &line);
  AppendLine({}, &line);
  EXPECT_EQ(line.substr(line.size() - 4), "\r\n\r\n");
}

}  // namespace
}  // namespace mynumber::csv
