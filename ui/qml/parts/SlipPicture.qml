import QtQuick
import Nuanting

// A slip as the printer was given it, on the glass: large enough for a telephone's camera.
Rectangle {
    id: slip

    property string name
    readonly property real ratio: picture.implicitWidth > 0 ? picture.implicitHeight / picture.implicitWidth : 1.4

    visible: name !== "" && !Shell.covered
    implicitHeight: Math.round(width * ratio)
    color: Theme.card
    border.width: Theme.hair
    border.color: Theme.border

    Image {
        id: picture
        anchors { fill: parent; margins: Theme.hair }
        fillMode: Image.PreserveAspectFit
        asynchronous: true
        cache: false
        mipmap: true
        source: slip.name === "" ? "" : "image://papers/" + slip.name
        Accessible.role: Accessible.Graphic
        Accessible.name: Shell.words["screen.slip_picture"] ?? ""
    }
}
