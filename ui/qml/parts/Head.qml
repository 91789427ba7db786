import QtQuick
import QtQuick.Layouts
import Nuanting

// Always the same, always there: whose house this is, what time it is, and the two switches.
Item {
    id: head

    property bool night: false

    implicitHeight: Math.max(Theme.bar, names.implicitHeight + Theme.m)

    RowLayout {
        anchors { fill: parent; leftMargin: Theme.xl; rightMargin: Theme.xl }
        spacing: Theme.m

        Image {
            id: mark
            Layout.preferredWidth: Theme.touch - Theme.m
            Layout.preferredHeight: Theme.touch - Theme.m
            sourceSize: Qt.size(Theme.touch - Theme.m, Theme.touch - Theme.m)
            source: "image://drawing/mark/" + Theme.scheme
            Accessible.ignored: true
        }
        ColumnLayout {
            id: names
            Layout.fillWidth: true
            spacing: 0

            Say {
                Layout.fillWidth: true
                text: Shell.place
                color: head.night ? Theme.nightInk : Theme.ink
                font.pixelSize: Theme.label
                font.bold: true
                lineHeight: 1
                // On one line: smaller where it must be, shortened where that is not enough.
                maximumLineCount: 1
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: Math.round(Theme.small * 0.9)
                elide: Text.ElideRight
            }
            RowLayout {
                spacing: Theme.m
                Say {
                    text: Shell.clock
                    visible: text !== ""
                    color: head.night ? Theme.nightSoft : Theme.soft
                    font.pixelSize: Theme.small
                }
                Icon {
                    visible: whose.visible
                    name: "user"
                    role: "soft"
                    size: Theme.small
                }
                Say {
                    id: whose
                    readonly property var person: Shell.person
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: person.name ? person.name + "  " + person.number : ""
                    color: head.night ? Theme.nightSoft : Theme.soft
                    font.pixelSize: Theme.small
                }
            }
        }
        HeadButton {
            night: head.night
            iconName: "language"
            text: Shell.words["screen.other_language"] ?? ""
            onClicked: Shell.switchLanguage()
        }
        HeadButton {
            night: head.night
            iconName: "text-size"
            text: (Shell.elder ? Shell.words["screen.normal_type"] : Shell.words["screen.large_type"]) ?? ""
            onClicked: Shell.switchElder()
        }
    }
}
