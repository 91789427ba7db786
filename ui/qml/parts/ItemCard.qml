import QtQuick
import QtQuick.Layouts
import Nuanting

// One thing that can be done here; whether it can be done now stands on it. The whole card is the target.
Touch {
    id: card

    required property var modelData
    readonly property string code: modelData.code

    text: modelData.title
    padding: Theme.l
    readonly property string now: modelData.canNow
        ? (Shell.words["screen.can_now"] ?? "") + (modelData.minutes ? " · " + modelData.minutes : "") : modelData.reason

    Accessible.description: modelData.summary + " " + now
    background: Rectangle {
        radius: Theme.radius
        color: card.pressed ? Theme.pressed : Theme.card
        border.width: Theme.hair
        border.color: Theme.border
    }
    contentItem: RowLayout {
        spacing: Theme.l

        Rectangle {
            Layout.alignment: Qt.AlignVCenter
            Layout.preferredWidth: Theme.touch
            Layout.preferredHeight: Theme.touch
            radius: Theme.radius
            color: card.modelData.canNow ? Theme.sealGround : Theme.sunk
            Icon {
                anchors.centerIn: parent
                name: card.modelData.icon
                role: card.modelData.canNow ? "seal" : "soft"
                size: Theme.title
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s

            Say {
                Layout.fillWidth: true
                text: card.modelData.title
                font.pixelSize: Theme.lead
                font.bold: true
                Accessible.ignored: true
            }
            Say {
                Layout.fillWidth: true
                visible: text !== "" && !Theme.elder  // large type says less; the item's own page says all
                text: card.modelData.summary
                color: Theme.soft
                font.pixelSize: Theme.label
                Accessible.ignored: true
            }
            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: Theme.xs
                spacing: Theme.s

                Icon {
                    Layout.alignment: Qt.AlignTop
                    name: card.modelData.canNow ? "circle-check" : "hourglass"
                    role: card.modelData.canNow ? "jade" : "amberInk"
                    size: Math.round(Theme.label * 1.3)
                }
                Say {
                    Layout.fillWidth: true
                    text: card.now
                    color: card.modelData.canNow ? Theme.jade : Theme.amberInk
                    font.pixelSize: Theme.label
                    font.bold: true
                    Accessible.ignored: true
                }
            }
        }
        Icon {
            Layout.alignment: Qt.AlignVCenter
            name: "chevron-right"
            role: "seal"
            size: Theme.title
        }
    }
}
