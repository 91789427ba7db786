pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// The keyboard. It is told the field's `kind`, the page's `language` and, as `owner`, the field itself, so that nothing
// composed for one field goes into the next; it asks with its signals and touches no field. Its height never changes
// while a field is typed in.
Rectangle {
    id: panel

    property string kind: "english"
    property string language: "zh"
    property var owner: null

    signal typed(string text)
    signal erased()
    signal cleared()
    signal finished()

    readonly property int keyHeight: Theme.touch + Theme.xs
    readonly property int row: keyHeight + Theme.s
    readonly property string title: Keyboard.words["title"] ?? ""
    readonly property bool pad: Keyboard.panel === "digits"
    // The digits of a field that takes nothing else need no bar of their own.
    readonly property bool bare: Keyboard.panels.length < 2

    implicitHeight: Theme.s * 2 + row * (bare ? 4 : 5) - Theme.s + (bare ? 0 : bar.implicitHeight + Theme.s)
    color: Theme.sunk
    Accessible.role: Accessible.Pane
    Accessible.name: title

    function begin() {
        Keyboard.open(panel.kind, panel.language)
    }

    function measure() {
        if (panel.width > 0)
            Keyboard.measure(bar.room, place.width, Theme.lead, Theme.m, Theme.touch, Theme.s)
    }

    Component.onCompleted: { begin(); measure() }
    onWidthChanged: measure()
    Component.onDestruction: Keyboard.reset()
    onKindChanged: begin()
    onLanguageChanged: begin()
    onOwnerChanged: begin()

    Connections {
        target: Theme
        function onTypeChanged() { panel.measure() }
    }
    Connections {
        target: Keyboard
        function onCommitted(text: string) { panel.typed(text) }
        function onErased() { panel.erased() }
        function onCleared() { panel.cleared() }
        function onDoneRequested() { panel.finished() }
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: Theme.hair
        color: Theme.line
    }
    KeyboardBar {
        id: bar
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: Theme.s }
        visible: !panel.bare
        keyHeight: panel.keyHeight
    }
    Item {
        id: place
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: Theme.s }
        height: panel.row * (panel.bare ? 4 : 5) - Theme.s

        Loader {
            anchors.fill: parent
            sourceComponent: Keyboard.expanded ? grid : panel.pad ? digits : letters
        }
    }
    Component {
        id: letters
        LetterKeys { keyHeight: panel.keyHeight }
    }
    Component {
        id: digits
        DigitKeys { keyHeight: panel.bare ? panel.keyHeight : Math.floor((place.height - Theme.s * 3) / 4) }
    }
    Component {
        id: grid
        CandidateGrid { keyHeight: panel.keyHeight }
    }
}
