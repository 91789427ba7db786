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
    echoMode: Shell.covered ? TextInput.Password : TextInput.Normal
    passwordMaskDelay: 0
    // Nothing is ever pasted in or copied out.
    Keys.priority: Keys.BeforeItem
    Keys.onPressed: event => {
        event.accepted = [StandardKey.Paste, StandardKey.Copy, StandardKey.Cut].some(one => event.matches(one))
    }
    inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoPredictiveText
    verticalAlignment: TextInput.AlignVCenter
    cursorDelegate: Rectangle {
        id: caret
        width: Theme.stroke
        color: Theme.seal
        visible: input.cursorVisible
    }
}
