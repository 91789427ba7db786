import QtQuick
import Nuanting

// A switch in the head: icon above its word.
Touch {
    id: button

    property bool night: false
    property bool on: false
    property string iconName

    leftPadding: Theme.s
    rightPadding: Theme.s
    topPadding: Theme.xs
    bottomPadding: Theme.xs

    background: Rectangle {
        radius: Theme.radius
        border.width: button.on ? Theme.stroke : Theme.hair
        border.color: button.night ? Theme.nightLine : button.on ? Theme.seal : Theme.border
        color: button.night ? (button.pressed ? Theme.nightPressed : "transparent")
             : button.pressed ? Theme.pressed : button.on ? Theme.sealGround : Theme.card
    }
    contentItem: Item {
        implicitWidth: label.implicitWidth
        implicitHeight: both.implicitHeight

        Column {
            id: both
            anchors.centerIn: parent
            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: button.iconName
                role: button.night ? "nightInk" : button.on ? "seal" : "ink"
                size: Math.round(label.font.pixelSize * 1.3)
            }
            Say {
                id: label
                anchors.horizontalCenter: parent.horizontalCenter
                text: button.text
                color: button.night ? Theme.nightInk : button.on ? Theme.seal : Theme.ink
                font.pixelSize: Theme.small
                wrapMode: Text.NoWrap
                lineHeight: 1
                Accessible.ignored: true
            }
        }
    }
}
