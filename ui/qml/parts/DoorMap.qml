pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// The cabinet beside the terminal as seen from the front; the door that matters is lit, and stands open when it is.
Item {
    id: map

    property int door: 0
    property int doors: 0
    property string state_
    readonly property int columns: doors <= 4 ? Math.max(1, doors) : doors <= 12 ? 3 : 4
    readonly property int lines: Math.ceil(doors / columns)
    readonly property bool open: state_ === "open" || state_ === "taken" || state_ === "close"
    readonly property int side: Math.floor(Math.min((width - Theme.l * 2) / columns * 0.62,
                                                    (height - Theme.l * 2) / Math.max(1, lines)))

    Accessible.role: Accessible.Graphic
    Accessible.name: (Shell.words["screen.door"] ?? "") + " " + door

    Rectangle {
        anchors.centerIn: parent
        width: grid.width + Theme.l * 2
        height: grid.height + Theme.l * 2
        radius: Theme.radius
        color: Theme.sunk
        border.width: Theme.stroke
        border.color: Theme.ink

        Grid {
            id: grid
            anchors.centerIn: parent
            columns: map.columns
            spacing: Theme.s

            Repeater {
                model: map.doors
                delegate: Rectangle {
                    id: box
                    required property int index
                    readonly property bool meant: index + 1 === map.door
                    readonly property bool ajar: meant && map.open
                    width: Math.round((map.side - Theme.s) / 0.62)
                    height: map.side - Theme.s
                    radius: Theme.xs
                    color: ajar ? Theme.night : meant ? Theme.seal : Theme.card
                    border.width: meant ? Theme.stroke : Theme.hair
                    border.color: meant ? Theme.seal : Theme.border

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
                        color: Theme.seal
                    }
                    Icon {
                        anchors.centerIn: parent
                        visible: box.ajar && map.state_ === "open"
                        name: "package"
                        role: "lamp"
                        size: Math.round(box.height * 0.6)
                    }
                    Say {
                        anchors.centerIn: parent
                        visible: !(box.ajar && map.state_ === "open")
                        text: box.index + 1
                        color: box.ajar ? Theme.nightInk : box.meant ? Theme.onSeal : Theme.soft
                        font.pixelSize: box.height > Theme.question * 1.6 ? Theme.question : box.height > Theme.body * 1.6 ? Theme.body : Theme.small
                        font.bold: box.meant
                        lineHeight: 1
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
}
