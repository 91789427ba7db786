import QtQuick
import QtQuick.Layouts
import Nuanting

// Something that happens in a life, and whether this terminal can help with it.
Touch {
    id: card

    required property var modelData
    readonly property bool held: modelData.held > 0

    text: modelData.title
    padding: Theme.m
    Accessible.description: modelData.line
    background: Rectangle {
        radius: Theme.radius
        color: card.pressed ? Theme.pressed : Theme.card
        border.width: card.activeFocus ? Theme.stroke : Theme.hair
        border.color: card.activeFocus ? Theme.water : Theme.border
    }
    contentItem: RowLayout {
        spacing: Theme.m

        Icon {
            Layout.alignment: Qt.AlignVCenter
            Layout.leftMargin: Theme.s
            name: card.modelData.icon
            role: card.held ? "seal" : "soft"
            size: Math.round(Theme.title * 1.1)
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: 0

            Say {
                Layout.fillWidth: true
                text: card.modelData.title
                font.pixelSize: Theme.lead
                font.bold: true
                lineHeight: 1.2
                Accessible.ignored: true
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.xs
                Icon {
                    Layout.alignment: Qt.AlignVCenter
                    name: card.held ? "circle-check" : "map-pin"
                    role: card.held ? "jade" : "soft"
                    size: Theme.label
                }
                Say {
                    Layout.fillWidth: true
                    text: card.modelData.line
                    color: card.held ? Theme.jade : Theme.soft
                    font.bold: card.held
                    font.pixelSize: Theme.label
                    lineHeight: 1.2
                    Accessible.ignored: true
                }
            }
        }
    }
}
