pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// The magnifier's own keys: where the enlarged part of the screen lies, and the way back. They are never enlarged
// themselves and stand at the side that the enlarged part leaves.
Item {
    id: lens

    property bool on: false
    property point centre: Qt.point(0, 0)
    readonly property real reach: (height - Theme.reach) * (Shell.low ? 1 : 0)

    function look(dx: int, dy: int) {
        const x = Math.max(0, Math.min(lens.width, lens.centre.x + dx * lens.width / 2))
        const y = Math.max(0, Math.min(lens.height, lens.centre.y + dy * lens.height / 4))
        lens.centre = Qt.point(x, y)
    }

    // Another page is looked at from its beginning.
    function begin() {
        lens.centre = Qt.point(0, lens.reach)
    }

    // Brings what stands at this height into the enlarged part, its middle if there is room.
    function face(y: real) {
        const middle = (y - lens.height / Theme.closer / 2) / (1 - 1 / Theme.closer)
        lens.centre = Qt.point(lens.centre.x, Math.max(0, Math.min(lens.height, middle)))
    }

    // Help and the keyboard stand before it for a while: it is then where it was.
    onOnChanged: if (on) begin()
    onReachChanged: begin()

    Rectangle {
        id: pad
        anchors { bottom: parent.bottom; bottomMargin: Theme.bar + Theme.xl }
        x: lens.centre.x > lens.width / 2 ? Theme.m : lens.width - width - Theme.m
        width: keys.width + Theme.m * 2
        height: keys.height + Theme.m * 2
        radius: Theme.radius
        color: Theme.card
        border.width: Theme.stroke
        border.color: Theme.border

        MouseArea { anchors.fill: parent }
        Grid {
            id: keys
            anchors.centerIn: parent
            columns: 3
            spacing: Theme.s

            Repeater {
                model: [
                    { "icon": "", "dx": 0, "dy": 0, "way": "" },
                    { "icon": "arrow-up", "dx": 0, "dy": -1, "way": "up" },
                    { "icon": "", "dx": 0, "dy": 0, "way": "" },
                    { "icon": "arrow-left", "dx": -1, "dy": 0, "way": "left" },
                    { "icon": "zoom-out", "dx": 0, "dy": 0, "way": "off" },
                    { "icon": "arrow-right", "dx": 1, "dy": 0, "way": "right" },
                    { "icon": "", "dx": 0, "dy": 0, "way": "" },
                    { "icon": "arrow-down", "dx": 0, "dy": 1, "way": "down" },
                    { "icon": "", "dx": 0, "dy": 0, "way": "" }
                ]
                delegate: Item {
                    id: cell
                    required property var modelData
                    width: Theme.touch
                    height: Theme.touch
                    Key {
                        anchors.fill: parent
                        visible: cell.modelData.icon !== ""
                        main: cell.modelData.icon === "zoom-out"
                        iconName: cell.modelData.icon
                        text: Shell.words["screen.lens_" + cell.modelData.way] ?? ""
                        onClicked: {
                            if (cell.modelData.icon === "zoom-out")
                                Shell.switchMode("magnify")
                            else
                                lens.look(cell.modelData.dx, cell.modelData.dy)
                        }
                    }
                }
            }
        }
    }
}
