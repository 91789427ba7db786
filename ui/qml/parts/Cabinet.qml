pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// The doors of the cabinet beside the terminal, as many as there are; the one that matters is lit, and ajar when it is.
Rectangle {
    id: cabinet

    property int door: 0
    property bool open: false
    property bool full: open          // something lies in the open compartment
    property bool numbered: false
    property int edge: Theme.s
    readonly property int columns: Math.max(1, Math.min(Front.columns, Front.doors))
    readonly property int lines: Math.max(1, Math.ceil(Front.doors / columns))
    readonly property int gap: numbered ? Theme.s : Math.max(1, Math.round(Theme.xs / 2))
    readonly property int boxWide: Math.floor((width - edge * 2 - gap * (columns - 1)) / columns)
    readonly property int boxTall: Math.floor((height - edge * 2 - gap * (lines - 1)) / lines)

    radius: numbered ? Theme.radius : Theme.s
    color: Theme.sunk
    border.width: numbered ? Theme.stroke : Theme.xs
    border.color: Theme.ink

    Grid {
        anchors.centerIn: parent
        columns: cabinet.columns
        rows: cabinet.lines
        flow: Front.down ? Grid.TopToBottom : Grid.LeftToRight
        spacing: cabinet.gap

        Repeater {
            model: Front.doors
            delegate: Rectangle {
                id: box
                required property int index
                readonly property bool meant: index + 1 === cabinet.door
                readonly property bool ajar: meant && cabinet.open
                width: cabinet.boxWide
                height: cabinet.boxTall
                radius: Theme.xs
                color: ajar ? Theme.night : meant ? Theme.seal : Theme.card
                border.width: meant ? Theme.stroke : Theme.hair
                border.color: meant ? Theme.seal : Theme.border

                Rectangle {
                    visible: !cabinet.numbered && !box.meant
                    x: Math.round(parent.width * 0.12)
                    anchors.verticalCenter: parent.verticalCenter
                    width: Theme.stroke
                    height: Math.round(parent.height * 0.24)
                    color: Theme.border
                }
                Rectangle {
                    anchors { fill: parent; margins: -Theme.xs }
                    visible: box.meant
                    radius: Theme.xs + Theme.xs
                    color: "transparent"
                    border.width: Theme.xs
                    border.color: Theme.lamp
                    SequentialAnimation on opacity {
                        running: box.meant && !Theme.calm
                        loops: Animation.Infinite
                        NumberAnimation { from: 1; to: 0.2; duration: Theme.breathe; easing.type: Easing.InOutSine }
                        NumberAnimation { from: 0.2; to: 1; duration: Theme.breathe; easing.type: Easing.InOutSine }
                    }
                }
                Rectangle {
                    visible: box.ajar
                    anchors { left: parent.left; top: parent.top; bottom: parent.bottom }
                    width: parent.width * 0.22
                    radius: Theme.xs
                    color: Theme.seal
                }
                Icon {
                    anchors.centerIn: parent
                    visible: box.ajar && cabinet.full
                    name: "package"
                    role: "lamp"
                    size: Math.round(Math.min(box.height, box.width) * 0.6)
                }
                Say {
                    anchors.centerIn: parent
                    visible: cabinet.numbered && !(box.ajar && cabinet.full)
                    text: box.index + 1
                    color: box.ajar ? Theme.nightInk : box.meant ? Theme.onSeal : Theme.soft
                    font.pixelSize: box.height * 0.5 >= Theme.question && box.width >= Theme.question * 2 ? Theme.question
                        : box.height * 0.8 >= Theme.body && box.width >= Theme.body * 2 ? Theme.body : Theme.small
                    font.bold: box.meant
                    lineHeight: 1
                    Accessible.ignored: true
                }
            }
        }
    }
}
