pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What still lies about before the visit is over; the first of it is lit.
WorkPage {
    id: page

    readonly property string first: LeavingScreen.things[0]?.name ?? ""

    question: LeavingScreen.title

    Repeater {
        model: LeavingScreen.things
        delegate: Card {
            id: thing
            required property var modelData
            Layout.fillWidth: true
            implicitHeight: Math.max(Theme.bar, words.implicitHeight + Theme.l * 2)
            color: Theme.amberGround
            border.color: Theme.amberLine
            RowLayout {
                id: words
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.l }
                spacing: Theme.l
                Icon {
                    name: thing.modelData.name === "card" ? "id" : thing.modelData.name === "pages" ? "file-text"
                        : thing.modelData.name === "slip" ? "receipt" : thing.modelData.name === "code" ? "qrcode" : thing.modelData.name === "door" ? "door" : "info-circle"
                    role: "amberInk"
                    size: Theme.title
                }
                Say {
                    Layout.fillWidth: true
                    text: thing.modelData.text
                    color: Theme.amberInk
                    font.pixelSize: Theme.lead
                    font.bold: true
                }
            }
        }
    }
    TerminalFront {
        Layout.fillWidth: true
        Layout.topMargin: Theme.m
        Layout.preferredHeight: Math.round(Math.max(Theme.xxl * 4, Math.min(Theme.height * 0.36, page.height * 0.5)))
        taking: true
        spot: page.first === "door" ? "locker" : page.first
    }
    ChoiceList { Layout.fillWidth: true }
}
