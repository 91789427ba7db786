pragma ComponentBehavior: Bound
import QtQuick
import Nuanting
import "../parts"

// The candidates, or the words that stand ready, of one page in `rows` rows. The cells are made once and take over what the page says.
Item {
    id: cells

    required property int rows
    required property int keyHeight
    property bool active: true
    readonly property int glyph: Theme.lead
    // Asked for once a page: each asking makes the whole list anew.
    readonly property var page: !active ? [] : Keyboard.composing ? Keyboard.cells : Keyboard.ready
    readonly property int across: Math.ceil(width / (Theme.touch + Theme.s))

    Repeater {
        model: cells.rows * Math.max(1, cells.across)
        delegate: Touch {
            id: cell
            required property int index
            readonly property var told: cells.page[index]
            readonly property bool first: told !== undefined && told.number === 0 && Keyboard.composing

            x: told?.left ?? 0
            y: (told?.row ?? 0) * (cells.keyHeight + Theme.s)
            implicitWidth: told?.width ?? 0
            implicitHeight: cells.keyHeight
            visible: told !== undefined && told.row < cells.rows
            text: told?.text ?? ""
            focusPolicy: Qt.NoFocus
            onClicked: Keyboard.pick(told.number)
            background: Rectangle {
                radius: Theme.round
                color: cell.pressed ? Theme.pressed : cell.first ? Theme.sealGround : Theme.card
                border.width: Theme.hair
                border.color: cell.first ? Theme.seal : Theme.border
            }
            contentItem: Item {
                Say {
                    anchors.centerIn: parent
                    width: parent.width - Theme.s
                    horizontalAlignment: Text.AlignHCenter
                    text: cell.text
                    color: cell.first ? Theme.seal : Theme.ink
                    font.pixelSize: cells.glyph
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: Theme.hair
                    wrapMode: Text.NoWrap
                    lineHeight: 1
                    Accessible.ignored: true
                }
            }
        }
    }
}
