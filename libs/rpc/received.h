#ifndef MYNUMBER_LIBS_RPC_RECEIVED_H_
#define MYNUMBER_LIBS_RPC_RECEIVED_H_

#include <cstddef>

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

namespace mynumber::rpc {

// Larger requests are refused.
inline constexpr size_t kRequestBytesMax = 4 << 20;
// The same of one kind of request; specialised where one carries more, below the 4 * kRequestBytesMax of gRPC.
template <class Message>
inline constexpr size_t kBytesMaxOf = kRequestBytesMax;

// What makes a request unreadable.
enum class Flaw { kNone, kTooLarge, kMalformed };

// A request as it came in. Handlers that take it instead of the message itself can say by name what is wrong: gRPC alone
// answers a request that protobuf cannot parse, one string in another encoding is enough, with UNIMPLEMENTED and no
// details, and takes such a message of a stream for the stream's end.
template <class Message>
struct Received {
  // Strings that are not UTF-8 are U+FFFD each. Empty if there is a flaw.
  Message message;
  Flaw flaw = Flaw::kNone;
  // As it was sent; shares gRPC's memory.
  grpc::ByteBuffer bytes;
};

// Reads `bytes` into `message` as above.
Flaw ReadRequest(const grpc::ByteBuffer& bytes, google::protobuf::Message* message,
                 size_t bytes_max = kRequestBytesMax);

}  // namespace mynumber::rpc

namespace grpc {

template <class Message>
class SerializationTraits<mynumber::rpc::Received<Message>, void> {
 public:
  static Status Deserialize(ByteBuffer* buffer, mynumber::rpc::Received<Message>* received) {
    received->bytes = *buffer;
    received->flaw = mynumber::rpc::ReadRequest(*buffer, &received->message, mynumber::rpc::kBytesMaxOf<Message>);
    buffer->Clear();
    return Status::OK;
  }
};

}  // namespace grpc

#endif  // MYNUMBER_LIBS_RPC_RECEIVED_H_
