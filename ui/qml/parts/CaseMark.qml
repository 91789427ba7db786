import QtQuick
import QtQuick.Layouts
import Nuanting

// How a case stands, in a word with a mark: the citizen's turn, the office's, well ended, ended. Never colour alone.
RowLayout {
    id: mark

    property string tone: "wait"
    property string text
    property int size: Theme.label
    property bool heard: false  // by itself; on a card the card tells it

    function iconOf(tone: string): string {
        return tone === "turn" ? "hand-finger" : tone === "good" ? "circle-check" : tone === "end" ? "circle-x" : "hourglass"
    }
    function roleOf(tone: string): string {
        return tone === "turn" ? "amberInk" : tone === "good" ? "jade" : tone === "end" ? "soft" : "water"
    }

    spacing: Theme.s

    Icon {
        Layout.alignment: Qt.AlignTop
        Layout.topMargin: Math.round((word.contentHeight / Math.max(1, word.lineCount) - height) / 2)  // beside its first line
        name: mark.iconOf(mark.tone)
        role: mark.roleOf(mark.tone)
        size: Math.round(mark.size * Theme.leading)
    }
    Say {
        id: word
        Layout.fillWidth: true
        lineHeight: 1
        text: mark.text
        color: mark.tone === "turn" ? Theme.amberInk : mark.tone === "good" ? Theme.jade : mark.tone === "end" ? Theme.soft : Theme.water
        font.pixelSize: mark.size
        font.bold: true
        Accessible.ignored: !mark.heard
    }
}
