import QtQuick
import Nuanting

// One place of the terminal's front, where it is on it; lit when it is the one that waits. Not there: not drawn.
Rectangle {
    id: spot

    property real unit: 1
    property rect place
    property bool round: false
    property bool lit: false
    property int edge: Theme.xs

    visible: place.width > 0
    x: Math.round(place.x * unit)
    y: Math.round(place.y * unit)
    width: Math.round(place.width * unit)
    height: Math.round(place.height * unit)
    radius: round ? width / 2 : Theme.s
    color: Theme.sunk
    border.width: edge
    border.color: Theme.ink

    Rectangle {
        visible: spot.lit
        anchors { fill: parent; margins: -Theme.m }
        radius: Theme.radius + Theme.s
        color: "transparent"
        border.width: Theme.s
        border.color: Theme.lamp
        SequentialAnimation on opacity {
            running: spot.lit && spot.visible && !Theme.calm
            loops: Animation.Infinite
            NumberAnimation { from: 1; to: 0.3; duration: Theme.breathe; easing.type: Easing.InOutSine }
            NumberAnimation { from: 0.3; to: 1; duration: Theme.breathe; easing.type: Easing.InOutSine }
        }
    }
    Rectangle {
        visible: spot.lit
        anchors { fill: parent; margins: -Theme.s }
        radius: Theme.radius
        color: "transparent"
        border.width: Theme.s
        border.color: Theme.seal
    }
}
