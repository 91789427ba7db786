import QtQuick
import QtQuick.Layouts
import Nuanting

// One of a person's cases: what, how it stands, since or until when. The whole card is the target.
Touch {
    id: card

    required property var modelData

    text: modelData.title
    padding: Theme.l
    Accessible.description: [modelData.state, modelData.line, Theme.elder ? "" : modelData.ending].filter(one => one !== "").join(" ")
    background: Rectangle {
        radius: Theme.radius
        color: card.pressed ? Theme.pressed : Theme.card
        border.width: card.activeFocus ? Theme.stroke : Theme.hair
        border.color: card.activeFocus ? Theme.water : card.modelData.tone === "turn" ? Theme.amberInk : Theme.border
    }
    contentItem: RowLayout {
        spacing: Theme.l

        Rectangle {
            Layout.alignment: Qt.AlignVCenter
            Layout.preferredWidth: Theme.touch
            Layout.preferredHeight: Theme.touch
            radius: Theme.radius
            color: card.modelData.tone === "turn" ? Theme.amberGround : card.modelData.tone === "end" ? Theme.sunk : Theme.sealGround
            Icon {
                anchors.centerIn: parent
                name: card.modelData.icon
                role: card.modelData.tone === "turn" ? "amberInk" : card.modelData.tone === "end" ? "soft" : "seal"
                size: Theme.title
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.xs

            Say {
                Layout.fillWidth: true
                text: card.modelData.title
                font.pixelSize: Theme.lead
                font.bold: true
                Accessible.ignored: true
            }
            CaseMark {
                Layout.fillWidth: true
                tone: card.modelData.tone
                text: card.modelData.state
                size: Theme.body
            }
            Say {
                Layout.fillWidth: true
                visible: text !== ""
                text: card.modelData.line
                color: Theme.soft
                font.pixelSize: Theme.label
                Accessible.ignored: true
            }
            Say {
                Layout.fillWidth: true
                visible: !Theme.elder  // large type says less; the case's own page says all
                text: card.modelData.ending
                color: Theme.soft
                font.pixelSize: Theme.small
                Accessible.ignored: true
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
