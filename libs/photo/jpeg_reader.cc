#include "libs/photo/jpeg_reader.h"

#include <jerror.h>

namespace mynumber::photo {
namespace {

// The coefficients of a progressive picture of 6,000 by 6,000 pixels in full colour take 206 MiB; others need a few
// rows alone.
constexpr long kMemoryBytesMax = 256L << 20;
constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr std::string_view kExifName("Exif\0\0", 6);

}  // namespace

JpegReader::JpegReader(std::string_view jpeg, int scans_max) : jpeg_(jpeg), scans_max_(scans_max) {
  decoder_.err = jpeg_std_error(&errors_);
  errors_.error_exit = &OnError;
  errors_.emit_message = &OnMessage;
  errors_.output_message = &OnOutput;
  decoder_.client_data = this;
}

JpegReader::~JpegReader() { jpeg_destroy_decompress(&decoder_); }

JpegTrouble JpegReader::ReadHeader() {
  if (setjmp(jump_) != 0) return trouble_;
  jpeg_create_decompress(&decoder_);
  // Creating has cleared the rest.
  decoder_.progress = &progress_;
  progress_.progress_monitor = &OnProgress;
  decoder_.mem->max_memory_to_use = kMemoryBytesMax;
  jpeg_mem_src(&decoder_, reinterpret_cast<const unsigned char*>(jpeg_.data()), jpeg_.size());
  jpeg_save_markers(&decoder_, kExifMarker, 0xffff);
  jpeg_read_header(&decoder_, TRUE);
  return JpegTrouble::kNone;
}

JpegTrouble JpegReader::Decode() {
  if (setjmp(jump_) != 0) return trouble_;
  // Every code is read, and a pixel made of each block's mean alone: what is damaged shows when codes are read.
  decoder_.scale_num = 1;
  decoder_.scale_denom = 8;
  decoder_.do_fancy_upsampling = FALSE;
  decoder_.do_block_smoothing = FALSE;
  jpeg_start_decompress(&decoder_);
  const JDIMENSION row_bytes = decoder_.output_width * static_cast<JDIMENSION>(decoder_.output_components);
  const JSAMPARRAY row =
      decoder_.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&decoder_), JPOOL_IMAGE, row_bytes, 1);
  while (decoder_.output_scanline < decoder_.output_height) jpeg_read_scanlines(&decoder_, row, 1);
  // Reads on to the end marker.
  jpeg_finish_decompress(&decoder_);
  return JpegTrouble::kNone;
}

bool JpegReader::is_rgb() const {
  return decoder_.num_components == 3 &&
         (decoder_.jpeg_color_space == JCS_YCbCr || decoder_.jpeg_color_space == JCS_RGB);
}

std::string_view JpegReader::exif() const {
  for (auto marker = decoder_.marker_list; marker != nullptr; marker = marker->next) {
    const std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (marker->marker == kExifMarker && data.substr(0, kExifName.size()) == kExifName) return data;
  }
  return {};
}

void JpegReader::OnMessage(j_common_ptr decoder, int level) {
  if (level < 0) OnError(decoder);
}

void JpegReader::OnError(j_common_ptr decoder) {
  const bool is_cut_off = decoder->err->msg_code == JWRN_JPEG_EOF || decoder->err->msg_code == JERR_INPUT_EOF;
  static_cast<JpegReader*>(decoder->client_data)->Leave(is_cut_off ? JpegTrouble::kCutOff : JpegTrouble::kDamaged);
}

void JpegReader::OnProgress(j_common_ptr decoder) {
  auto* reader = static_cast<JpegReader*>(decoder->client_data);
  if (reader->decoder_.input_scan_number > reader->scans_max_) reader->Leave(JpegTrouble::kTooManyScans);
}

void JpegReader::OnOutput(j_common_ptr) {}

void JpegReader::Leave(JpegTrouble trouble) {
  trouble_ = trouble;
  std::longjmp(jump_, 1);
}

}  // namespace mynumber::photo
