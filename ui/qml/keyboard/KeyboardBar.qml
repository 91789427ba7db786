pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../parts"

// Above the keys: while letters wait, what they may mean; else the other panels and the words that stand ready.
Item {
    id: bar

    required property int keyHeight
    readonly property int line: Math.round(Theme.label * 1.4)
    readonly property int button: Theme.touch
    readonly property real room: width - (button + Theme.s) * 3

    implicitHeight: line + keyHeight

    // What is composed.
    Row {
        anchors { left: parent.left; right: parent.right; leftMargin: Theme.s }
        height: bar.line
        visible: Keyboard.composing
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
        anchors { left: parent.left; bottom: parent.bottom }
        width: bar.room
        height: bar.keyHeight
        visible: Keyboard.composing && !Keyboard.expanded

        Cells {
            anchors.fill: parent
            active: strip.visible
            rows: 1
            keyHeight: bar.keyHeight
        }
    }
    Say {
        anchors { left: parent.left; right: buttons.left; bottom: parent.bottom; leftMargin: Theme.s; rightMargin: Theme.s }
        height: bar.keyHeight
        verticalAlignment: Text.AlignVCenter
        visible: Keyboard.composing && !Keyboard.found
        text: Keyboard.words["no_candidates"] ?? ""
        color: Theme.soft
        font.pixelSize: Theme.label
    }
    Row {
        anchors { left: parent.left; bottom: parent.bottom }
        visible: Keyboard.expanded
        PanelKey {
            implicitWidth: Math.max(bar.button * 2, implicitContentWidth + leftPadding + rightPadding)
            implicitHeight: bar.keyHeight
            text: Keyboard.words["rare"] ?? ""
            on: Keyboard.rare
            onClicked: Keyboard.showRare()
        }
    }
    Row {
        id: buttons
        anchors { right: parent.right; bottom: parent.bottom }
        visible: Keyboard.composing
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
            enabled: Keyboard.found || Keyboard.expanded
            implicitWidth: bar.button
            implicitHeight: bar.keyHeight
            iconName: Keyboard.expanded ? "chevron-down" : "chevron-up"
            text: Keyboard.words["more"] ?? ""
            on: Keyboard.expanded
            onClicked: Keyboard.expand()
        }
    }

    // Nothing is composed.
    Row {
        anchors { left: parent.left; verticalCenter: parent.verticalCenter }
        visible: !Keyboard.composing
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
    Row {
        anchors { right: parent.right; verticalCenter: parent.verticalCenter }
        visible: !Keyboard.composing
        spacing: Theme.s
        Repeater {
            model: Keyboard.quick
            delegate: Key {
                required property string modelData
                implicitWidth: bar.button
                implicitHeight: bar.keyHeight
                text: modelData
                onClicked: Keyboard.key(modelData)
            }
        }
        PanelKey {
            implicitWidth: Math.max(bar.button * 1.2, implicitContentWidth + leftPadding + rightPadding)
            implicitHeight: bar.keyHeight
            text: Keyboard.words["clear"] ?? ""
            onClicked: Keyboard.clear()
        }
    }
}
