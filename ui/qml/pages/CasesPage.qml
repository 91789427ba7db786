pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// A person's cases, newest first; or that there is none, and whom to ask.
WorkPage {
    question: CasesScreen.question

    GridLayout {
        Layout.fillWidth: true
        visible: CasesScreen.cases.length > 0
        columns: Theme.wide && !Theme.elder ? 2 : 1
        uniformCellWidths: true
        columnSpacing: Theme.l
        rowSpacing: Theme.l

        Repeater {
            model: CasesScreen.cases
            delegate: CaseCard {
                Layout.fillWidth: true
                Layout.fillHeight: true
                onClicked: Shell.press("case:" + modelData.number)
            }
        }
    }
    LineList {
        Layout.fillWidth: true
        visible: lines.length > 0
        size: Theme.lead
        lines: CasesScreen.lines
    }
    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: CasesScreen.notice
    }
    ChoiceList { Layout.fillWidth: true }
}
