pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../parts"

// Digits, and one more key where the field needs it.
Item {
    id: keys

    required property int keyHeight
    readonly property int keyWidth: Math.floor((width * 0.9 - Theme.s * 3) / 4)

    Row {
        anchors.horizontalCenter: parent.horizontalCenter
        spacing: Theme.s

        Grid {
            columns: 3
            spacing: Theme.s
            Repeater {
                model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", Keyboard.panels.length > 1 ? "-" : "", "0",
                        Keyboard.extra]
                delegate: Key {
                    required property string modelData
                    enabled: modelData !== ""
                    opacity: enabled ? 1 : 0
                    Accessible.ignored: !enabled
                    implicitWidth: keys.keyWidth
                    implicitHeight: keys.keyHeight
                    text: modelData
                    onClicked: Keyboard.key(modelData)
                }
            }
        }
        Column {
            spacing: Theme.s
            Key {
                implicitWidth: keys.keyWidth
                implicitHeight: keys.keyHeight
                autoRepeat: true
                soft: true
                iconName: "backspace"
                text: Keyboard.words["delete"] ?? ""
                onClicked: Keyboard.backspace()
            }
            Key {
                implicitWidth: keys.keyWidth
                implicitHeight: keys.keyHeight
                soft: true
                text: Keyboard.words["clear"] ?? ""
                onClicked: Keyboard.clear()
            }
            Key {
                implicitWidth: keys.keyWidth
                implicitHeight: keys.keyHeight * 2 + Theme.s
                main: true
                text: Keyboard.words["done"] ?? ""
                onClicked: Keyboard.done()
            }
        }
    }
}
