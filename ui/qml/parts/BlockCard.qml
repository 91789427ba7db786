import QtQuick
import QtQuick.Layouts
import Nuanting

// One of the four doors of the home page. A door behind which nothing lies says so, and opens all the same.
Touch {
    id: card

    required property var modelData
    readonly property bool held: modelData.held > 0

    text: modelData.label
    padding: Theme.l
    Accessible.description: modelData.line
    background: Rectangle {
        radius: Theme.radius
        color: card.pressed ? Theme.pressed : card.held ? Theme.card : Theme.sunk
        border.width: card.activeFocus ? Theme.stroke : Theme.hair
        border.color: card.activeFocus ? Theme.water : Theme.border
    }
    contentItem: GridLayout {
        columns: Theme.wide && !Theme.elder ? 1 : 2  // four side by side: the picture stands above the words
        columnSpacing: Theme.m
        rowSpacing: Theme.s

        Rectangle {
            Layout.alignment: Qt.AlignVCenter
            Layout.preferredWidth: Theme.touch
            Layout.preferredHeight: Theme.touch
            radius: Theme.radius
            color: card.held ? Theme.sealGround : Theme.card
            Icon {
                anchors.centerIn: parent
                name: card.modelData.icon
                role: card.held ? "seal" : "soft"
                size: Theme.title
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: Theme.xs

            Say {
                Layout.fillWidth: true
                text: card.modelData.label
                font.pixelSize: Theme.question
                font.bold: true
                lineHeight: 1.1
                Accessible.ignored: true
            }
            Say {
                Layout.fillWidth: true
                text: card.modelData.line
                color: Theme.soft
                font.pixelSize: Theme.label
                lineHeight: 1.2
                Accessible.ignored: true
            }
        }
    }
}
