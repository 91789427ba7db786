import QtQuick
import Nuanting

// A switch in the head: icon above its word.
Touch {
    id: button

    property bool night: false
    property string iconName

    leftPadding: Theme.m
    rightPadding: Theme.m

    background: Rectangle {
        radius: Theme.radius
        border.width: Theme.hair
        border.color: button.night ? Theme.nightLine : Theme.line
        color: button.night ? (button.pressed ? Theme.nightPressed : "transparent")
             : button.pressed ? Theme.pressed : Theme.card
    }
    contentItem: Item {
        implicitWidth: row.implicitWidth
        implicitHeight: row.implicitHeight

        Row {
            id: row
            anchors.centerIn: parent
            spacing: Theme.s
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                name: button.iconName
                role: button.night ? "nightInk" : "ink"
                size: Math.round(label.font.pixelSize * 1.2)
            }
            Say {
                id: label
                anchors.verticalCenter: parent.verticalCenter
                text: button.text
                color: button.night ? Theme.nightInk : Theme.ink
                font.pixelSize: Theme.label
                wrapMode: Text.NoWrap
                Accessible.ignored: true
            }
        }
    }
}
