pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// Further ways on a page. One that cannot be pressed shows its reason in its place.
ColumnLayout {
    id: list

    property var choices: Shell.choices

    visible: choices.length > 0
    spacing: Theme.l

    Repeater {
        model: list.choices
        delegate: Item {
            id: way
            required property var modelData
            Layout.fillWidth: true
            implicitHeight: Math.max(Theme.bar, button.visible ? button.implicitHeight : reason.implicitHeight)

            BigButton {
                id: button
                anchors.fill: parent
                visible: way.modelData.enabled
                text: way.modelData.label
                iconName: way.modelData.icon
                onClicked: Shell.press(way.modelData.ask)
            }
            Notice {
                id: reason
                anchors.fill: parent
                visible: !way.modelData.enabled
                mark: "wait"
                text: way.modelData.label + (way.modelData.reason ? "\n" + way.modelData.reason : "")
            }
        }
    }
}
