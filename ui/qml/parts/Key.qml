import QtQuick
import Nuanting

// One key of the keyboard.
Touch {
    id: key

    property string iconName
    property bool soft: false
    property bool main: false

    focusPolicy: Qt.NoFocus
    background: Rectangle {
        radius: Theme.round
        color: key.main ? (key.pressed ? Theme.sealPressed : Theme.seal)
             : key.pressed ? Theme.pressed : key.soft ? Theme.sunk : Theme.card
        border.width: Theme.hair
        border.color: key.main ? Theme.seal : Theme.border
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            visible: key.iconName !== ""
            name: key.iconName
            role: key.main ? "onSeal" : "ink"
            size: Theme.question
        }
        Say {
            anchors.centerIn: parent
            visible: key.iconName === ""
            text: key.text
            color: key.main ? Theme.onSeal : Theme.ink
            font.pixelSize: key.text.length > 1 ? Theme.body : Theme.lead
            lineHeight: 1
            Accessible.ignored: true
        }
    }
}
