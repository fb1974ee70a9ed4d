#include "services/card/service_mail_texts.h"

namespace mynumber::card {
namespace {

struct Words {
  const char* ja;
  const char* en;
};

Words WordsFor(int defect) {
  switch (defect) {
    case events::v1::PHOTO_DEFECT_HEAD_TURNED:
      return {"顔が正面を向いていません。", "The head is turned."};
    case events::v1::PHOTO_DEFECT_BACKGROUND_NOT_PLAIN:
      return {"背景が無地ではありません。", "The background is not plain."};
    case events::v1::PHOTO_DEFECT_UNNATURAL_FACE:
      return {"表情が普段の顔と著しく異なります。", "The face does not look as it does every day."};
    case events::v1::PHOTO_DEFECT_BACKGROUND_SHADOW:
      return {"背景に影があります。", "There is a shadow in the background."};
    case events::v1::PHOTO_DEFECT_BLURRED:
      return {"ピントが合っていないか、不鮮明です。", "The picture is blurred."};
    case events::v1::PHOTO_DEFECT_HAT_OR_SUNGLASSES:
      return {"帽子やサングラスで人物を特定できません。", "A hat or sunglasses hide the face."};
    case events::v1::PHOTO_DEFECT_EDITED:
      return {"写真が加工されています。", "The picture was edited."};
    case events::v1::PHOTO_DEFECT_WRONG_SIZE:
      return {"写真の大きさが規格に合っていません。", "The picture has the wrong size."};
    case events::v1::PHOTO_DEFECT_TOO_OLD:
      return {"６か月以内に撮影した写真ではありません。", "The picture is older than six months."};
    default:
      return {"写真を確認できません。", "The picture cannot be used."};
  }
}

constexpr char kNobodyAsked[] =
    "\nお心当たりのない方は、このメールを破棄してください。\n"
    "If you have not applied for a card, please ignore this mail.\n";

}  // namespace

MailText LinkText(const std::string& url) {
  MailText mail;
  mail.subject = "個人番号カード交付申請のご案内 / Your application for an Individual Number Card";
  mail.text =
      "次のリンクを２４時間以内に開いて、顔写真と必要事項を送信してください。リンクは一度だけ使えます。\n"
      "Open this link within 24 hours, and send your photograph and the details. It opens once.\n\n" +
      url + "\n" + kNobodyAsked;
  return mail;
}

MailText ReceivedText() {
  MailText mail;
  mail.subject = "個人番号カード交付申請を受け付けました / We have received your application";
  mail.text =
      "個人番号カードの交付申請を受け付けました。審査の状況は、申請書IDと生年月日で確認できます。\n"
      "Your application for an Individual Number Card was received. You can follow it with the application ID and your "
      "birth date.\n";
  mail.text.append(kNobodyAsked);
  return mail;
}

MailText DefectText(const google::protobuf::RepeatedField<int>& defects) {
  MailText mail;
  mail.subject = "顔写真に不備がありました / Please send another photograph";
  mail.text = "顔写真に次の不備がありました。同じ申請書IDで、もう一度申請してください。\n";
  for (const int defect : defects) mail.text.append("・").append(WordsFor(defect).ja).append("\n");
  mail.text.append("\nYour photograph cannot be used. Please apply again with the same application ID.\n");
  for (const int defect : defects) mail.text.append("- ").append(WordsFor(defect).en).append("\n");
  return mail;
}

}  // namespace mynumber::card
