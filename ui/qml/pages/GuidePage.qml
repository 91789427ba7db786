pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// One question of an item's guide, a card for each answer; or why it ends here and what to bring to a counter.
WorkPage {
    id: page

    readonly property bool ended: GuideScreen.lines.length > 0

    Say {
        Layout.fillWidth: true
        text: GuideScreen.item
        color: Theme.soft
        font.pixelSize: Theme.lead
    }
    Say {
        Layout.fillWidth: true
        visible: text !== ""
        text: GuideScreen.step
        color: Theme.water
        font.bold: true
    }
    Question {
        Layout.fillWidth: true
        text: GuideScreen.question
    }
    Notice {
        Layout.fillWidth: true
        mark: "info"
        text: GuideScreen.hint
    }
    Notice {
        Layout.fillWidth: true
        mark: "info"
        size: Theme.lead
        text: GuideScreen.why
    }
    Repeater {
        model: page.ended ? [] : Shell.choices
        delegate: AnswerCard {
            Layout.fillWidth: true
            Layout.minimumHeight: Theme.bar + Theme.l * 2
            chosen: GuideScreen.chosen === modelData.ask
            onClicked: Shell.press(modelData.ask)
        }
    }
    LineList {
        Layout.fillWidth: true
        visible: page.ended
        size: Theme.lead
        lines: GuideScreen.lines
    }
    Connections {
        target: GuideScreen
        function onChanged() { page.flickable.contentY = 0 }
    }
}
