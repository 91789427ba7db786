pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// One pattern for everything that goes wrong: what happened, whose doing it is not, what is safe, what can be done now,
// whom to call.
WorkPage {
    RowLayout {
        Layout.fillWidth: true
        Layout.topMargin: Theme.m
        spacing: Theme.l
        Rectangle {
            Layout.alignment: Qt.AlignTop
            Layout.preferredWidth: Math.round(Theme.title * 2)
            Layout.preferredHeight: Layout.preferredWidth
            radius: width / 2
            color: Theme.amberGround
            Icon {
                anchors.centerIn: parent
                name: "alert-triangle"
                role: "amberInk"
                size: Math.round(Theme.title * 1.2)
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: Theme.s
            Question {
                Layout.fillWidth: true
                text: TroubleScreen.title
            }
            Say {
                Layout.fillWidth: true
                visible: text !== ""
                text: TroubleScreen.happened
                color: Theme.soft
                font.pixelSize: Theme.body
            }
        }
    }
    Notice {
        Layout.fillWidth: true
        mark: "good"
        size: Theme.lead
        text: TroubleScreen.safe
    }
    Say {
        Layout.fillWidth: true
        Layout.topMargin: Theme.s
        visible: TroubleScreen.advice.length > 0
        text: Shell.words["screen.trouble_now"] ?? ""
        font.pixelSize: Theme.lead
        font.bold: true
    }
    Repeater {
        model: TroubleScreen.advice
        delegate: RowLayout {
            id: advice
            required property string modelData
            Layout.fillWidth: true
            spacing: Theme.m
            Icon {
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: Theme.xs
                name: "arrow-right"
                role: "seal"
                size: Theme.lead
            }
            Say {
                Layout.fillWidth: true
                text: advice.modelData
                font.pixelSize: Theme.lead
            }
        }
    }
    ChoiceList {
        Layout.fillWidth: true
        Layout.topMargin: Theme.m
    }
    RowLayout {
        Layout.fillWidth: true
        visible: TroubleScreen.call !== "" || TroubleScreen.code !== ""
        spacing: Theme.m
        Icon {
            Layout.alignment: Qt.AlignTop
            visible: TroubleScreen.call !== ""
            name: "phone"
            role: "water"
            size: Theme.lead
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.xs
            Say {
                Layout.fillWidth: true
                visible: text !== ""
                text: TroubleScreen.call
                font.pixelSize: Theme.body
            }
            Say {
                Layout.fillWidth: true
                visible: TroubleScreen.code !== ""
                text: (Shell.words["screen.fault_code"] ?? "") + " " + TroubleScreen.code
                color: Theme.soft
                font.pixelSize: Theme.small
            }
        }
    }
}
