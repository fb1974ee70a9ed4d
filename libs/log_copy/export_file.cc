#include "libs/log_copy/export_file.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace mynumber::log_copy {

using eventlog::v1::ExportFrame;
using eventlog::v1::ExportItem;

namespace {

// Several times the largest record that a log takes.
constexpr uint64_t kFrameBytesMax = 64 << 20;
constexpr int kLengthBytesMax = 5;
const std::string kNoDigest(32, '\0');

std::string PlaceOf(const ExportItem& item) {
  switch (item.item_case()) {
    case ExportItem::kHeader:
      return "the header";
    case ExportItem::kRecord:
      return absl::StrCat("partition ", item.record().partition(), ", offset ", item.record().offset());
    case ExportItem::kPartition:
      return absl::StrCat("the end of partition ", item.partition().partition());
    case ExportItem::kTrailer:
      return "the trailer";
    case ExportItem::ITEM_NOT_SET:
      break;
  }
  return "an item of another kind";
}

}  // namespace

ExportWriter::ExportWriter(std::ostream* out, eventsourcing::ChainHash chain)
    : out_(out), chain_(std::move(chain)), digest_(kNoDigest) {}

void ExportWriter::Write(const ExportItem& item) {
  ExportFrame frame;
  frame.set_item(item.SerializeAsString());
  digest_ = chain_(digest_, frame.item());
  frame.set_digest(digest_);
  const std::string bytes = frame.SerializeAsString();
  for (uint64_t left = bytes.size();; left >>= 7) {
    out_->put(static_cast<char>(left < 128 ? left : (left & 127) | 128));
    if (left < 128) break;
  }
  out_->write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

ExportReader::ExportReader(std::istream* in, eventsourcing::ChainHash chain)
    : in_(in), chain_(std::move(chain)), digest_(kNoDigest), behind_("its beginning") {}

absl::Status ExportReader::Damaged(const char* what) const {
  return absl::DataLossError(absl::StrCat("the export ", what, " behind ", behind_, " (byte ", bytes_read_,
                                          "): take it again, or another copy of it"));
}

absl::StatusOr<bool> ExportReader::ReadLength(uint64_t* length) {
  *length = 0;
  for (int i = 0; i < kLengthBytesMax; ++i) {
    const int byte = in_->get();
    if (byte == std::istream::traits_type::eof()) {
      if (i == 0 && !in_->bad()) return false;
      return Damaged("ends");
    }
    *length |= static_cast<uint64_t>(byte & 127) << (7 * i);
    if (byte < 128) return true;
  }
  return Damaged("is damaged");
}

absl::StatusOr<bool> ExportReader::Next(ExportItem* item) {
  uint64_t length = 0;
  absl::StatusOr<bool> more = ReadLength(&length);
  if (!more.ok() || !*more) return more;
  if (length > kFrameBytesMax) return Damaged("is damaged");
  frame_bytes_.resize(length);
  in_->read(frame_bytes_.data(), static_cast<std::streamsize>(length));
  if (static_cast<uint64_t>(in_->gcount()) != length) return Damaged("ends");
  if (!frame_.ParseFromString(frame_bytes_)) return Damaged("is damaged");
  if (frame_.digest().size() != kNoDigest.size()) return Damaged("has something else than a frame of an export");
  digest_ = chain_(digest_, frame_.item());
  if (frame_.digest() != digest_) return Damaged("was changed, or lacks something,");
  if (!item->ParseFromString(frame_.item())) return Damaged("is damaged");
  bytes_read_ = static_cast<uint64_t>(in_->tellg());
  behind_ = PlaceOf(*item);
  return true;
}

}  // namespace mynumber::log_copy
