pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// The text that is being typed. Having the focus raises the keyboard that `keyboard` names.
TextInput {
    id: input

    property string keyboard: "english"

    signal finished()

    onFinished: focus = false
    color: Theme.ink
    font.pixelSize: Theme.lead
    wrapMode: TextInput.Wrap
    selectByMouse: false
    inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText
    verticalAlignment: TextInput.AlignVCenter
    cursorDelegate: Rectangle {
        id: caret
        width: Theme.stroke
        color: Theme.seal
        visible: input.cursorVisible
    }
}
