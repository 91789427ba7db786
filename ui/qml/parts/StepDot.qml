import QtQuick
import Nuanting

// One step's mark: a tick, the number in the seal's colour, or the number alone.
Rectangle {
    id: dot

    required property int number

    readonly property bool now: state === "now"
    readonly property bool done: state === "done"

    width: Math.max(Theme.l + Theme.xs, Math.round(Theme.small * 1.5))
    height: width
    radius: width / 2
    color: now ? Theme.seal : done ? Theme.jade : Theme.paper
    border.width: now || done ? 0 : Theme.hair
    border.color: Theme.border

    Icon {
        anchors.centerIn: parent
        visible: dot.done
        name: "check"
        role: "onSeal"
        size: Theme.l - Theme.s
    }
    Say {
        anchors.centerIn: parent
        visible: !dot.done
        text: dot.number
        color: dot.now ? Theme.onSeal : Theme.soft
        font.pixelSize: Theme.small
        font.bold: true
        lineHeight: 1
        Accessible.ignored: true
    }
}
