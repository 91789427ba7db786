import QtQuick
import Nuanting

// A lamp that walks along a shelf while something is being done. Small on purpose: little to repaint.
Item {
    id: bar

    implicitHeight: Theme.m

    Rectangle {
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter }
        height: Theme.xs
        radius: height / 2
        color: Theme.line
    }
    Rectangle {
        id: lamp
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.xxl
        height: Theme.s
        radius: height / 2
        color: Theme.seal
        SequentialAnimation on x {
            running: bar.visible && bar.width > 0 && !Theme.calm
            loops: Animation.Infinite
            NumberAnimation { from: 0; to: bar.width - lamp.width; duration: Theme.breathe; easing.type: Easing.InOutSine }
            NumberAnimation { from: bar.width - lamp.width; to: 0; duration: Theme.breathe; easing.type: Easing.InOutSine }
        }
    }
}
