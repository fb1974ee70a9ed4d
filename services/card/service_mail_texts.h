#ifndef MYNUMBER_SERVICES_CARD_SERVICE_MAIL_TEXTS_H_
#define MYNUMBER_SERVICES_CARD_SERVICE_MAIL_TEXTS_H_

#include <string>

#include "google/protobuf/repeated_field.h"
#include "mynumber/card/events/v1/events.pb.h"

namespace mynumber::card {

// UTF-8, in Japanese and then in English; lines end with "\n". They name nobody.
struct MailText {
  std::string subject;
  std::string text;
};

// `url` opens the application once, within 24 hours.
MailText LinkText(const std::string& url);
MailText ReceivedText();
// PhotoDefects, each known.
MailText DefectText(const google::protobuf::RepeatedField<int>& defects);

}  // namespace mynumber::card

#endif  // MYNUMBER_SERVICES_CARD_SERVICE_MAIL_TEXTS_H_
