import QtQuick
import Nuanting
import "../parts"

// A key that changes the keyboard instead of typing. `on` shows what is chosen.
Touch {
    id: key

    property string iconName
    property bool on: false

    focusPolicy: Qt.NoFocus
    leftPadding: Theme.s
    rightPadding: Theme.s
    Accessible.checkable: true
    Accessible.checked: on
    background: Rectangle {
        radius: Theme.round
        color: key.pressed ? Theme.pressed : key.on ? Theme.sealGround : Theme.sunk
        border.width: key.on ? Theme.stroke : Theme.hair
        border.color: key.on ? Theme.seal : Theme.border
    }
    contentItem: Item {
        implicitWidth: key.iconName === "" ? Math.ceil(widest.advanceWidth) : Theme.question
        // As wide as when it is chosen, so that its neighbours stay where they are.
        TextMetrics {
            id: widest
            text: key.text
            font { family: name.font.family; pixelSize: Theme.label; bold: true }
        }
        Icon {
            anchors.centerIn: parent
            visible: key.iconName !== ""
            opacity: key.enabled ? 1 : 0.3
            name: key.iconName
            role: "ink"
            size: Theme.question
        }
        Say {
            id: name
            anchors.centerIn: parent
            visible: key.iconName === ""
            text: key.text
            color: key.on ? Theme.seal : Theme.ink
            font.pixelSize: Theme.label
            font.bold: key.on
            wrapMode: Text.NoWrap
            lineHeight: 1
            Accessible.ignored: true
        }
    }
}
