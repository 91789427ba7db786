import QtQuick
import Nuanting

// A line icon in a colour role; as tall as the type it stands beside unless told otherwise.
Image {
    property string name
    property string role: "ink"
    property int size: Theme.lead

    width: size
    height: size
    sourceSize: Qt.size(size, size)
    source: name === "" ? "" : "image://icon/" + name + "/" + role + "/" + Theme.scheme
    smooth: true
    Accessible.ignored: true
}
