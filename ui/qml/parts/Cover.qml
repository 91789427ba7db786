import QtQuick
import Nuanting

// Stands over what a person wrote while they want it covered.
Rectangle {
    visible: Shell.covered
    radius: Theme.radius
    color: Theme.sunk
    Accessible.role: Accessible.StaticText
    Accessible.name: words.text

    Row {
        anchors.centerIn: parent
        width: Math.min(parent.width - Theme.m * 2, Theme.xxl * 5)
        spacing: Theme.m
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            name: "eye-off"
            role: "soft"
            size: Theme.lead
        }
        Say {
            id: words
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - Theme.lead - Theme.m
            text: Shell.words["screen.covered"] ?? ""
            color: Theme.soft
            font.pixelSize: Theme.label
            lineHeight: 1
            fontSizeMode: Text.Fit
            minimumPixelSize: Math.round(Theme.small * 0.8)
            height: Math.min(implicitHeight, parent.parent.height)
            Accessible.ignored: true
        }
    }
}
