import QtQuick
import Nuanting

// What low reach leaves free above the page: whose house this is. Nothing here can be touched.
Item {
    id: space

    Rectangle {
        anchors.fill: parent
        color: Theme.sunk
    }
    Image {
        id: mark
        anchors { horizontalCenter: parent.horizontalCenter; verticalCenter: parent.verticalCenter }
        width: Math.min(Theme.xxl, space.height / 2)
        height: width
        sourceSize: Qt.size(Math.max(1, width), Math.max(1, height))
        source: "image://drawing/mark/" + Theme.scheme
        Accessible.ignored: true
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Theme.stroke
        color: Theme.border
    }
}
