import QtQuick
import Nuanting

// Around what the keypad's cursor is on: for those who see a little, and for who stands beside.
Rectangle {
    property real fit: 1
    readonly property real room: (Theme.s + Theme.hair) * fit

    x: Reader.mark.x - room
    y: Reader.mark.y - room
    width: Reader.mark.width + room * 2
    height: Reader.mark.height + room * 2
    visible: Reader.on && Reader.mark.width > 0
    radius: Theme.radius * fit
    color: "transparent"
    border.width: Math.max(Theme.hair, Theme.s * fit)
    border.color: Theme.water
    Accessible.ignored: true
}
