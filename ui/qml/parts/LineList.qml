pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Nuanting

// Lines with a mark: ok, info, warn, no, step, call, place; or head, the heading of those below it.
ColumnLayout {
    id: list

    property var lines: []
    property int size: Theme.body
    property bool process: false  // the lines are steps of something that is being done

    function iconOf(mark: string): string {
        return mark === "ok" ? "circle-check" : mark === "warn" ? "alert-triangle" : mark === "no" ? "circle-x"
             : mark === "step" ? "circle-dot" : mark === "call" ? "phone" : mark === "place" ? "map-pin" : "point"
    }
    function roleOf(mark: string): string {
        return mark === "ok" ? "jade" : mark === "warn" ? "amberInk" : mark === "no" ? "faultInk"
             : mark === "step" ? "seal" : mark === "call" || mark === "place" ? "water" : "soft"
    }

    // What the mark says to who does not see it.
    function wordOf(mark: string): string {
        return !list.process ? "" : (mark === "ok" ? Shell.words["screen.mark_ok"] : mark === "step" ? Shell.words["screen.mark_step"]
              : "") ?? ""
    }

    spacing: Theme.m

    Repeater {
        model: list.lines
        delegate: RowLayout {
            id: line
            required property var modelData
            required property int index
            Layout.fillWidth: true
            Layout.topMargin: modelData.mark === "head" && index > 0 ? Theme.m : 0
            spacing: Theme.m

            Icon {
                visible: line.modelData.mark !== "head"
                Layout.alignment: Qt.AlignTop
                Layout.topMargin: Theme.xs
                name: list.iconOf(line.modelData.mark)
                role: list.roleOf(line.modelData.mark)
                size: Math.round(list.size * Theme.leading * 1.2)
            }
            Say {
                Layout.fillWidth: true
                text: line.modelData.text
                Accessible.description: list.wordOf(line.modelData.mark)
                font.pixelSize: list.size
                font.bold: line.modelData.mark === "step" || line.modelData.mark === "head"
            }
        }
    }
}
