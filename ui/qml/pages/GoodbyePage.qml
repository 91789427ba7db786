import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// The last word; then the doorway again.
WorkPage {
    shelf: false
    Image {
        Layout.alignment: Qt.AlignHCenter
        Layout.topMargin: Theme.xxl
        Layout.preferredWidth: Theme.xxl * (Theme.wide ? 3 : 5)
        Layout.preferredHeight: Theme.xxl * (Theme.wide ? 3 : 5)
        sourceSize: Qt.size(Theme.xxl * (Theme.wide ? 3 : 5), Theme.xxl * (Theme.wide ? 3 : 5))
        source: "image://drawing/farewell/" + Theme.scheme
        Accessible.ignored: true
    }
    Say {
        Layout.fillWidth: true
        text: GoodbyeScreen.title
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: Theme.title
        font.bold: true
        Accessible.role: Accessible.Heading
    }
    Say {
        Layout.fillWidth: true
        text: GoodbyeScreen.line
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: Theme.lead
        color: Theme.soft
    }
    ChoiceList { Layout.fillWidth: true }
}
