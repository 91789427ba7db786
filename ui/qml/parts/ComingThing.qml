pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// What a hand brings to a place of the front, or takes from it: a card that lies down, a phone that is held up, a sheet
// or a slip that comes out. `target` is the place. Where nothing may move it is shown at its end, with an arrow.
Item {
    id: thing

    property string kind
    property rect target
    property bool taking: false // what lies there is to be taken away
    property real way: 1 // 0: begins, 1: is there
    readonly property bool out: kind === "slip" || kind === "pages"
    readonly property bool phone: kind === "code"
    readonly property int wide: Math.round(kind === "slip" ? target.width * 0.5 : kind === "pages" ? target.width * 0.6
                                         : phone ? target.height * 0.72 : target.width * 0.72)
    readonly property int tall: Math.round(kind === "card" ? wide * 0.63 : kind === "pages" ? wide * 0.44
                                         : kind === "slip" ? wide * 1.1 : wide * 1.6)

    anchors.fill: parent

    SequentialAnimation on way {
        running: thing.visible && !Theme.calm
        loops: Animation.Infinite
        NumberAnimation {
            from: thing.taking && !thing.out ? 1 : 0
            to: thing.taking && !thing.out ? 0 : 1
            duration: Theme.breathe
            easing.type: Easing.OutCubic
        }
        PauseAnimation { duration: Theme.breathe * 2 }
    }

    // Comes from below and lies down on the reader, or is held before the window.
    Rectangle {
        visible: !thing.out
        x: thing.target.x + (thing.target.width - width) / 2
        y: thing.target.y + (thing.target.height - height) / 2 + (1 - thing.way) * thing.target.height * 1.6
           + (thing.phone ? height * 0.22 : 0)
        width: thing.wide
        height: thing.tall
        radius: thing.phone ? Theme.s : Theme.xs
        color: Theme.card
        border.width: Theme.xs
        border.color: Theme.seal

        Icon {
            anchors.centerIn: parent
            visible: thing.phone && size >= Theme.label  // smaller than that it is a smudge under the arrow
            name: "qrcode"
            role: "ink"
            size: Math.round(parent.width * 0.72)
        }
        Rectangle {
            visible: thing.kind === "card"
            anchors { right: parent.right; verticalCenter: parent.verticalCenter; rightMargin: Math.round(parent.width * 0.1) }
            width: Math.round(parent.width * 0.24)
            height: Math.round(parent.height * 0.56)
            color: Theme.sealGround
            border.width: Theme.hair
            border.color: Theme.seal
        }
        Column {
            visible: thing.kind === "card"
            anchors { left: parent.left; verticalCenter: parent.verticalCenter; leftMargin: Math.round(parent.width * 0.1) }
            spacing: Math.max(1, Math.round(parent.height * 0.11))
            Repeater {
                model: [0.36, 0.44, 0.3]
                delegate: Rectangle {
                    required property real modelData
                    width: Math.round(thing.wide * modelData)
                    height: Theme.stroke
                    color: Theme.ink
                }
            }
        }
    }
    // Comes out of its mouth, downwards; the mouth hides what is still inside.
    Item {
        id: mouth
        visible: thing.out
        clip: true
        x: thing.target.x + Math.round((thing.target.width - thing.wide) / 2)
        y: thing.target.y + Math.round(thing.target.height / 2)
        width: thing.wide
        height: thing.tall
        Rectangle {
            y: Math.round((thing.way - 1) * height)
            width: thing.wide
            height: thing.tall
            color: Theme.card
            border.width: Theme.xs
            border.color: Theme.seal
            Column {
                anchors { left: parent.left; top: parent.top; margins: Math.round(parent.width * 0.12) }
                spacing: Math.max(Theme.hair, Math.round(thing.wide * 0.08))
                Repeater {
                    model: thing.kind === "slip" ? [0.5, 0.7, 0.6, 0.7] : [0.4, 0.7, 0.7]
                    delegate: Rectangle {
                        required property real modelData
                        width: Math.round(thing.wide * modelData)
                        height: Theme.stroke
                        color: Theme.border
                    }
                }
            }
        }
    }
    Rectangle {
        visible: Theme.calm
        width: Math.round(Math.max(Theme.lead, Math.min(Theme.title, thing.target.height)))
        height: width
        radius: width / 2
        color: Theme.seal
        // At the corner of the place, clear of what is laid there.
        x: thing.target.x + thing.target.width - width * 0.2
        y: thing.target.y - height * 0.8
        Icon {
            anchors.centerIn: parent
            name: thing.out || thing.taking ? "arrow-up" : "arrow-down"
            role: "onSeal"
            size: Math.round(parent.width * 0.72)
        }
    }
}
