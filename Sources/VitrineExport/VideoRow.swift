public import VitrineCore

/// What a table says about one video.
public struct VideoRow: Hashable, Sendable, Codable {
    /// Where the paths of a row lead.
    public enum Files: Hashable, Sendable {
        /// To the files as they are on this disk.
        case onDisk
        /// To the copies in a gallery, relative to it.
        case inGallery
    }

    /// The video's identity.
    public var id: VideoID
    /// The product.
    public var product: ProductID
    /// The SKUs that carry the video.
    public var skus: [SKU]
    /// The product's title.
    public var title: String
    /// The preset's name.
    public var preset: String
    /// The shape.
    public var placement: Placement
    /// Who made it.
    public var provider: ProviderID
    /// The provider's model.
    public var model: String
    /// Draft or final.
    public var tier: Tier
    /// Which take of its slot, from 1.
    public var take: Int
    /// What people decided.
    public var state: Video.State
    /// Its measured length in seconds.
    public var seconds: Double
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int
    /// The MP4.
    public var file: String
    /// Its poster.
    public var poster: String
    /// The digest of the MP4's bytes.
    public var sha256: String
    /// The size of the MP4.
    public var bytes: Int
    /// Whether it was made rather than filmed: always.
    public var synthetic: Bool
    /// Its address on the web, where one was given.
    public var url: String?

    /// What there is to say about a video of a product.
    public init(_ exported: ExportedVideo, of product: Product, options: ExportOptions, files: Files) {
        let video = exported.video
        let stem = ExportName.stem(exported, of: product)
        id = video.id
        self.product = product.id
        skus = options.siblings && video.slot.variant == nil ? product.skus : exported.skus
        title = product.title
        preset = video.preset.name
        placement = video.slot.placement
        provider = video.provider
        model = video.model
        tier = video.tier
        take = video.take
        state = video.state
        seconds = (video.clip.seconds * 1000).rounded() / 1000
        width = video.clip.size.width
        height = video.clip.size.height
        file = files == .onDisk ? exported.file : "videos/\(stem).mp4"
        poster = files == .onDisk ? exported.poster : "videos/\(stem).jpg"
        sha256 = video.clip.file.digest.hexadecimal
        bytes = video.clip.file.bytes
        synthetic = true
        url = options.mediaURL?.address(of: exported, of: product)
    }
}
