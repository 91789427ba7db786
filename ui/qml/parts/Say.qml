import QtQuick
import Nuanting

// A sentence. Always plain text: nothing typed by a person is ever read as markup.
Text {
    property bool english: Shell.language === "en"
    property string secret  // what kind of personal thing it tells, which is read aloud only to who asks

    color: Theme.ink
    font.pixelSize: Theme.body
    lineHeight: Theme.leading
    textFormat: Text.PlainText
    // The face gives quotation marks a whole square, which is right in Chinese only.
    font.features: ({ "pwid": english ? 1 : 0 })
    wrapMode: Text.Wrap
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === "" || !visible
}
