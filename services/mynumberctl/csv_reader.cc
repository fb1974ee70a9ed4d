#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "libs/csv/table_reader.h"
#include "services/mynumberctl/row_reader.h"

namespace mynumber::mynumberctl {
namespace {

static_assert(kColumnCount <= csv::TableReader::kColumnsMax);

constexpr Column kColumnsThatMayBeAbsent[] = {kRequestId, kAlias, kNameKana, kResidenceStatus,
                                              kPeriodOfStayEnd};

bool MayBeAbsent(int column) {
  return std::count(std::begin(kColumnsThatMayBeAbsent), std::end(kColumnsThatMayBeAbsent), column) > 0;
}

class CsvReader final : public RowReader {
 public:
  explicit CsvReader(std::unique_ptr<csv::TableReader> table) : table_(std::move(table)) {}

  Result Read(ResidentRow* row, RowRefusal* refusal) override {
    csv::TableReader::Fields fields;
    csv::LineProblem problem;
    switch (table_->Read(&fields, &problem)) {
      case csv::TableReader::Result::kRow:
        std::copy_n(fields.begin(), kColumnCount, row->begin());
        return Result::kRow;
      case csv::TableReader::Result::kBroken:
        *refusal = {std::string(csv::NameOf(problem)), "", std::string(csv::SentenceOf(problem))};
        return Result::kRefused;
      case csv::TableReader::Result::kEnd:
        break;
    }
    return Result::kEnd;
  }

  uint64_t line() const override { return table_->line(); }
  uint64_t bytes_read() const override { return table_->bytes_read(); }
  absl::Status status() const override { return table_->status(); }

 private:
  std::unique_ptr<csv::TableReader> table_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowReader>> OpenCsv(std::istream& in) {
  std::vector<csv::Column> columns;
  for (int i = 0; i < kColumnCount; ++i) columns.push_back({kColumnNames[i], MayBeAbsent(i)});
  auto table = csv::TableReader::Open(in, columns);
  if (!table.ok()) return table.status();
  return std::make_unique<CsvReader>(*std::move(table));
}

}  // namespace mynumber::mynumberctl
