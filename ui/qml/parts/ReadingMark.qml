import QtQuick
import Nuanting

// Around what the keypad's cursor is on: for those who see a little, and for who stands beside.
Rectangle {
    property real fit: 1

    x: Reader.mark.x - Theme.s * fit
    y: Reader.mark.y - Theme.s * fit
    width: Reader.mark.width + Theme.s * 2 * fit
    height: Reader.mark.height + Theme.s * 2 * fit
    visible: Reader.on && Reader.mark.width > 0
    radius: Theme.radius * fit
    color: "transparent"
    border.width: Math.max(1, Theme.xs * fit)
    border.color: Theme.water
    Accessible.ignored: true
}
