import QtQuick
import QtQuick.Layouts
import Nuanting

// Always the same, always there: whose house this is, what time it is, and the switches.
Item {
    id: head

    property bool night: false
    property bool stacked: false  // on wide glass it is a column at the left
    readonly property var person: Shell.person
    readonly property color ink: night ? Theme.nightInk : Theme.ink
    readonly property color soft: night ? Theme.nightSoft : Theme.soft
    readonly property int edge: stacked ? Theme.l : Theme.xl

    signal helpWanted()

    implicitHeight: grid.implicitHeight + Theme.m * 2

    GridLayout {
        id: grid
        x: head.edge
        y: Theme.m
        width: head.width - head.edge * 2
        columns: head.stacked ? 1 : 2
        columnSpacing: Theme.m
        rowSpacing: Theme.l

        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.m

            Image {
                Layout.preferredWidth: Theme.xl + Theme.s
                Layout.preferredHeight: Theme.xl + Theme.s
                sourceSize: Qt.size(Theme.xl + Theme.s, Theme.xl + Theme.s)
                source: "image://drawing/mark/" + Theme.scheme
                Accessible.ignored: true
            }
            ColumnLayout {
                Layout.fillWidth: true
                spacing: 0

                Say {
                    Layout.fillWidth: true
                    text: Shell.place
                    color: head.ink
                    font.pixelSize: Theme.label
                    font.bold: true
                    lineHeight: 1
                    // Smaller where it must be, shortened where that is not enough.
                    maximumLineCount: head.stacked ? 3 : Shell.language === "zh" ? 1 : 2
                    fontSizeMode: maximumLineCount === 1 ? Text.HorizontalFit : Text.Fit
                    minimumPixelSize: Math.round(Theme.small * 0.9)
                    elide: Text.ElideRight
                }
                RowLayout {
                    spacing: Theme.s
                    Say {
                        text: Shell.clock
                        visible: text !== ""
                        color: head.soft
                        font.pixelSize: Theme.small
                    }
                    Say {
                        Layout.fillWidth: true
                        visible: text !== "" && !head.stacked
                        text: head.person.name && !Shell.covered ? head.person.name + "  " + head.person.number : ""
                        secret: "person"
                        color: head.soft
                        font.pixelSize: Theme.small
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: Math.round(Theme.small * 0.8)
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }
        Grid {
            Layout.alignment: head.stacked ? Qt.AlignLeft : Qt.AlignRight
            columns: head.stacked && Shell.elder ? 2 : 4
            spacing: Theme.s

            HeadButton {
                visible: !!head.person.name
                night: head.night
                on: Shell.covered
                iconName: Shell.covered ? "eye" : "eye-off"
                text: (Shell.covered ? Shell.words["screen.uncover"] : Shell.words["screen.cover"]) ?? ""
                onClicked: Shell.switchMode("hidden")
            }
            HeadButton {
                night: head.night
                iconName: "language"
                text: Shell.words["screen.other_language"] ?? ""
                onClicked: Shell.switchLanguage()
            }
            HeadButton {
                night: head.night
                on: Shell.elder && !head.night
                iconName: "text-size"
                text: (Shell.elder ? Shell.words["screen.normal_type"] : Shell.words["screen.large_type"]) ?? ""
                onClicked: Shell.switchElder()
            }
            HeadButton {
                night: head.night
                iconName: "help-circle"
                text: Shell.words["screen.help"] ?? ""
                onClicked: head.helpWanted()
            }
        }
        Column {
            Layout.fillWidth: true
            visible: head.stacked && !!head.person.name && !Shell.covered
            Say {
                width: parent.width
                text: head.person.name ?? ""
                secret: "person"
                font.pixelSize: Theme.label
                font.bold: true
            }
            Say {
                width: parent.width
                text: head.person.number ?? ""
                secret: "person"
                color: head.soft
                font.pixelSize: Theme.small
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Math.round(Theme.small * 0.7)
                wrapMode: Text.NoWrap
            }
        }
    }
}
