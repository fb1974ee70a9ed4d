#ifndef MYNUMBER_LIBS_NOTICE_DOCUMENT_WORDING_H_
#define MYNUMBER_LIBS_NOTICE_DOCUMENT_WORDING_H_

namespace mynumber::notice_document {

// What stands on every notice, in our own words; the facts are those of docs/domain.md B.1 and B.2.

constexpr char kTitle[] = "個人番号通知書";
constexpr char kIssued[] = "発行";
constexpr char kNumberLabel[] = "個人番号";
constexpr char kNameLabel[] = "氏名";
constexpr char kAliasLabel[] = "通称";
constexpr char kBirthDateLabel[] = "生年月日";

constexpr const char* kAboutNotice[] = {
    "この通知書は、あなたの個人番号（マイナンバー）をお知らせする書面です。個人番号は一生使うものです。"
    "この通知書はなくさないように保管してください。",
    "この通知書は、身分証明書ではありません。また、個人番号を証明する書類としても使えません。証明には、"
    "マイナンバーカード、個人番号入りの住民票の写し又は住民票記載事項証明書をお使いください。",
    "この通知書は、紛失や破損など、どのような理由でも再発行しません。",
    "社会保障、税、災害対策などの法律や条例で定められた手続のほかで、個人番号を人に知らせたり、人に尋ねたり、"
    "書き留めたりしないでください。",
};

constexpr char kCardHeading[] = "マイナンバーカードの申請について";
constexpr const char* kAboutCard[] = {
    "スマートフォンで申請するときは、顔写真のデータを用意し、右のQRコードを読み取ってください。"
    "下の申請書IDが入力された申請画面が開きます。",
    "パソコンで申請するときと、申請の状況を確かめるときは、下の申請書IDを入力してください。",
    "証明用写真機や郵便でも申請できます。郵便のときは、同封の交付申請書と返信用封筒をお使いください。",
    "氏名や住所が変わったとき、在留カードの有効期間が変わったとき又は過ぎたときは、この申請書IDでは申請できない"
    "ことがあります。お住まいの市区町村の窓口にご相談ください。",
    "カードを受け取るときには本人確認があります。この通知書も、必要な書類とともにお持ちください。",
};
constexpr char kQrCaption[] = "申請用QRコード";
constexpr char kApplicationIdLabel[] = "申請書ID";
constexpr char kTrademark[] = "※ QRコードは株式会社デンソーウェーブの登録商標です。";

constexpr char kEnquiryLabel[] = "お問い合わせ先";
constexpr const char* kVoiceCodeLabel[] = {"視覚障がい者用", "音声コード"};
constexpr char kFactoryLabel[] = "工場管理用";

}  // namespace mynumber::notice_document

#endif  // MYNUMBER_LIBS_NOTICE_DOCUMENT_WORDING_H_
