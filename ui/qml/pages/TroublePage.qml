pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// What happened, what is safe, what can be done now. Nobody is blamed.
WorkPage {
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.l
        Icon {
            Layout.alignment: Qt.AlignTop
            name: "alert-triangle"
            role: "amberInk"
            size: Math.round(Theme.title * 1.5)
        }
        Question {
            Layout.fillWidth: true
            text: TroubleScreen.title
        }
    }
    Say {
        Layout.fillWidth: true
        visible: text !== ""
        text: TroubleScreen.happened
        font.pixelSize: Theme.lead
    }
    Notice {
        Layout.fillWidth: true
        mark: "good"
        size: Theme.lead
        text: TroubleScreen.safe
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
    Say {
        Layout.fillWidth: true
        visible: TroubleScreen.code !== ""
        text: (Shell.words["screen.fault_code"] ?? "") + " " + TroubleScreen.code
        color: Theme.soft
        font.pixelSize: Theme.small
    }
}
