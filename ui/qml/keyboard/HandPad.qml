pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../parts"

// Where characters are written by finger: square cells side by side, so that several are written in a row. A stroke in
// another cell begins the next character and takes the last one; time plays no part, for nobody writes against a clock.
Item {
    id: pad

    required property int keyHeight
    required property bool broad
    readonly property int columns: broad ? 4 : 2
    readonly property int keyWidth: Math.max(Theme.touch, Math.floor(width * (broad ? 0.06 : 0.09)))
    readonly property real room: width - columns * (keyWidth + Theme.s)
    readonly property int count: Math.max(2, Math.min(4, Math.round(room / height)))
    property int pen: -1

    Row {
        spacing: Theme.s
        Repeater {
            model: pad.count
            delegate: HandCell {
                required property int index
                width: Math.floor((pad.room - Theme.s * (pad.count - 1)) / pad.count)
                height: pad.height
                number: index
                free: pad.pen === -1 || pad.pen === index
                onWritingChanged: pad.pen = writing ? index : -1
            }
        }
    }
    Grid {
        id: keys
        anchors.right: parent.right
        columns: pad.columns / 2
        spacing: Theme.s
        readonly property int wide: pad.keyWidth * 2 + Theme.s

        Key {
            implicitWidth: keys.wide
            implicitHeight: pad.keyHeight
            soft: true
            iconName: Keyboard.composing ? "" : "backspace"
            text: (Keyboard.composing ? Keyboard.words["undo_stroke"] : Keyboard.words["delete"]) ?? ""
            onClicked: Keyboard.backspace()
        }
        Key {
            implicitWidth: keys.wide
            implicitHeight: pad.keyHeight
            soft: true
            enabled: Keyboard.composing
            opacity: enabled ? 1 : 0.4
            text: Keyboard.words["rewrite"] ?? ""
            onClicked: Keyboard.clear()
        }
        Row {
            spacing: Theme.s
            Repeater {
                model: ["，", "·"]
                delegate: SignKey {}
            }
        }
        Row {
            spacing: Theme.s
            SignKey { modelData: "-" }
            Key {
                implicitWidth: pad.keyWidth
                implicitHeight: pad.keyHeight
                iconName: "space"
                text: Keyboard.words["space"] ?? ""
                onClicked: Keyboard.key(" ")
            }
        }
    }
    Key {
        anchors { left: keys.left; right: keys.right; bottom: parent.bottom }
        implicitHeight: pad.keyHeight * (pad.broad ? 2 : 1) + (pad.broad ? Theme.s : 0)
        main: true
        text: Keyboard.words["done"] ?? ""
        onClicked: Keyboard.done()
    }

    component SignKey: Key {
        required property string modelData
        implicitWidth: pad.keyWidth
        implicitHeight: pad.keyHeight
        text: modelData
        onClicked: Keyboard.key(modelData)
    }
}
