import QtQuick
import QtQuick.Layouts
import Nuanting

// The pickup code, typed digit by digit.
ColumnLayout {
    id: pickup

    readonly property bool active: input.activeFocus
    readonly property alias place: frame

    spacing: Theme.m

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.l
        Rectangle {
            Layout.preferredWidth: Theme.touch
            Layout.preferredHeight: Theme.touch
            radius: Theme.radius
            color: Theme.sealGround
            Icon {
                anchors.centerIn: parent
                name: "key"
                role: "seal"
                size: Theme.title
            }
        }
        Say {
            Layout.fillWidth: true
            text: Shell.words["screen.way_pickup_code"] ?? ""
            font.pixelSize: Theme.lead
        }
    }
    Rectangle {
        id: frame
        Layout.fillWidth: true
        implicitHeight: Theme.bar
        radius: Theme.radius
        color: Theme.card
        border.width: pickup.active ? Theme.stroke : Theme.hair
        border.color: pickup.active ? Theme.seal : Theme.border

        FieldInput {
            id: input
            anchors { fill: parent; leftMargin: Theme.l; rightMargin: Theme.l }
            keyboard: "digits"
            maximumLength: 12
            font.pixelSize: Theme.question
            font.letterSpacing: Theme.s
            inputMethodHints: Qt.ImhDigitsOnly | Qt.ImhSensitiveData
            Accessible.role: Accessible.EditableText
            Accessible.name: Shell.words["screen.way_pickup_code"] ?? ""
            Accessible.description: Shell.words["screen.pickup_hint"] ?? ""
            onTextChanged: IdentifyScreen.typeCode(text)
            Component.onCompleted: text = IdentifyScreen.typed
        }
        Say {
            anchors { left: input.left; right: input.right; verticalCenter: parent.verticalCenter }
            visible: input.text === ""
            text: Shell.words["screen.pickup_hint"] ?? ""
            color: Theme.soft
            Accessible.ignored: true
        }
        MouseArea {
            anchors.fill: parent
            enabled: !pickup.active
            onClicked: input.forceActiveFocus()
        }
    }
    Connections {
        target: IdentifyScreen
        function onTypedChanged() {
            if (input.text !== IdentifyScreen.typed)
                input.text = IdentifyScreen.typed
        }
    }
}
