import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// Closed, with the reason and whom to call: never a dark screen without a word.
WorkPage {
    shelf: false
    Image {
        Layout.alignment: Qt.AlignHCenter
        Layout.topMargin: Theme.xl
        Layout.preferredWidth: Theme.xxl * (Theme.wide ? 3 : 5)
        Layout.preferredHeight: Theme.xxl * (Theme.wide ? 3 : 5)
        sourceSize: Qt.size(Theme.xxl * (Theme.wide ? 3 : 5), Theme.xxl * (Theme.wide ? 3 : 5))
        source: "image://drawing/shut/" + Theme.scheme
        Accessible.ignored: true
    }
    Say {
        Layout.fillWidth: true
        text: ClosedScreen.title
        horizontalAlignment: Text.AlignHCenter
        font.pixelSize: Theme.title
        font.bold: true
        Accessible.role: Accessible.Heading
    }
    Repeater {
        model: ClosedScreen.lines
        delegate: Say {
            required property string modelData
            Layout.fillWidth: true
            text: modelData
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: Theme.lead
        }
    }
    Notice {
        Layout.fillWidth: true
        visible: text !== "" && !ClosedScreen.lines.some(line => line.includes(text))
        mark: "info"
        text: ClosedScreen.phone
    }
    Say {
        Layout.fillWidth: true
        visible: ClosedScreen.code !== ""
        text: (Shell.words["screen.fault_code"] ?? "") + " " + ClosedScreen.code
        horizontalAlignment: Text.AlignHCenter
        color: Theme.soft
        font.pixelSize: Theme.small
    }
}
