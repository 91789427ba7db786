import QtQuick
import QtQuick.Layouts
import Nuanting
import "../parts"

// How it went, and the number to keep.
WorkPage {
    id: page

    RowLayout {
        Layout.fillWidth: true
        Layout.topMargin: Theme.l
        spacing: Theme.l
        Rectangle {
            Layout.preferredWidth: Theme.xxl
            Layout.preferredHeight: Theme.xxl
            Layout.alignment: Qt.AlignTop
            radius: width / 2
            color: ResultScreen.good ? Theme.jade : Theme.amberGround
            Icon {
                anchors.centerIn: parent
                name: ResultScreen.good ? "check" : "info-circle"
                role: ResultScreen.good ? "onSeal" : "amberInk"
                size: Theme.xl + Theme.m
            }
        }
        Say {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            text: ResultScreen.title
            font.pixelSize: Theme.title
            font.bold: true
            Accessible.role: Accessible.Heading
        }
    }
    Card {
        Layout.fillWidth: true
        visible: ResultScreen.number !== ""
        implicitHeight: numbers.implicitHeight + Theme.l * 2
        ColumnLayout {
            id: numbers
            anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.l }
            spacing: Theme.s
            Say {
                Layout.fillWidth: true
                text: ResultScreen.caption
                color: Theme.soft
                Accessible.ignored: true
            }
            Say {
                Layout.fillWidth: true
                text: ResultScreen.number
                secret: "line"
                Accessible.name: ResultScreen.caption
                Accessible.description: text
                font.pixelSize: Theme.question
                font.bold: true
                wrapMode: Text.WrapAnywhere
            }
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columns: Theme.wide && slip.visible ? 2 : 1
        columnSpacing: Theme.xl
        rowSpacing: Theme.l
        LineList {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignTop
            lines: ResultScreen.lines
            size: Theme.lead
            spacing: Theme.l
        }
        SlipPicture {
            id: slip
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredWidth: Math.round(Math.max(Theme.xxl * 3, Math.min(page.width - page.edge * 2, page.height * (Theme.wide ? 0.54 : 0.5) / ratio)))
            name: ResultScreen.picture
        }
    }
    ChoiceList { Layout.fillWidth: true }
}
