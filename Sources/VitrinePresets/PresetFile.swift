import CAssets
import Foundation

/// One file of presets, styles or categories, as the user sees it.
public struct PresetFile: Hashable, Sendable {
    /// Its path, as diagnostics name it.
    public var name: String
    /// What stands in it.
    public var text: String

    /// A file and its text.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The files of `presets/` that travel inside the program, by name.
    public static let shipped: [PresetFile] = {
        var files: [PresetFile] = []
        var index = 0
        while let asset = vitrine_asset_at(index) {
            let name = String(cString: asset.pointee.name)
            if name.hasPrefix("presets/"), name.hasSuffix(".yaml") {
                let bytes = UnsafeBufferPointer(start: asset.pointee.bytes, count: asset.pointee.count)
                files.append(PresetFile(name: name, text: String(decoding: bytes, as: UTF8.self)))
            }
            index += 1
        }
        return files
    }()
}
