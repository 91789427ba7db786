pragma ComponentBehavior: Bound
import QtQuick
import Nuanting

// This terminal's front as it stands before the person, with the place lit where a hand is needed now. What is laid
// there comes and lies down; what comes out comes out; without motion it is shown where it ends, with an arrow.
Item {
    id: front

    property string spot
    property int door: 0
    property bool open: false
    property bool taking: false        // what lies there is to be taken away
    readonly property bool beside: Front.doors > 0
    readonly property int foot: 60     // millimetres of plinth under the front
    readonly property int spread: 40   // how far the plinth stands out on each side
    readonly property int between: 90  // from the front to the cabinet
    readonly property int across: Front.wide + spread * 2 + (beside ? between - spread + Front.cabinetWide : 0)
    readonly property int upright: Math.max(Front.tall, beside ? Front.cabinetTall : 0) + foot
    readonly property real unit: Math.min(width / across, height / upright)
    readonly property var places: ({
        "card": Front.card, "code": Front.code, "slip": Front.slip, "pages": Front.pages,
        "locker": Qt.rect(cabinet.x, cabinet.y, cabinet.width, cabinet.height)
    })
    readonly property rect place: places[spot] ?? Qt.rect(0, 0, 0, 0)
    readonly property bool lit: place.width > 0 && (spot !== "locker" || beside)
    readonly property bool comesOut: spot === "slip" || spot === "pages"

    implicitHeight: Math.round(width * upright / across)
    Accessible.role: Accessible.Graphic
    Accessible.name: Shell.words["screen.spot_" + (front.lit ? front.spot : "none")] ?? ""

    Item {
        id: ground
        anchors.centerIn: parent
        width: Math.round(front.across * front.unit)
        height: Math.round(front.upright * front.unit)

        Rectangle {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: Theme.xs
            color: Theme.border
        }
        Cabinet {
            id: cabinet
            visible: front.beside
            x: Front.cabinetLeft ? 0 : ground.width - width
            y: ground.height - height - Math.round(front.foot * front.unit * 0.4)
            width: Math.round(Front.cabinetWide * front.unit)
            height: Math.round(Front.cabinetTall * front.unit)
            door: front.spot === "locker" ? front.door : 0
            open: front.open
        }
        Rectangle {
            x: body.x - Math.round(front.spread * front.unit)
            y: body.y + body.height - Theme.s
            width: body.width + Math.round(front.spread * front.unit) * 2
            height: ground.height - y
            topLeftRadius: Theme.m
            topRightRadius: Theme.m
            color: Theme.sunk
            border.width: Theme.s
            border.color: Theme.ink
        }
        Rectangle {
            id: body
            x: Math.round(front.spread * front.unit) + (Front.cabinetLeft && front.beside ? ground.width - Math.round((Front.wide + front.spread * 2) * front.unit) : 0)
            y: ground.height - Math.round((Front.tall + front.foot) * front.unit)
            width: Math.round(Front.wide * front.unit)
            height: Math.round(Front.tall * front.unit)
            radius: Math.round(width * 0.06)
            color: Theme.card
            border.width: Theme.s
            border.color: Theme.ink

            FrontPlace {
                unit: front.unit
                place: Front.screen
                color: Theme.paper
                edge: Theme.s
                Rectangle {
                    id: floor
                    anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: Math.round(parent.height * 0.14) }
                    width: Math.round(parent.width * 0.56)
                    height: Theme.xs
                    color: Theme.seal
                }
                Rectangle {
                    anchors { horizontalCenter: parent.horizontalCenter; bottom: floor.top }
                    width: Math.round(parent.width * 0.34)
                    height: Math.round(Math.min(parent.height * 0.48, width * 1.4))
                    topLeftRadius: width / 2
                    topRightRadius: width / 2
                    color: Theme.glow
                    border.width: Theme.xs
                    border.color: Theme.seal
                }
            }
            FrontPlace {
                unit: front.unit
                place: Front.camera
                round: true
                color: Theme.night
            }
            FrontPlace {
                id: keys
                unit: front.unit
                place: Front.keypad
                Grid {
                    anchors.centerIn: parent
                    columns: 3
                    spacing: Math.max(1, Math.round(keys.height * 0.08))
                    Repeater {
                        model: 9
                        delegate: Rectangle {
                            width: Math.max(Theme.hair, Math.round(Math.min(keys.height, keys.width) * 0.2))
                            height: width
                            radius: width / 4
                            color: Theme.border
                        }
                    }
                }
            }
            FrontPlace {
                unit: front.unit
                place: Front.card
                lit: front.spot === "card"
                Rectangle {
                    anchors.centerIn: parent
                    width: Math.round(parent.width * 0.62)
                    height: Math.round(parent.height * 0.58)
                    radius: Theme.xs
                    color: "transparent"
                    border.width: Theme.stroke
                    border.color: Theme.border
                }
            }
            FrontPlace {
                unit: front.unit
                place: Front.code
                color: Theme.night
                lit: front.spot === "code"
                Rectangle {
                    anchors.centerIn: parent
                    width: Math.round(parent.width * 0.6)
                    height: Theme.stroke
                    color: Theme.lamp
                }
            }
            FrontPlace {
                id: mouth
                unit: front.unit
                place: Front.slip
                lit: front.spot === "slip"
                Rectangle {
                    anchors.centerIn: parent
                    width: Math.round(parent.width * 0.74)
                    height: Theme.xs
                    color: Theme.ink
                }
            }
            FrontPlace {
                unit: front.unit
                place: Front.pages
                lit: front.spot === "pages"
                Rectangle {
                    anchors.centerIn: parent
                    width: Math.round(parent.width * 0.84)
                    height: Theme.xs
                    color: Theme.ink
                }
            }
        }
        ComingThing {
            visible: front.lit && front.spot !== "locker"
            kind: front.spot
            taking: front.taking
            target: Qt.rect(body.x + Math.round(front.place.x * front.unit), body.y + Math.round(front.place.y * front.unit),
                            Math.round(front.place.width * front.unit), Math.round(front.place.height * front.unit))
        }
        Rectangle {
            visible: front.lit && front.spot === "locker" && front.door === 0
            anchors { fill: cabinet; margins: -Theme.s }
            radius: Theme.radius
            color: "transparent"
            border.width: Theme.s
            border.color: Theme.seal
        }
    }
}
