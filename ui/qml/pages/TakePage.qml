import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// Paper lies there to be taken; the place is lit. Beside it what the paper looks like, where it is a slip.
WorkPage {
    id: page

    readonly property int tall: Math.round(Math.max(Theme.xxl * 4, page.height * 0.6))

    question: TakeScreen.title

    Say {
        Layout.fillWidth: true
        text: TakeScreen.line
        font.pixelSize: Theme.lead
    }
    RowLayout {
        Layout.fillWidth: true
        Layout.topMargin: Theme.m
        spacing: Theme.xl
        TerminalFront {
            Layout.fillWidth: true
            Layout.preferredHeight: page.tall
            spot: TakeScreen.spot
        }
        SlipPicture {
            Layout.alignment: Qt.AlignVCenter
            Layout.preferredWidth: Math.round(Math.min(page.tall / ratio, (page.width - page.edge * 2) * 0.36))
            name: TakeScreen.picture
        }
    }
    ChoiceList { Layout.fillWidth: true }
}
