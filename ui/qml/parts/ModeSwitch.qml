import QtQuick
import Nuanting

// A way of seeing or reaching, on or off; both are said in words and with a mark.
Touch {
    id: way

    property bool on: false
    property string iconName
    property string line

    leftPadding: Theme.m
    rightPadding: Theme.m
    topPadding: Theme.s
    bottomPadding: Theme.s
    implicitHeight: Math.max(Theme.bar + Theme.m, implicitContentHeight + topPadding + bottomPadding)
    Accessible.role: Accessible.CheckBox
    Accessible.checkable: true
    Accessible.checked: on
    Accessible.description: line

    background: Rectangle {
        radius: Theme.radius
        border.width: way.on ? Theme.stroke : Theme.hair
        border.color: way.on ? Theme.seal : Theme.border
        color: way.pressed ? Theme.pressed : way.on ? Theme.sealGround : Theme.card
    }
    contentItem: Item {
        implicitWidth: Theme.xxl
        implicitHeight: Math.max(icon.height, words.implicitHeight)

        Icon {
            id: icon
            visible: way.iconName !== ""
            anchors { left: parent.left; verticalCenter: parent.verticalCenter }
            name: way.iconName
            role: way.on ? "seal" : "ink"
            size: Theme.question
        }
        Column {
            id: words
            anchors { left: icon.visible ? icon.right : parent.left; leftMargin: icon.visible ? Theme.m : 0; right: mark.left; rightMargin: Theme.s; verticalCenter: parent.verticalCenter }
            Say {
                width: parent.width
                text: way.text
                font.bold: true
                lineHeight: 1
                Accessible.ignored: true
            }
            Say {
                width: parent.width
                visible: way.line !== ""
                text: way.line
                color: Theme.soft
                font.pixelSize: Theme.small
                lineHeight: 1
                Accessible.ignored: true
            }
        }
        Icon {
            id: mark
            anchors { right: parent.right; verticalCenter: parent.verticalCenter }
            name: way.on ? "circle-check" : "circle"
            role: way.on ? "seal" : "soft"
            size: Theme.lead
        }
    }
}
