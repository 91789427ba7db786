import QtQuick
import QtQuick.Layouts
import Nuanting

// A sentence that matters, with a mark: "wait", "fault", "good", "info". Never colour alone.
Rectangle {
    id: notice

    property string mark: "info"
    property alias text: words.text
    property alias bold: words.font.bold
    property int size: Theme.body
    readonly property string role: mark === "wait" ? "amberInk" : mark === "fault" ? "faultInk"
                                 : mark === "good" ? "jade" : "water"

    implicitHeight: row.implicitHeight + Theme.m * 2
    visible: text !== ""
    radius: Theme.radius
    color: mark === "wait" ? Theme.amberGround : mark === "fault" ? Theme.faultGround
         : mark === "good" ? Theme.jadeGround : Theme.waterGround

    RowLayout {
        id: row
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: Theme.m }
        spacing: Theme.m

        Icon {
            Layout.alignment: Qt.AlignTop
            Layout.topMargin: Theme.xs
            name: notice.mark === "wait" ? "hourglass" : notice.mark === "fault" ? "alert-triangle"
                : notice.mark === "good" ? "circle-check" : "info-circle"
            role: notice.role
            size: Math.round(notice.size * Theme.leading * 1.2)
        }
        Say {
            id: words
            Layout.fillWidth: true
            font.pixelSize: notice.size
            color: notice.mark === "wait" ? Theme.amberInk : notice.mark === "fault" ? Theme.faultInk
                 : notice.mark === "good" ? Theme.jade : Theme.water
        }
    }
}
