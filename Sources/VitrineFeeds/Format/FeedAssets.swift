import CAssets

/// The files of this room that travel inside the program.
enum FeedAssets {
    /// The shipped profiles, by file name.
    static func profiles() -> [(name: String, text: String)] {
        var files: [(name: String, text: String)] = []
        var index = 0
        while let asset = vitrine_asset_at(index)?.pointee {
            index += 1
            let name = String(cString: asset.name)
            guard name.hasPrefix("Sources/VitrineFeeds/Profiles/") else { continue }
            let bytes = UnsafeBufferPointer(start: asset.bytes, count: asset.count)
            files.append((name, String(decoding: bytes, as: UTF8.self)))
        }
        return files.sorted { $0.name < $1.name }
    }
}
