import QtQuick
import Nuanting

// A sentence. Always plain text: nothing typed by a person is ever read as markup.
Text {
    color: Theme.ink
    font.pixelSize: Theme.body
    lineHeight: Theme.leading
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.ignored: text === "" || !visible
}
