import CAssets
import VitrineCore

/// A template that travels inside the program.
enum ExportAsset: String {
    case page = "gallery.mustache"
    case style = "gallery.css"
    case script = "gallery.js"
    case compare = "compare.mustache"
    case compareStyle = "compare.css"

    /// Its text.
    var text: String {
        let wanted = "Sources/VitrineExport/Templates/" + rawValue
        var index = 0
        while let asset = vitrine_asset_at(index) {
            if String(cString: asset.pointee.name) == wanted {
                return String(
                    decoding: UnsafeBufferPointer(start: asset.pointee.bytes, count: asset.pointee.count),
                    as: UTF8.self
                )
            }
            index += 1
        }
        preconditionFailure("`\(wanted)` is among the files that travel inside the program")
    }
}
