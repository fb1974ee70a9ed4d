#include "libs/rpc/received.h"

#include <optional>
#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

namespace mynumber::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

constexpr char kReplacement[] = "\xEF\xBF\xBD";
// As deep as protobuf itself reads.
constexpr int kDepthMax = 100;

bool MendText(const Descriptor* type, const std::string& bytes, int depth, std::string* mended);

// One string or message; false if it cannot be read.
bool MendField(const FieldDescriptor* field, int depth, std::string* text) {
  if (field->type() == FieldDescriptor::TYPE_STRING) {
    if (!google::protobuf::internal::IsStructurallyValidUTF8(text->data(), static_cast<int>(text->size()))) {
      *text = kReplacement;
    }
    return true;
  }
  if (field->type() != FieldDescriptor::TYPE_MESSAGE) return true;
  std::string inner;
  if (!MendText(field->message_type(), *text, depth + 1, &inner)) return false;
  text->swap(inner);
  return true;
}

// The same message with every string that is not UTF-8 replaced; false if these bytes are no such message.
bool MendText(const Descriptor* type, const std::string& bytes, int depth, std::string* mended) {
  if (depth > kDepthMax) return false;
  CodedInputStream in(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  google::protobuf::io::StringOutputStream sink(mended);
  CodedOutputStream out(&sink);
  while (const uint32_t tag = in.ReadTag()) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&in, tag, &out)) return false;
      continue;
    }
    uint32_t size = 0;
    std::string text;
    if (!in.ReadVarint32(&size) || !in.ReadString(&text, static_cast<int>(size))) return false;
    const FieldDescriptor* field = type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (field != nullptr && !MendField(field, depth, &text)) return false;
    out.WriteTag(tag);
    out.WriteVarint32(static_cast<uint32_t>(text.size()));
    out.WriteString(text);
  }
  return in.ConsumedEntireMessage();
}

std::optional<std::string> Flatten(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  if (!bytes.DumpToSingleSlice(&slice).ok()) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

}  // namespace

Flaw ReadRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message* message, size_t bytes_max) {
  if (bytes.Length() > bytes_max) return Flaw::kTooLarge;
  grpc::ByteBuffer shared = bytes;
  {
    grpc::ProtoBufferReader reader(&shared);
    if (reader.status().ok() && message->ParseFromZeroCopyStream(&reader)) return Flaw::kNone;
  }
  const std::optional<std::string> flat = Flatten(bytes);
  std::string mended;
  if (flat && MendText(message->GetDescriptor(), *flat, 0, &mended) && message->ParseFromString(mended)) {
    return Flaw::kNone;
  }
  message->Clear();
  return Flaw::kMalformed;
}

}  // namespace mynumber::rpc
