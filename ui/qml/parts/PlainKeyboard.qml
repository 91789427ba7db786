pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// Digits and letters, for when no other panel is there. A panel is told `kind`, `language` and `elder`; it asks with
// its signals and touches no field itself.
Rectangle {
    id: panel

    property string kind: "english"
    property string language: "zh"
    property bool elder: false
    property bool capital: false
    property bool letters: kind === "english" || kind === "pinyin" || kind === "address"

    signal typed(string text)
    signal erased()
    signal finished()

    readonly property var rows: letters
        ? [["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"], ["q", "w", "e", "r", "t", "y", "u", "i", "o", "p"],
           ["a", "s", "d", "f", "g", "h", "j", "k", "l"], ["^", "z", "x", "c", "v", "b", "n", "m", "<"],
           ["-", " ", ".", "!"]]
        : [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], [kind === "id" ? "X" : kind === "date" ? "-" : "", "0", "<"],
           ["!"]]
    readonly property real unit: letters ? (width - Theme.m * 2) / rows[1].length : width * 0.7 / rows[0].length
    readonly property int keyHeight: Theme.touch + Theme.xs

    implicitHeight: (keyHeight + Theme.s) * rows.length + Theme.m * 2
    color: Theme.sunk

    function press(key: string) {
        if (key === "<")
            panel.erased()
        else if (key === "!")
            panel.finished()
        else if (key === "^")
            panel.capital = !panel.capital
        else if (key !== "")
            panel.typed(panel.capital ? key.toUpperCase() : key)
    }
    function widthOf(key: string): int {
        const share = key === " " ? 5 : key === "!" ? 3 : panel.letters && (key === "^" || key === "<") ? 1.5 : 1
        return Math.floor(panel.unit * share - Theme.s)
    }

    Column {
        anchors.centerIn: parent
        spacing: Theme.s

        Repeater {
            model: panel.rows
            delegate: Row {
                id: line
                required property var modelData
                anchors.horizontalCenter: parent?.horizontalCenter
                spacing: Theme.s

                Repeater {
                    model: line.modelData
                    delegate: Key {
                        required property string modelData
                        enabled: modelData !== ""
                        opacity: enabled ? 1 : 0
                        Accessible.ignored: !enabled
                        implicitWidth: panel.widthOf(modelData)
                        implicitHeight: panel.keyHeight
                        main: modelData === "!"
                        soft: modelData === "<" || modelData === "^"
                        iconName: modelData === "<" ? "backspace" : modelData === "^" ? "arrow-big-up"
                                : modelData === " " ? "space" : ""
                        text: modelData === "!" ? Shell.words["screen.key_done"] ?? ""
                            : modelData === "<" ? Shell.words["screen.key_erase"] ?? ""
                            : modelData === "^" ? Shell.words["screen.key_capital"] ?? ""
                            : modelData === " " ? Shell.words["screen.key_space"] ?? ""
                            : panel.capital ? modelData.toUpperCase() : modelData
                        onClicked: panel.press(modelData)
                    }
                }
            }
        }
    }
}
