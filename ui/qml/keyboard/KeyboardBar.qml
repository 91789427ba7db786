pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../parts"

// Above the keys: while letters or ink wait, what they may mean; else the other panels and the words that stand ready.
// Those have a row of their own, but on `broad` glass all is one row. Not `roomy`: no words stand ready.
Item {
    id: bar

    required property int keyHeight
    required property bool broad
    required property bool roomy
    readonly property int line: broad ? 0 : Math.round(Theme.label * 1.4)
    readonly property int button: Theme.touch
    readonly property bool suggesting: Keyboard.suggesting && roomy
    readonly property bool two: suggesting && !broad
    readonly property bool offering: Keyboard.composing || suggesting
    readonly property bool spelling: Keyboard.composing && Keyboard.panel !== "hand"
    readonly property real edge: !broad ? 0 : spelling ? waiting.width + Theme.s : panels.width + Theme.s
    readonly property real room: Math.floor(width - edge - (button + Theme.s) * 3)

    implicitHeight: line + keyHeight + (two ? keyHeight + Theme.s : 0)

    // What is composed.
    Row {
        id: waiting
        x: Theme.s
        width: bar.broad ? Math.floor(bar.width / 5) : bar.width - Theme.s
        height: bar.broad ? bar.keyHeight : bar.line
        visible: bar.spelling
        spacing: Theme.s
        Say {
            id: chosen
            anchors.verticalCenter: parent.verticalCenter
            visible: text !== ""
            text: Keyboard.chosen
            font.pixelSize: Theme.label
            font.bold: true
            wrapMode: Text.NoWrap
        }
        Say {
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - (chosen.visible ? chosen.width + Theme.s : 0)
            text: Keyboard.letters
            color: Theme.soft
            font.pixelSize: Theme.label
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: Theme.hair
            wrapMode: Text.NoWrap
        }
    }
    Item {
        id: strip
        x: bar.edge
        y: bar.line
        width: bar.room
        height: bar.keyHeight
        visible: bar.offering && !Keyboard.expanded

        Cells {
            anchors.fill: parent
            active: strip.visible
            rows: 1
            keyHeight: bar.keyHeight
        }
    }
    Say {
        anchors { left: strip.left; right: strip.right; leftMargin: Theme.s; rightMargin: Theme.s }
        y: bar.line
        height: bar.keyHeight
        verticalAlignment: Text.AlignVCenter
        visible: Keyboard.composing && !Keyboard.found && !Keyboard.searching
        text: Keyboard.words[Keyboard.panel === "hand" ? "not_read" : "no_candidates"] ?? ""
        color: Theme.soft
        font.pixelSize: Theme.label
    }
    PanelKey {
        x: bar.edge
        y: bar.line
        visible: Keyboard.expanded && Keyboard.composing && Keyboard.panel === "pinyin"
        implicitWidth: Math.max(bar.button * 2, implicitContentWidth + leftPadding + rightPadding)
        implicitHeight: bar.keyHeight
        text: Keyboard.words["rare"] ?? ""
        on: Keyboard.rare
        onClicked: Keyboard.showRare()
    }
    Row {
        id: buttons
        anchors.right: parent.right
        y: bar.line
        visible: bar.offering
        spacing: Theme.s

        PanelKey {
            enabled: Keyboard.before
            implicitWidth: bar.button
            implicitHeight: bar.keyHeight
            iconName: "chevron-left"
            text: Shell.words["screen.page_before"] ?? ""
            onClicked: Keyboard.pageBefore()
        }
        PanelKey {
            enabled: Keyboard.after
            implicitWidth: bar.button
            implicitHeight: bar.keyHeight
            iconName: "chevron-right"
            text: Shell.words["screen.page_after"] ?? ""
            onClicked: Keyboard.pageAfter()
        }
        PanelKey {
            enabled: Keyboard.found || Keyboard.expanded || (!Keyboard.composing && bar.suggesting)
            implicitWidth: bar.button
            implicitHeight: bar.keyHeight
            iconName: Keyboard.expanded ? "chevron-down" : "chevron-up"
            text: Keyboard.words["more"] ?? ""
            on: Keyboard.expanded
            onClicked: Keyboard.expand()
        }
    }

    // The other panels.
    Row {
        id: panels
        anchors.bottom: parent.bottom
        visible: !Keyboard.composing || bar.two || (bar.broad && !bar.spelling)
        spacing: Theme.s
        Repeater {
            model: Keyboard.panels
            delegate: PanelKey {
                required property string modelData
                implicitWidth: Math.max(bar.button * 1.4, implicitContentWidth + leftPadding + rightPadding)
                implicitHeight: bar.keyHeight
                text: Keyboard.words[modelData] ?? ""
                on: Keyboard.panel === modelData
                onClicked: Keyboard.switchPanel(modelData)
            }
        }
    }
    PanelKey {
        anchors { right: parent.right; bottom: parent.bottom }
        visible: panels.visible && !(bar.broad && bar.offering)
        implicitWidth: Math.max(bar.button * 1.2, implicitContentWidth + leftPadding + rightPadding)
        implicitHeight: bar.keyHeight
        text: Keyboard.words["clear"] ?? ""
        onClicked: Keyboard.clear()
    }
}
