import QtQuick
import Nuanting

// One of a few ways to sift a list.
Touch {
    id: tab

    property string iconName
    property bool chosen: false

    implicitHeight: Theme.bar + Theme.m
    checkable: false
    Accessible.role: Accessible.PageTab
    Accessible.selected: chosen
    background: Rectangle {
        radius: Theme.radius
        color: tab.pressed ? Theme.pressed : tab.chosen ? Theme.sealGround : Theme.card
        border.width: tab.chosen ? Theme.stroke : Theme.hair
        border.color: tab.chosen ? Theme.seal : Theme.line
    }
    contentItem: Item {
        Column {
            anchors.centerIn: parent
            width: parent.width
            spacing: Theme.xs
            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: tab.iconName
                role: tab.chosen ? "seal" : "soft"
                size: Theme.question
            }
            Say {
                width: parent.width
                text: tab.text
                horizontalAlignment: Text.AlignHCenter
                font.bold: tab.chosen
                                lineHeight: 1
                Accessible.ignored: true
            }
        }
    }
}
