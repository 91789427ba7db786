pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// One field of a form: its label, where its value came from, the value, and what is wrong with it.
ColumnLayout {
    id: box

    required property int index
    required property string field
    required property string label
    required property string kind
    required property string value
    required property string keyboard
    required property string hint
    required property string source
    required property string error
    required property bool required
    required property bool sensitive
    required property string masked
    required property int longest
    required property var options
    property int epoch: 0
    property bool alone: false  // the page's question is this field's
    readonly property bool typing: input.activeFocus
    readonly property bool fixed: kind === "read_only"
    readonly property bool choosing: kind === "choice"
    readonly property bool shut: !typing && input.text !== "" && (Shell.covered || masked !== "")

    signal entered(string text)

    function takeOver() {
        if (input.text !== box.value)
            input.text = box.value
    }

    // Type on where the field was left.
    function resume() {
        if (box.fixed || box.choosing)
            return
        input.cursorPosition = input.length
        input.forceActiveFocus()
    }

    spacing: Theme.s
    onEpochChanged: takeOver()
    Component.onCompleted: takeOver()

    GridLayout {
        id: above
        // Where the page is enlarged while typing, the label's line has no room for both.
        readonly property bool narrow: Shell.magnify && from.text !== ""
                                       && name.implicitWidth + mark.width + from.implicitWidth + columnSpacing * 2 > box.width
        Layout.fillWidth: true
        visible: !box.alone || from.visible
        columns: narrow ? 2 : 3
        columnSpacing: Theme.m
        rowSpacing: Theme.xs

        Say {
            id: name
            Layout.fillWidth: true
            Layout.columnSpan: above.narrow ? 2 : 1
            opacity: box.alone ? 0 : 1
            text: box.label + (box.required || box.fixed ? "" : "  " + (Shell.words["screen.optional"] ?? ""))
            font.pixelSize: Theme.body
            font.bold: true
            Accessible.ignored: true  // the field itself is called so
        }
        Icon {
            id: mark
            visible: from.visible
            name: "id"
            role: "water"
            size: Theme.label
        }
        Say {
            id: from
            Layout.fillWidth: above.narrow
            visible: box.source !== "" && !(above.narrow && box.typing)  // the field comes first
            text: box.source
            color: Theme.water
            font.pixelSize: Theme.small
            Accessible.ignored: true
        }
    }
    Rectangle {
        id: frame
        Layout.fillWidth: true
        visible: !box.choosing
        implicitHeight: Math.max(Theme.bar - Theme.m, input.contentHeight + Theme.m * 2)
        radius: Theme.radius
        color: box.fixed ? Theme.sunk : Theme.card
        border.width: box.typing || box.error !== "" ? Theme.stroke : box.fixed ? 0 : Theme.hair
        border.color: box.error !== "" ? Theme.faultInk : box.typing ? Theme.seal : Theme.border

        FieldInput {
            id: input
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.m }
            height: Math.max(contentHeight, Theme.lead)
            keyboard: box.keyboard
            readOnly: box.fixed
            activeFocusOnPress: !box.fixed
            maximumLength: Math.max(1, box.longest)
            opacity: box.shut ? 0 : 1
            Accessible.role: Accessible.EditableText
            Accessible.name: box.label
            Accessible.description: [box.error, box.source !== "" ? box.source : box.hint,
                                     box.required || box.fixed ? "" : Shell.words["screen.optional"] ?? ""].filter(one => one !== "").join(" ")
            Accessible.readOnly: box.fixed
            onTextChanged: if (text !== box.value) box.entered(text)
        }
        Say {
            anchors { left: input.left; right: input.right; verticalCenter: parent.verticalCenter }
            visible: input.text === "" && !box.fixed
            text: box.hint
            color: Theme.soft
            font.pixelSize: Theme.body
            maximumLineCount: 1
            elide: Text.ElideRight
            Accessible.ignored: true
        }
        // What nobody passing by should read stands masked until it is typed in.
        Say {
            anchors { left: input.left; right: input.right; verticalCenter: parent.verticalCenter }
            visible: box.shut && !Shell.covered
            text: box.masked
            font.pixelSize: input.font.pixelSize
            Accessible.ignored: true
        }
        Cover {
            anchors { fill: parent; margins: Theme.hair }
            visible: Shell.covered && !box.typing
        }
        MouseArea {
            anchors.fill: parent
            enabled: !box.fixed && !box.typing
            onClicked: {
                Keyboard.settle()  // what waits belongs to the field before
                box.resume()
            }
        }
    }
    Say {
        Layout.fillWidth: true
        visible: Shell.elder && text !== "" && input.text !== "" && !box.fixed && !box.choosing && box.error === ""
        text: box.hint
        color: Theme.soft
        font.pixelSize: Theme.label
        Accessible.ignored: true  // the field tells it
    }
    Flow {
        Layout.fillWidth: true
        visible: box.choosing
        Accessible.role: Accessible.Grouping
        Accessible.name: box.label
        spacing: Theme.m

        Repeater {
            model: box.choosing ? box.options : []
            delegate: Touch {
                id: option
                required property var modelData
                readonly property bool chosen: box.value === modelData.name && !Shell.covered
                text: modelData.text
                leftPadding: Theme.l
                rightPadding: Theme.l
                width: Shell.elder ? box.width : Math.min(implicitWidth, box.width)
                implicitHeight: Math.max(Theme.bar - Theme.m, implicitContentHeight + Theme.s * 2)
                Accessible.role: Accessible.RadioButton
                Accessible.checked: chosen
                Accessible.description: box.error
                onClicked: box.entered(modelData.name)
                background: Rectangle {
                    radius: Theme.radius
                    color: option.pressed ? Theme.pressed : option.chosen ? Theme.sealGround : Theme.card
                    border.width: option.chosen ? Theme.stroke : Theme.hair
                    border.color: option.chosen ? Theme.seal : Theme.border
                }
                contentItem: Item {
                    implicitWidth: dot.width + choice.spacing + said.implicitWidth
                    implicitHeight: choice.implicitHeight
                    Row {
                        id: choice
                        anchors.centerIn: parent
                        spacing: Theme.s
                        Icon {
                            id: dot
                            anchors.verticalCenter: parent.verticalCenter
                            name: option.chosen ? "circle-check" : "circle"
                            role: option.chosen ? "seal" : "soft"
                            size: Theme.body
                        }
                        Say {
                            id: said
                            anchors.verticalCenter: parent.verticalCenter
                            width: Math.min(implicitWidth, option.availableWidth - dot.width - choice.spacing)
                            text: option.text
                            font.bold: option.chosen
                            Accessible.ignored: true
                        }
                    }
                }
            }
        }
    }
    RowLayout {
        Layout.fillWidth: true
        visible: box.error !== ""
        spacing: Theme.s
        Icon {
            Layout.alignment: Qt.AlignTop
            name: "alert-triangle"
            role: "faultInk"
            size: Theme.body
        }
        Say {
            Layout.fillWidth: true
            text: box.error
            Accessible.ignored: true  // the field says it
            color: Theme.faultInk
            font.pixelSize: Theme.label
        }
    }
}
