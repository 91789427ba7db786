import QtQuick
import Nuanting

// A button with words. kind: "main" (seal red, one a page), "plain" (outlined), "quiet" (no frame).
Touch {
    id: button

    property string kind: "plain"
    property string iconName
    property bool iconAfter: false
    property int lines: 2
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
                width: Math.min(Math.ceil(implicitWidth) + 1, button.availableWidth
                       - (button.iconName !== "" ? font.pixelSize + Theme.s : 0))
                text: button.text
                font.pixelSize: button.size
                color: button.inkColour
                font.bold: button.kind !== "quiet"
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter  // where smaller type took one line instead of two
                lineHeight: 1
                wrapMode: button.lines === 1 ? Text.NoWrap : Text.Wrap
                height: button.lines === 1 ? implicitHeight
                      : Math.min(implicitHeight, Math.max(button.availableHeight, font.pixelSize))
                fontSizeMode: button.lines === 1 ? Text.HorizontalFit : Text.Fit
                minimumPixelSize: Math.round(button.size * 0.6)
                Accessible.ignored: true
            }
        }
    }
}
