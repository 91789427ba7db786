pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// The keyboard. It is told the field's `kind`, the page's `language` and, as `owner`, the field itself, so that nothing
// composed for one field goes into the next; it asks with its signals and touches no field. Its height never changes
// while a field is typed in. On wide glass it is low: digits beside the letters, one row above them. `most` is the
// height it may take, 0 for any: where it is short, the words that stand ready give way.
Rectangle {
    id: panel

    property string kind: "english"
    property string language: "zh"
    property var owner: null
    property real most: 0

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
    readonly property bool broad: width >= 14 * (Theme.touch + Theme.s)
    readonly property int rows: bare || broad ? 4 : 5
    readonly property real least: Theme.s * 2 + row * rows - Theme.s
    readonly property bool roomy: most <= 0 || least + Math.round(Theme.label * 1.4) + row * 2 + Theme.s <= most

    implicitHeight: least + (bare ? 0 : bar.implicitHeight + Theme.s)
    color: Theme.sunk
    Accessible.role: Accessible.Pane
    Accessible.name: title

    function begin() {
        Keyboard.open(panel.kind, panel.language)
        stand()
    }

    function stand() {
        if (Keyboard.suggesting && panel.owner)
            Keyboard.stand(panel.owner.text.slice(0, panel.owner.cursorPosition))
    }

    function measure() {
        if (panel.width > 0) {
            Keyboard.measure(bar.room, place.width, Theme.lead, Theme.m, Theme.touch, Theme.s)
            Keyboard.setRows(panel.rows)
        }
    }

    Component.onCompleted: { begin(); measure() }
    onWidthChanged: measure()
    onRowsChanged: measure()
    Component.onDestruction: Keyboard.reset()
    onKindChanged: begin()
    onLanguageChanged: Keyboard.speak(language)
    onOwnerChanged: begin()

    Connections {
        target: panel.owner
        ignoreUnknownSignals: true
        function onTextChanged() { panel.stand() }
        function onCursorPositionChanged() { panel.stand() }
    }
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
        broad: panel.broad
        roomy: panel.roomy
        onRoomChanged: panel.measure()
    }
    Item {
        id: place
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: Theme.s }
        height: panel.row * panel.rows - Theme.s

        Loader {
            anchors.fill: parent
            sourceComponent: Keyboard.expanded ? grid : Keyboard.panel === "hand" ? hand : panel.pad ? digits
                           : panel.broad ? broadLetters : letters
        }
    }
    Component {
        id: letters
        LetterKeys { keyHeight: panel.keyHeight }
    }
    Component {
        id: broadLetters
        BroadKeys { keyHeight: panel.keyHeight }
    }
    Component {
        id: hand
        HandPad {
            keyHeight: panel.keyHeight
            broad: panel.broad
        }
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
