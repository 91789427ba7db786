import QtQuick
import Nuanting

// One of a few ways to sift a list.
Touch {
    id: tab

    property string iconName
    property bool chosen: false

    implicitHeight: Math.max(Theme.bar + Theme.m, column.height + Theme.m * 2)
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
            id: column
            anchors.centerIn: parent
            width: parent.width - Theme.s * 2
            spacing: Theme.xs
            Icon {
                anchors.horizontalCenter: parent.horizontalCenter
                name: tab.iconName
                role: tab.chosen ? "seal" : "soft"
                size: Theme.question
            }
            Say {
                width: parent.width
                height: Math.ceil(Theme.body * (english ? 2.4 : 1.5))
                verticalAlignment: Text.AlignVCenter
                wrapMode: english ? Text.WordWrap : Text.NoWrap
                fontSizeMode: english ? Text.Fit : Text.HorizontalFit
                minimumPixelSize: Math.round(Theme.small * 0.6)
                text: tab.text
                horizontalAlignment: Text.AlignHCenter
                font.bold: tab.chosen
                lineHeight: 1
                Accessible.ignored: true
            }
        }
    }
}
