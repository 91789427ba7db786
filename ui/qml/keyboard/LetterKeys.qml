pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../parts"

// Digits (where they have no place of their own) and letters, for pinyin and for English. Signs that do something instead of typing: ^ capitals, < delete,
// ! done.
Column {
    id: keys

    required property int keyHeight
    property bool digits: true
    readonly property bool pinyin: Keyboard.panel === "pinyin"
    readonly property real unit: (width + Theme.s) / 10
    readonly property var last: pinyin ? ["-", "#", " ", "，", "!"] : ["-", "@", " ", ".", "!"]
    readonly property var rows: [
        ...(digits ? [["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]] : []),
        ["q", "w", "e", "r", "t", "y", "u", "i", "o", "p"], ["a", "s", "d", "f", "g", "h", "j", "k", "l"],
        [pinyin ? "'" : "^", "z", "x", "c", "v", "b", "n", "m", "<"],
        digits ? last : last.filter(sign => sign !== "-" && sign !== "#")]

    spacing: Theme.s

    function press(sign: string) {
        if (sign === "<")
            Keyboard.backspace()
        else if (sign === "!")
            Keyboard.done()
        else if (sign === "^")
            Keyboard.shift()
        else
            Keyboard.key(sign)
    }
    function nameOf(sign: string): string {
        return sign === "!" ? Keyboard.words["done"] ?? "" : sign === "<" ? Keyboard.words["delete"] ?? ""
             : sign === "^" ? Keyboard.words["shift"] ?? "" : sign === " " ? Keyboard.words["space"] ?? ""
             : Keyboard.capital ? sign.toUpperCase() : sign
    }
    function widthOf(sign: string): int {
        const share = sign === " " ? (keys.digits ? 4 : 5) : sign === "!" ? 3 : sign === "<" || sign === "^" || sign === "'" ? 1.5 : 1
        return Math.floor(keys.unit * share - Theme.s)
    }

    Repeater {
        model: keys.rows
        delegate: Row {
            id: line
            required property var modelData
            anchors.horizontalCenter: parent?.horizontalCenter
            spacing: Theme.s

            Repeater {
                model: line.modelData
                delegate: Key {
                    required property string modelData
                    implicitWidth: keys.widthOf(modelData)
                    implicitHeight: keys.keyHeight
                    autoRepeat: modelData === "<"
                    main: modelData === "!"
                    soft: modelData === "<" || modelData === "'" || (modelData === "^" && !Keyboard.capital)
                    iconName: modelData === "<" ? "backspace" : modelData === "^" ? "arrow-big-up"
                            : modelData === " " ? "space" : ""
                    text: keys.nameOf(modelData)
                    onClicked: keys.press(modelData)
                }
            }
        }
    }
}
