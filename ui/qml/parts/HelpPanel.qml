pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// Help, from every page: ways to see and to reach, and whom to call. It stands over the page, which waits unchanged.
Item {
    id: help

    property bool opened: false
    readonly property var ways: [
        { "mode": "elder", "icon": "text-size", "on": Shell.elder },
        { "mode": "contrast", "icon": "contrast-2", "on": Shell.contrast },
        { "mode": "low", "icon": "wheelchair", "on": Shell.low },
        { "mode": "magnify", "icon": "zoom-in", "on": Shell.magnify }
    ].filter(way => way.mode !== "low" || Theme.reach < Theme.height)

    visible: opened

    Rectangle {
        anchors.fill: parent
        color: Theme.letterbox
        opacity: 0.62
    }
    MouseArea {
        anchors.fill: parent
        onClicked: help.opened = false
    }
    Card {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: Theme.wide ? Theme.xl : Theme.l }
        height: Math.min(parent.height - Theme.l * 2, flick.contentHeight + close.height + Theme.l * 3)
        Accessible.role: Accessible.Dialog
        Accessible.name: title.text

        MouseArea { anchors.fill: parent }
        Flickable {
            id: flick
            anchors { left: parent.left; right: parent.right; top: parent.top; bottom: close.top; margins: Theme.l }
            contentWidth: width
            contentHeight: column.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            interactive: contentHeight > height
            clip: true

            ColumnLayout {
                id: column
                width: flick.width
                spacing: Theme.m

                Question {
                    id: title
                    Layout.fillWidth: true
                    text: Shell.words["screen.help_title"] ?? ""
                }
                GridLayout {
                    Layout.fillWidth: true
                    columns: Theme.wide ? 4 : Theme.elder ? 1 : 2
                    columnSpacing: Theme.m
                    rowSpacing: Theme.m
                    uniformCellWidths: true

                    Repeater {
                        model: help.ways
                        delegate: ModeSwitch {
                            required property var modelData
                            Layout.fillWidth: true
                            on: modelData.on
                            iconName: modelData.icon
                            text: Shell.words["screen.mode_" + modelData.mode] ?? ""
                            line: Shell.words["screen.mode_" + modelData.mode + "_line"] ?? ""
                            onClicked: Shell.switchMode(modelData.mode)
                        }
                    }
                }
                RowLayout {
                    Layout.fillWidth: true
                    visible: Reader.offered
                    spacing: Theme.m
                    Icon {
                        Layout.alignment: Qt.AlignTop
                        name: "headphones"
                        role: "water"
                        size: Theme.lead
                    }
                    Say {
                        Layout.fillWidth: true
                        text: Shell.words["screen.help_spoken"] ?? ""
                        font.pixelSize: Theme.label
                    }
                }
                RowLayout {
                    Layout.fillWidth: true
                    visible: Shell.help !== ""
                    spacing: Theme.m
                    Icon {
                        Layout.alignment: Qt.AlignTop
                        name: "phone"
                        role: "water"
                        size: Theme.lead
                    }
                    Say {
                        Layout.fillWidth: true
                        text: Shell.help
                        font.pixelSize: Theme.label
                    }
                }
            }
        }
        BigButton {
            id: close
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; margins: Theme.l }
            height: Theme.bar
            kind: "main"
            iconName: "x"
            text: Shell.words["screen.help_close"] ?? ""
            onClicked: help.opened = false
        }
    }
}
