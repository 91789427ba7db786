pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// How one case stands: whose turn it is, until when, what comes next and what is asked for.
WorkPage {
    id: page

    readonly property bool turn: CaseScreen.tone === "turn"

    question: CaseScreen.title

    Card {
        Layout.fillWidth: true
        implicitHeight: standing.implicitHeight + Theme.l * 2
        color: page.turn ? Theme.amberGround : Theme.card
        ColumnLayout {
            id: standing
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.l }
            spacing: Theme.s
            CaseMark {
                Layout.fillWidth: true
                tone: CaseScreen.tone
                text: CaseScreen.state
                size: Theme.question
                heard: true
            }
            Say {
                Layout.fillWidth: true
                visible: !Theme.elder || CaseScreen.deadline === ""  // large type says until when, not since when
                text: CaseScreen.since
                color: Theme.soft
                font.pixelSize: Theme.label
            }
            Say {
                Layout.fillWidth: true
                Layout.topMargin: Theme.s
                text: CaseScreen.onward
                font.pixelSize: Theme.lead
            }
        }
    }
    Notice {
        Layout.fillWidth: true
        mark: "wait"
        size: Theme.lead
        bold: true
        text: CaseScreen.deadline
    }
    LineList {
        Layout.fillWidth: true
        visible: lines.length > 0
        size: Theme.lead
        lines: CaseScreen.lines
    }
    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: CaseScreen.notice
    }
    ChoiceList { Layout.fillWidth: true }
    ColumnLayout {
        Layout.fillWidth: true
        Layout.topMargin: Theme.s
        spacing: Theme.xs
        Say {
            Layout.fillWidth: true
            text: CaseScreen.caption
            color: Theme.soft
            font.pixelSize: Theme.label
            Accessible.ignored: true
        }
        Say {
            Layout.fillWidth: true
            text: CaseScreen.number
            secret: "line"
            Accessible.name: CaseScreen.caption
            Accessible.description: text
            font.bold: true
            wrapMode: Text.WrapAnywhere
        }
    }
}
