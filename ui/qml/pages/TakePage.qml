import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// Paper lies there to be taken; the place is lit.
WorkPage {
    question: TakeScreen.title

    Say {
        Layout.fillWidth: true
        text: TakeScreen.line
        font.pixelSize: Theme.lead
    }
    TerminalFront {
        Layout.fillWidth: true
        Layout.topMargin: Theme.l
        Layout.preferredHeight: Math.round(Theme.height * 0.5)
        spot: TakeScreen.spot
    }
    ChoiceList { Layout.fillWidth: true }
}
