import QtQuick
import QtQuick.Layouts
import Nuanting

// The terminal is about to give up on somebody who is away. It asks; it does not frighten.
Item {
    id: overlay

    readonly property var count: Shell.countdown

    visible: count.total !== undefined

    Rectangle {
        anchors.fill: parent
        color: Theme.letterbox
        opacity: 0.62
    }
    MouseArea {
        anchors.fill: parent
        onPressed: Shell.stillHere()
    }
    Card {
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.xl }
        height: column.implicitHeight + Theme.xl * 2
        Accessible.role: Accessible.Dialog
        Accessible.name: overlay.count.text ?? ""

        ColumnLayout {
            id: column
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.xl }
            spacing: Theme.l

            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.l

                Rectangle {
                    Layout.preferredWidth: Theme.xxl
                    Layout.preferredHeight: Theme.xxl
                    radius: Theme.xxl / 2
                    color: Theme.amberGround
                    border.width: Theme.stroke
                    border.color: Theme.amberLine
                    Say {
                        anchors.centerIn: parent
                        text: overlay.count.seconds ?? ""
                        font.pixelSize: Theme.title
                        font.bold: true
                        color: Theme.amberInk
                        lineHeight: 1
                    }
                }
                Question {
                    Layout.fillWidth: true
                    text: overlay.count.text ?? ""
                }
            }
            BigButton {
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.bar
                kind: "main"
                iconName: "hand-stop"
                text: Shell.words["screen.still_here"] ?? ""
                onClicked: Shell.stillHere()
            }
            BigButton {
                Layout.fillWidth: true
                Layout.preferredHeight: Theme.bar
                kind: "plain"
                iconName: "door-exit"
                visible: !!overlay.count.erase
                text: overlay.count.erase?.label ?? ""
                onClicked: Shell.press(overlay.count.erase.ask)
            }
        }
    }
}
