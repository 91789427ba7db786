pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../parts"

// Letters with the digits beside them, four rows: for glass that is wider than tall.
Row {
    id: keys

    required property int keyHeight
    readonly property real unit: (width - Theme.m + Theme.s) / 13

    spacing: Theme.m

    LetterKeys {
        width: Math.floor(keys.unit * 10 - Theme.s)
        keyHeight: keys.keyHeight
        digits: false
    }
    Grid {
        columns: 3
        spacing: Theme.s
        Repeater {
            model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "-", "0", "#"]
            delegate: Key {
                required property string modelData
                implicitWidth: Math.floor(keys.unit - Theme.s)
                implicitHeight: keys.keyHeight
                text: modelData
                onClicked: Keyboard.key(modelData)
            }
        }
    }
}
