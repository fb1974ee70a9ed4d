#include "tests/soak/registered_rows.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace mynumber::soak {
namespace {

class RegisteredRowsTest : public ::testing::Test {
 protected:
  RegisteredRowsTest() : path_(::testing::TempDir() + "/registered_rows_test.jsonl") { std::remove(path_.c_str()); }
  ~RegisteredRowsTest() override { std::remove(path_.c_str()); }

  void Write(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }

  const std::string path_;
};

TEST_F(RegisteredRowsTest, AFileThatIsNotThereYetHasNoRows) {
  RegisteredRows rows(path_);
  RegisteredRows::Row row;
  EXPECT_FALSE(rows.Next(&row));
  Write("{\"line\":2,\"name\":\"residents/a\",\"version\":1}\n");
  ASSERT_TRUE(rows.Next(&row));
  EXPECT_EQ(row.line, 2u);
  EXPECT_EQ(row.name, "residents/a");
}

TEST_F(RegisteredRowsTest, ALineCountsOnceItIsWhole) {
  RegisteredRows rows(path_);
  RegisteredRows::Row row;
  Write("{\"line\":2,\"name\":\"resid");
  EXPECT_FALSE(rows.Next(&row));
  Write("ents/a\"}");
  EXPECT_FALSE(rows.Next(&row));
  Write("\n{\"line\":3,\"name\":\"residents/b\"}\n{");
  ASSERT_TRUE(rows.Next(&row));
  EXPECT_EQ(row.name, "residents/a");
  ASSERT_TRUE(rows.Next(&row));
  EXPECT_EQ(row.line, 3u);
  EXPECT_FALSE(rows.Next(&row));
}

TEST_F(RegisteredRowsTest, RefusedRowsArePassedOver) {
  Write("{\"line\":2,\"error\":{\"reason\":\"NAME_EMPTY\"}}\n{\"line\":3,\"name\":\"residents/b\"}\n");
  RegisteredRows rows(path_);
  RegisteredRows::Row row;
  ASSERT_TRUE(rows.Next(&row));
  EXPECT_EQ(row.line, 3u);
  EXPECT_FALSE(rows.Next(&row));
}

}  // namespace
}  // namespace mynumber::soak
