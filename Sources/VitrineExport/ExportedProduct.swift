// VitrineExport: products and their videos as bytes: gallery, tables, channel feeds, the merchant's own file back.
// It reads no storage, asks no network, and copies no video: it names the files that go where.
// The export command and the HTTP service call it with values that they filled.

public import VitrineCore

/// A file on this disk that goes into an export.
public struct ExportedFile: Hashable, Sendable {
    /// Where it is.
    public var path: String
    /// The digest of its bytes, by which its copy is named.
    public var digest: Digest
    /// What it is: `jpg`, `png`, `webp`.
    public var kind: String
    /// Its upright size.
    public var size: PixelSize

    /// A file on disk.
    public init(path: String, digest: Digest, kind: String, size: PixelSize) {
        self.path = path
        self.digest = digest
        self.kind = kind
        self.size = size
    }
}

/// A video with what an export says about it.
public struct ExportedVideo: Hashable, Sendable {
    /// The video.
    public var video: Video
    /// What the model was told.
    public var prompt: String
    /// The SKUs of the variants that it shows.
    public var skus: [SKU]
    /// The keys of the variants that it shows; only they carry it, unless siblings are asked for.
    public var variantsShown: [String]
    /// Where the MP4 is on this disk.
    public var file: String
    /// Where its poster is on this disk.
    public var poster: String

    /// A video with its files.
    public init(video: Video, prompt: String, skus: [SKU], variantsShown: [String], file: String, poster: String) {
        self.video = video
        self.prompt = prompt
        self.skus = skus
        self.variantsShown = variantsShown
        self.file = file
        self.poster = poster
    }
}

/// A product with everything that an export may show of it.
public struct ExportedProduct: Hashable, Sendable {
    /// The product.
    public var product: Product
    /// Its source picture.
    public var picture: ExportedFile?
    /// The preset that it gets.
    public var preset: String?
    /// All its videos, all takes.
    public var videos: [ExportedVideo]
    /// Why it has no video, in words.
    public var note: String?

    /// A product and its videos.
    public init(
        product: Product,
        picture: ExportedFile? = nil,
        preset: String? = nil,
        videos: [ExportedVideo] = [],
        note: String? = nil
    ) {
        self.product = product
        self.picture = picture
        self.preset = preset
        self.videos = videos
        self.note = note
    }

    /// The videos to show: of each slot the chosen take, else the newest that is neither rejected nor quarantined,
    /// in the order of their slots.
    public func shown(_ options: ExportOptions) -> [ExportedVideo] {
        let wanted = videos.filter { exported in
            (options.placements.isEmpty || options.placements.contains(exported.video.slot.placement))
                && (!options.approvedOnly || exported.video.state == .approved)
        }
        return Dictionary(grouping: wanted) { $0.video.slot }
            .sorted { $0.key < $1.key }
            .compactMap { _, takes in
                let video = takes.map(\.video).shown
                return takes.first { $0.video.id == video?.id }
            }
    }
}

/// A file of an export: where it goes and what is in it.
public struct ExportFile: Hashable, Sendable {
    /// What a file is made of.
    public enum Contents: Hashable, Sendable {
        /// These bytes.
        case bytes([UInt8])
        /// A copy of the file at that path.
        case copy(of: String)
    }

    /// Where it goes, relative to the output, with `/` between folders.
    public var path: String
    /// What is in it.
    public var contents: Contents

    /// A file of an export.
    public init(path: String, contents: Contents) {
        self.path = path
        self.contents = contents
    }
}
