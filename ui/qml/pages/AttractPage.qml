import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// A lit doorway at night. The whole glass is the handle.
Item {
    id: page

    readonly property int text: Theme.wide ? Math.round(width * 0.56) : width - Theme.xl * 2

    Image {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Theme.height
        sourceSize: Qt.size(Theme.width, Theme.height)
        source: "image://drawing/" + (Theme.wide ? "doorway-wide" : "doorway") + "/" + Theme.scheme
        Accessible.ignored: true
    }
    Touch {
        id: anywhere
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Shell.low ? Theme.reach - (Theme.height - page.height) : parent.height
        text: AttractScreen.title
        onClicked: AttractScreen.start()
    }
    ColumnLayout {
        x: Theme.xl
        y: (Shell.low ? 0 : Theme.bar) + Theme.xl
        width: page.text
        spacing: Theme.m

        Say {
            Layout.fillWidth: true
            text: AttractScreen.line
            color: Theme.nightInk
            font.pixelSize: Theme.display
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.title
            wrapMode: Text.NoWrap
            font.bold: true
            lineHeight: 1
        }
        Say {
            Layout.fillWidth: true
            visible: text !== ""
            text: AttractScreen.place
            color: Theme.nightSoft
            font.pixelSize: Theme.body
        }
        Notice {
            Layout.fillWidth: true
            Layout.topMargin: Theme.s
            mark: "wait"
            size: Theme.label
            text: AttractScreen.notice
        }
        Notice {
            Layout.fillWidth: true
            Layout.topMargin: Theme.s
            size: Theme.label
            text: AttractScreen.news
        }
    }
    Item {
        id: invite
        x: Theme.xl
        y: page.height - height - Theme.xl
        width: page.text
        height: Math.max(finger.height, lines.height)

        Row {
            x: Theme.wide ? 0 : (parent.width - width) / 2
            spacing: Theme.l
            Rectangle {
                id: finger
                anchors.verticalCenter: parent.verticalCenter
                width: Theme.bar
                height: Theme.bar
                radius: width / 2
                color: anywhere.pressed ? Theme.card : Theme.lamp
                Icon {
                    anchors.centerIn: parent
                    name: "hand-finger"
                    role: "night"
                    size: Theme.display
                }
                SequentialAnimation on scale {
                    running: !Theme.calm
                    loops: Animation.Infinite
                    NumberAnimation { from: 1; to: 1.08; duration: Theme.breathe; easing.type: Easing.InOutSine }
                    NumberAnimation { from: 1.08; to: 1; duration: Theme.breathe; easing.type: Easing.InOutSine }
                }
            }
            Column {
                id: lines
                anchors.verticalCenter: parent.verticalCenter
                spacing: Theme.xs
                Say {
                    width: Math.min(implicitWidth, invite.width - finger.width - Theme.l)
                    text: AttractScreen.title
                    color: Theme.nightInk
                    font.pixelSize: Theme.title
                    font.bold: true
                }
                Say {
                    width: Math.min(implicitWidth, invite.width - finger.width - Theme.l)
                    text: AttractScreen.other
                    english: Shell.language !== "en"
                    color: Theme.nightSoft
                    font.pixelSize: Theme.lead
                }
            }
        }
    }
}
