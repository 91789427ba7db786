import QtQuick
import QtQuick.Layouts
import Nuanting

// One answer of a question that has a few: the whole card is the target, and it goes on at once.
Touch {
    id: card

    required property var modelData
    property bool chosen: false

    text: modelData.label
    padding: Theme.l
    Accessible.role: Accessible.RadioButton
    Accessible.checked: chosen
    background: Rectangle {
        radius: Theme.radius
        color: card.pressed ? Theme.pressed : card.chosen ? Theme.sealGround : Theme.card
        border.width: card.chosen || card.activeFocus ? Theme.stroke : Theme.hair
        border.color: card.activeFocus ? Theme.water : card.chosen ? Theme.seal : Theme.border
    }
    contentItem: RowLayout {
        spacing: Theme.l

        Icon {
            Layout.alignment: Qt.AlignVCenter
            name: card.chosen ? "circle-check" : "circle"
            role: card.chosen ? "seal" : "soft"
            size: Theme.title
        }
        Say {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            text: card.modelData.label
            font.pixelSize: Theme.question
            font.bold: true
            lineHeight: 1.2
            Accessible.ignored: true
        }
        Icon {
            Layout.alignment: Qt.AlignVCenter
            name: "chevron-right"
            role: "seal"
            size: Theme.title
        }
    }
}
