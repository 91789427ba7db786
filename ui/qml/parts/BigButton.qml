import QtQuick
import Nuanting

// A button with words. kind: "main" (seal red, one a page), "plain" (outlined), "quiet" (no frame).
Touch {
    id: button

    property string kind: "plain"
    property string iconName
    property bool iconAfter: false
    property int size: kind === "quiet" ? Theme.label : Theme.body
    readonly property string inkRole: kind === "main" ? "onSeal" : kind === "quiet" ? "soft" : "ink"
    readonly property color inkColour: kind === "main" ? Theme.onSeal : kind === "quiet" ? Theme.soft : Theme.ink

    leftPadding: kind === "quiet" ? Theme.xs : Theme.m
    rightPadding: leftPadding
    topPadding: Theme.s
    bottomPadding: Theme.s

    background: Rectangle {
        radius: Theme.radius
        border.width: button.kind === "plain" ? Theme.hair : button.activeFocus ? Theme.stroke : 0
        border.color: button.activeFocus ? Theme.water : Theme.border
        color: button.kind === "main" ? (button.pressed ? Theme.sealPressed : Theme.seal)
             : button.pressed ? Theme.pressed
             : button.kind === "plain" ? Theme.card : "transparent"
    }
    contentItem: Item {
        implicitWidth: Math.ceil(label.implicitWidth) + (button.iconName !== "" ? label.font.pixelSize + Theme.s : 0)
        implicitHeight: Math.max(label.implicitHeight, Theme.lead)

        Row {
            id: row
            anchors.centerIn: parent
            spacing: Theme.s
            layoutDirection: button.iconAfter ? Qt.RightToLeft : Qt.LeftToRight

            Icon {
                visible: button.iconName !== ""
                anchors.verticalCenter: parent.verticalCenter
                name: button.iconName
                role: button.inkRole
                size: label.font.pixelSize
            }
            Say {
                id: label
                anchors.verticalCenter: parent.verticalCenter
                width: Math.min(implicitWidth, button.availableWidth
                       - (button.iconName !== "" ? font.pixelSize + Theme.s : 0))
                text: button.text
                font.pixelSize: button.size
                color: button.inkColour
                font.bold: button.kind !== "quiet"
                horizontalAlignment: Text.AlignHCenter
                lineHeight: 1
                Accessible.ignored: true
            }
        }
    }
}
