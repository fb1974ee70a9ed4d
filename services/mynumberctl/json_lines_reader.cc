#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/mynumberctl/row_reader.h"

namespace mynumber::mynumberctl {
namespace {

// Takes one flat object of texts, straight into the columns' strings, which keep their memory from line to line.
class FieldTaker final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit FieldTaker(std::array<std::string, kColumnCount>* fields) : fields_(fields) {}

  const RowRefusal& refusal() const { return refusal_; }

  bool start_object(std::size_t) override { return depth_++ == 0 || Refuse(); }
  bool end_object() override { return true; }
  bool key(string_t& name) override {
    column_ = FindColumn(name);
    if (column_) return true;
    refusal_ = {"FIELD_UNKNOWN", "", "the object has a member that is none of the columns: correct its name"};
    return false;
  }
  bool string(string_t& text) override {
    if (depth_ == 0) return Refuse();
    (*fields_)[*column_].swap(text);
    return true;
  }
  bool null() override { return depth_ > 0 || Refuse(); }  // as good as absent
  bool boolean(bool) override { return Refuse(); }
  bool number_integer(number_integer_t) override { return Refuse(); }
  bool number_unsigned(number_unsigned_t) override { return Refuse(); }
  bool number_float(number_float_t, const string_t&) override { return Refuse(); }
  bool binary(binary_t&) override { return Refuse(); }
  bool start_array(std::size_t) override { return Refuse(); }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    // 316: bytes that are not UTF-8. The exception's text quotes the line, so it is not shown.
    const bool not_utf8 = std::string_view(error.what()).find("ill-formed UTF-8") != std::string_view::npos;
    refusal_ =
        not_utf8
            ? RowRefusal{"TEXT_NOT_UTF8", "", "the line is not UTF-8: save the file as UTF-8 and send the row again"}
            : RowRefusal{"JSON_MALFORMED", "", "the line is not one JSON object: write one object on each line"};
    return false;
  }

 private:
  bool Refuse() {
    refusal_ = {"FIELD_NOT_TEXT", "", "the line must be one object whose members are all texts: put values in quotes"};
    return false;
  }

  std::array<std::string, kColumnCount>* fields_;
  std::optional<Column> column_;
  int depth_ = 0;
  RowRefusal refusal_;
};

class JsonLinesReader final : public RowReader {
 public:
  explicit JsonLinesReader(std::istream& in) : in_(in) {}

  Result Read(ResidentRow* row, RowRefusal* refusal) override {
    do {
      if (!std::getline(in_, text_)) return Result::kEnd;
      ++line_;
      bytes_read_ += text_.size() + 1;
    } while (text_.find_first_not_of(" \t\r") == std::string::npos);
    for (std::string& field : fields_) field.clear();
    FieldTaker taker(&fields_);
    if (!nlohmann::json::sax_parse(text_, &taker)) {
      *refusal = taker.refusal();
      return Result::kRefused;
    }
    for (int i = 0; i < kColumnCount; ++i) (*row)[i] = fields_[i];
    return Result::kRow;
  }

  uint64_t line() const override { return line_; }
  uint64_t bytes_read() const override { return bytes_read_; }

 private:
  std::istream& in_;
  std::string text_;
  std::array<std::string, kColumnCount> fields_;
  uint64_t line_ = 0;
  uint64_t bytes_read_ = 0;
};

}  // namespace

std::unique_ptr<RowReader> OpenJsonLines(std::istream& in) { return std::make_unique<JsonLinesReader>(in); }

}  // namespace mynumber::mynumberctl
